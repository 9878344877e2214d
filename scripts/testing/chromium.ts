import { findChromium } from '../../tests/support/browser.ts'
import { run, runCommand } from './command.ts'

const PACKAGES = ['chromium', 'fonts-noto-cjk']

/**
 * A Chromium for the browser tests: CHROMIUM_PATH, one that is installed, else the system's package manager (as root
 * or with password-less sudo), else Playwright's own download.
 * @throws when none can be had, with what to set
 */
export async function ensureChromium(): Promise<string> {
  const found = findChromium()
  if (found) return found
  if (process.env.CHROMIUM_PATH)
    throw new Error(`CHROMIUM_PATH=${process.env.CHROMIUM_PATH}:没有这个文件。 There is no such file.`)
  console.log('没有找到浏览器,正在安装 Chromium … No browser was found; installing Chromium …')
  for (const attempt of [installWithApt, installWithPlaywright]) {
    await attempt()
    const path = findChromium()
    if (path) return path
  }
  throw new Error(
    '无法安装 Chromium。请手动安装后设置 CHROMIUM_PATH。 Chromium could not be installed: install one and set CHROMIUM_PATH.',
  )
}

async function installWithApt(): Promise<void> {
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...args: string[]) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args]
    return run(command!, rest, { DEBIAN_FRONTEND: 'noninteractive' })
  }
  const install = () => apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES)
  if (process.platform !== 'linux' || (await apt('--version')) !== 0) return
  if ((await install()) !== 0 && (await apt('update', '-qq')) === 0) await install()
}

async function installWithPlaywright(): Promise<void> {
  await runCommand('playwright-core', ['install', 'chromium'])
}
