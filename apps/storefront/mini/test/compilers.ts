import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'

const MINI = path.join(import.meta.dirname, '..')
/** The built program. */
export const DIST = path.join(MINI, 'dist/weapp')

const LARGEST_OUTPUT_BYTES = 64 * 1024 * 1024

/** Why WeChat's own compilers cannot run here, if so. */
export const NO_COMPILER =
  process.arch === 'x64' && ['linux', 'darwin', 'win32'].includes(process.platform)
    ? undefined
    : `WeChat's compilers are not made for ${process.platform} ${process.arch}`

/** Runs one of WeChat's own compilers; answers what it wrote and what it complained of. */
export function compile(tool: 'wcc' | 'wcsc', args: string[]) {
  const root = path.dirname(createRequire(path.join(MINI, 'package.json')).resolve('miniprogram-compiler/package.json'))
  const folder = { linux: 'linux', darwin: 'mac', win32: 'windows' }[process.platform as 'linux']
  const program = path.join(root, 'bin', folder, process.platform === 'win32' ? `${tool}.exe` : tool)
  if (process.platform !== 'win32') fs.chmodSync(program, 0o755)
  const options = { cwd: DIST, encoding: 'utf8', maxBuffer: LARGEST_OUTPUT_BYTES } as const
  const { status, stdout, stderr } = spawnSync(program, args, options)
  return { status, stdout, complaint: stderr.trim() }
}

/** Files of the built program by how their names end, as WeChat writes their paths. */
export const filesOf = (ending: string): string[] =>
  fs
    .readdirSync(DIST, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? [path.relative(DIST, path.join(entry.parentPath, entry.name))] : []))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.split(path.sep).join('/'))

interface Shown {
  tag?: string
  children?: (Shown | string)[]
}

/** The words that WeChat's compiled templates show for a page's data, in order. */
export function wordsShown(compiled: string, page: string, data: object): string[] {
  const complaints: string[] = []
  const complain = (words: string) => void complaints.push(words)
  const sandbox: Record<string, unknown> = { console: { log: complain, warn: complain, error: complain } }
  sandbox.window = sandbox
  vm.runInNewContext(compiled, sandbox)
  const open = sandbox.$gwx as (path: string) => (data: object) => Shown
  const words: string[] = []
  const collect = (node: Shown | string): void => {
    if (typeof node === 'string') {
      if (node.trim() !== '') words.push(node)
    } else for (const child of node.children ?? []) collect(child)
  }
  collect(open(`${page}.wxml`)(JSON.parse(JSON.stringify(data)) as object))
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  return words
}
