// Runs on the Node that happens to be installed (20 or newer) and needs nothing from node_modules.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const MODULES = join(ROOT, 'node_modules')
const LOCKFILE = join(ROOT, 'package-lock.json')
const STAMP = join(MODULES, '.zhanggui-install')
const OLDEST_NODE = 20
const WANTED_NODE = 24

/** Installs what is missing and makes sure that the rest runs on Node 24: returns only there. */
export async function prepare() {
  const major = Number.parseInt(process.versions.node, 10)
  if (major < OLDEST_NODE) {
    fail(
      `当前的 Node 是 ${process.version},需要 ${OLDEST_NODE} 或更新(https://nodejs.org)。`,
      `This is Node ${process.version}; ${OLDEST_NODE} or newer is needed (https://nodejs.org).`,
    )
  }
  await installIfNeeded()
  if (major < WANTED_NODE) await runAgainWithPinnedNode()
}

async function installIfNeeded() {
  const wanted = wantedState()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === wanted) return
  if (!isInstalled()) await install()
  writeFileSync(STAMP, `${wantedState()}\n`)
}

/** What the installation depends on: the lockfile, or the manifest when there is none. */
function wantedState() {
  const source = existsSync(LOCKFILE) ? LOCKFILE : join(ROOT, 'package.json')
  const platform = `${process.platform}-${process.arch}`
  return createHash('sha256').update(readFileSync(source)).update(platform).digest('hex')
}

/** Whether node_modules holds what the lockfile asks for, also when someone ran `npm install` by hand. */
function isInstalled() {
  const installedList = join(MODULES, '.package-lock.json')
  if (!existsSync(installedList) || !existsSync(LOCKFILE)) return false
  const wanted = JSON.parse(readFileSync(LOCKFILE, 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedList, 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.link || entry.optional || entry.peer || entry.devOptional)
      return true
    return installed[path]?.version === entry.version && existsSync(join(ROOT, path))
  })
}

async function install() {
  const isFirst = !existsSync(MODULES)
  const command = isFirst && existsSync(LOCKFILE) ? 'ci' : 'install'
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  console.log('正在安装依赖,首次约需一两分钟 … Installing dependencies, a minute or two the first time …')
  const ticker = setInterval(() => progress(`  ${seconds()} s`), 1000)
  const { code, output } = await runNpm([command, '--loglevel=error', '--no-progress', '--no-fund', '--no-audit'])
  clearInterval(ticker)
  progress('')
  if (code !== 0) {
    console.error(output.trimEnd())
    fail(
      '依赖安装失败,原因见上。请检查网络与 npm 的 registry 设置后重试。',
      'The installation failed, for the reason above. Check the network and the npm registry setting, then try again.',
    )
  }
  console.log(`依赖已安装,用时 ${seconds()} 秒。 Dependencies installed in ${seconds()} s.`)
}

function progress(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`)
}

/** Runs the npm we were started by, or the one on the PATH. */
function runNpm(args) {
  const script = process.env.npm_execpath
  const [command, all, shell] = script?.endsWith('.js')
    ? [process.execPath, [script, ...args], false]
    : ['npm', args, process.platform === 'win32']
  return new Promise((done) => {
    let output = ''
    const child = spawn(command, all, { cwd: ROOT, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-20_000)
      })
    child.once('error', (error) => done({ code: 1, output: `${output}\n${error.message}` }))
    child.once('close', (code) => done({ code, output }))
  })
}

/** Starts the same command with the project's own Node, passes signals on, and ends as it ends. */
function runAgainWithPinnedNode() {
  const node = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(node)) {
    fail(
      `没有找到项目自带的 Node ${WANTED_NODE}(npm 被设置为不执行安装脚本?)。请安装 Node ${WANTED_NODE},或执行 npm rebuild node。`,
      `The project's own Node ${WANTED_NODE} is missing (is npm told to ignore install scripts?). Install Node ${WANTED_NODE}, or run: npm rebuild node`,
    )
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  onParentGone(() => child.kill('SIGTERM'))
  child.once('error', (error) => fail(`无法运行 ${node}:${error.message}`, `Cannot run ${node}: ${error.message}`))
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
  return new Promise(() => {})
}

/**
 * Calls back once npm, which started us, is gone: npm that is told to end (by a service manager, say) ends its
 * shell and not us.
 */
export function onParentGone(callback) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    callback()
  }, 300)
  timer.unref()
}

/** Prints a sentence in both languages and ends with an error. */
export function fail(zh, en) {
  console.error(`\n${zh}\n${en}\n`)
  process.exit(1)
}
