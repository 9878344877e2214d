import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The Node that runs TypeScript: this one when it is new enough, else the one npm installed for the project. */
export function nodeBinary(): string {
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  try {
    const root = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const path = join(root, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (existsSync(path)) return path
  } catch {
    // the package is not installed
  }
  return process.execPath
}
