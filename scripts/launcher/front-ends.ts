import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { EngineError, type Log, tailLines } from '../../packages/engines/src/index.ts'

interface FrontEnd {
  workspace: string
  folder: string
  /** What its build depends on, besides the lockfile. */
  sources: string[]
}

const SHARED = ['packages/contract', 'packages/tracker']
const FRONT_ENDS: FrontEnd[] = [
  { workspace: '@zhanggui/console', folder: 'apps/console', sources: ['apps/console', ...SHARED] },
  { workspace: '@zhanggui/storefront', folder: 'apps/storefront', sources: ['apps/storefront', ...SHARED] },
]
/** `mini` is the mini program's: a package that is built by itself. */
const NOT_SOURCES = new Set(['node_modules', 'dist', 'coverage', '.git', 'mini'])

/**
 * Builds the console and the storefront when their sources have changed since the last build here; a workspace
 * without a build script is left out.
 * @throws EngineError START_FAILED with the end of the build's output
 */
export async function buildFrontEnds(root: string, log: Log, signal?: AbortSignal): Promise<void> {
  await Promise.all(FRONT_ENDS.map((frontEnd) => buildOne(root, frontEnd, log, signal)))
}

async function buildOne(root: string, frontEnd: FrontEnd, log: Log, signal?: AbortSignal): Promise<void> {
  const manifest = join(root, frontEnd.folder, 'package.json')
  if (!existsSync(manifest)) return
  const { scripts } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: Record<string, string> }
  if (!scripts?.build) return
  const cache = join(root, 'node_modules', '.cache', 'zhanggui')
  const stamp = join(cache, `${frontEnd.workspace.split('/')[1]}.hash`)
  const wanted = hashSources(root, frontEnd)
  const isBuilt = existsSync(join(root, frontEnd.folder, 'dist'))
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  const startedAt = performance.now()
  log(`构建 ${frontEnd.workspace} … building`)
  await npmRun(root, frontEnd.workspace, signal)
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, wanted)
  log(`构建 ${frontEnd.workspace} 完成 built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function hashSources(root: string, frontEnd: FrontEnd): string {
  const hash = createHash('sha256')
  for (const folder of frontEnd.sources) hashFolder(join(root, folder), root, hash)
  for (const file of ['package-lock.json', 'tsconfig.base.json'])
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function hashFolder(folder: string, root: string, hash: ReturnType<typeof createHash>): void {
  if (!existsSync(folder)) return
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !NOT_SOURCES.has(entry.name)) hashFolder(path, root, hash)
    else if (entry.isFile()) hash.update(relative(root, path)).update(readFileSync(path))
  }
}

function npmRun(root: string, workspace: string, signal?: AbortSignal): Promise<void> {
  const script = process.env.npm_execpath
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []]
  const env = { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) }
  return new Promise((done, fail) => {
    let output = ''
    const child = spawn(command, [...first, 'run', 'build', '-w', workspace], {
      cwd: root,
      env,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && process.platform === 'win32',
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString('utf8')).slice(-20_000)
      })
    child.once('error', fail)
    child.once('close', (code) => {
      if (code === 0) return done()
      const text = tailLines(output, 25)
      fail(new EngineError('START_FAILED', `${workspace} 构建失败。`, `The build of ${workspace} failed:\n${text}`))
    })
  })
}
