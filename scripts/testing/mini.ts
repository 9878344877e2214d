import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runCommand } from './command.ts'
import { type StageResult, vitestStage } from './vitest.ts'

const MINI = join(ROOT, 'apps/storefront/mini')
const LOCKFILE = join(MINI, 'package-lock.json')
const STAMP = join(MINI, 'node_modules/.zhanggui-install')
const QUIET = ['--loglevel=error', '--no-progress', '--no-fund', '--no-audit']
const LAST_OUTPUT = 8_000

/**
 * The mini program, a package of its own: installed when it is not, built, type-checked, and driven in a stand-in for
 * WeChat against a real shop. Build and type check count as one test each.
 */
export async function miniStage(args: readonly string[]): Promise<Omit<StageResult, 'name' | 'durationMs'>> {
  if (!(await installMini()) || !(await build())) return { passed: 0, failed: 1, skipped: [] }
  const isTyped = (await runCommand('tsc', ['-p', MINI, '--noEmit', '--checkers', '1'])) === 0
  const driven = await vitestStage('mini', args)
  const passed = driven.passed + 1 + (isTyped ? 1 : 0)
  return { passed, failed: driven.failed + (isTyped ? 0 : 1), skipped: driven.skipped }
}

let installing: Promise<boolean> | undefined

/** Installs the package once; begun early it is done beside the first checks, since it mostly waits for the network. */
export function installMini(): Promise<boolean> {
  installing ??= install()
  return installing
}

async function install(): Promise<boolean> {
  const wanted = createHash('sha256').update(readFileSync(LOCKFILE)).update(process.platform).digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return true
  const script = process.env.npm_execpath
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []]
  const isDone = await inMini('安装小程序的依赖 installing the mini program’s packages', command, [
    ...first,
    'ci',
    ...QUIET,
  ])
  if (isDone) writeFileSync(STAMP, wanted)
  return isDone
}

function build(): Promise<boolean> {
  const taro = join(MINI, 'node_modules/@tarojs/cli/bin/taro')
  return inMini('构建小程序 building the mini program', process.execPath, [taro, 'build', '--type', 'weapp'])
}

/** Runs a program in the package's folder. What it wrote is shown only when it failed. */
function inMini(what: string, command: string, args: string[]): Promise<boolean> {
  const startedAt = performance.now()
  console.log(`${what} …`)
  const env = { ...process.env, npm_config_local_prefix: MINI }
  return new Promise((done) => {
    let output = ''
    const child = spawn(command, args, {
      cwd: MINI,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && process.platform === 'win32',
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString('utf8')).slice(-LAST_OUTPUT)
      })
    child.once('error', (error) => {
      output += error.message
      done(false)
    })
    child.once('close', (code) => {
      console.log(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
      if (code !== 0) console.error(output.trimEnd())
      done(code === 0)
    })
  })
}
