import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The browser to drive: CHROMIUM_PATH, one of the system, or the one Playwright downloaded; null when there is none. */
export function findChromium(): string | null {
  const wanted = process.env.CHROMIUM_PATH
  if (wanted) return existsSync(wanted) ? wanted : null
  return [...PLACES, chromium.executablePath()].find((path) => existsSync(path)) ?? null
}

/** Starts a headless Chromium that does nothing on its own account. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath)
    throw new Error('没有找到 Chromium,请设置 CHROMIUM_PATH。 No Chromium was found: set CHROMIUM_PATH.')
  return chromium.launch({
    executablePath,
    // Files with Chinese names are called "download" where the locale cannot spell them.
    env: { ...(process.env as Record<string, string>), LC_ALL: 'C.UTF-8' },
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      '--disable-dev-shm-usage',
    ],
  })
}

/**
 * Dialogs are there at once: a click on one that still grows out of the place that was tapped may go nowhere on a busy
 * machine. Menus keep their motion, without which they are first drawn elsewhere.
 */
const DIALOGS_AT_ONCE = `
  const style = document.createElement('style')
  style.textContent = '.ant-zoom-appear, .ant-zoom-enter, .ant-zoom-leave { animation-duration: 1ms !important }'
  document.addEventListener('DOMContentLoaded', () => document.head.append(style))`

async function open(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  await context.addInitScript(DIALOGS_AT_ONCE)
  return context
}

const CHINESE: BrowserContextOptions = { locale: 'zh-CN', timezoneId: 'Asia/Shanghai' }

/** A buyer's phone: 390×844 at two pixels per point, with touch. */
export function phone(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return open(browser, {
    ...CHINESE,
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    ...options,
  })
}

/** A merchant's screen: 1280×800. */
export function desktop(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return open(browser, { ...CHINESE, viewport: { width: 1280, height: 800 }, ...options })
}

/** The screen of a member of staff who has signed in at `url`. */
export async function staffDesktop(
  browser: Browser,
  { url, cookies }: { url: string; cookies: ReadonlyMap<string, string> },
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await desktop(browser, options)
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url, httpOnly: true })))
  return context
}

/** Chromium's own authenticator in software: a phone or laptop with a fingerprint reader. */
export async function withFingerprint(page: Page) {
  const chrome = await page.context().newCDPSession(page)
  await chrome.send('WebAuthn.enable')
  const { authenticatorId } = await chrome.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    finger: (isUserVerified: boolean) => chrome.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  }
}
