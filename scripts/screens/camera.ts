import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import { desktop, phone } from '../../tests/support/browser.ts'
import { PHONE_AGENT } from '../../tests/support/clicks.ts'

const MAX_BYTES = 45_000
const QUALITIES = [44, 34, 26]
const QUIET_MS = 10_000
const POLL_MS = 100
const DECODING_MS = 3000
/** WebP knows no higher pictures. */
const HIGHEST_PX = 16_000
/** What is still moving after everything has loaded: charts that draw themselves. */
const MOVING_MS = 350

export const DEVICES = ['phone', 'desktop'] as const
export type Device = (typeof DEVICES)[number]
export const MODES = ['light', 'dark'] as const
export type Mode = (typeof MODES)[number]

/** What the picture of a screen is called. */
export const pictureName = (screen: string, device: Device, mode: Mode = 'light'): string =>
  `${screen}-${device}${mode === 'dark' ? '-dark' : ''}`

/** A window like a buyer's phone, or like a merchant's screen of 1440 × 900. */
export function openWindow(
  browser: Browser,
  device: Device,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const calm = { reducedMotion: 'reduce' as const, ...options }
  if (device === 'phone') return phone(browser, { userAgent: PHONE_AGENT, ...calm })
  return desktop(browser, { viewport: { width: 1440, height: 900 }, ...calm })
}

/** What stands in for content that is on its way. */
const STAND_INS = '.ant-skeleton, .ant-spin-spinning, [aria-busy=true], .zg-skeleton'

/** Runs in the page: fonts are there, and the pictures in sight are decoded, those that come at all. */
const SETTLED = `(async () => {
  await document.fonts.ready
  const isInSight = ({ top, bottom, left, right }) => bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
  const inSight = [...document.images].filter((image) => isInSight(image.getBoundingClientRect()))
  const decoded = Promise.all(inSight.map((image) => image.decode().catch(() => {})))
  await Promise.race([decoded, new Promise((done) => setTimeout(done, ${DECODING_MS}))])
})()`

type Clip = { x: number; y: number; width: number; height: number }
/** Runs in the page: all of it, as far as a picture can go. */
const WHOLE = `({ x: 0, y: 0, width: innerWidth, height: Math.min(document.documentElement.scrollHeight, ${HIGHEST_PX} / devicePixelRatio) })`

/** Waits until an expression is true in the page, or long enough; pages forbid what Playwright's own waiting would use. */
async function comes(page: Page, expression: string): Promise<void> {
  for (const until = Date.now() + QUIET_MS; Date.now() < until; await page.waitForTimeout(POLL_MS))
    if (await page.evaluate<boolean>(expression)) return
}

export interface Camera {
  /** Waits for what is still moving or loading, then keeps a picture of what is in sight. */
  keep(name: string, page: Page): Promise<void>
  /** Names of all pictures that were kept, in order. */
  kept: string[]
}

/** Keeps pictures as WebP in `folder`. `whole`: the page to its end, however long. */
export function createCamera(folder: string, whole = false): Camera {
  mkdirSync(folder, { recursive: true })
  const kept: string[] = []
  return {
    kept,
    async keep(name, page) {
      await comes(page, `document.body.innerText.trim() !== ''`)
      await page.waitForLoadState('networkidle', { timeout: QUIET_MS }).catch(() => {})
      for (const _ of [1, 2]) {
        await comes(page, `!document.querySelector('${STAND_INS}')`)
        await page.waitForTimeout(MOVING_MS)
      }
      for (const frame of page.frames()) await frame.waitForLoadState('load', { timeout: QUIET_MS }).catch(() => {})
      await page.evaluate(SETTLED)
      const clip = whole ? { clip: await page.evaluate<Clip>(WHOLE) } : {}
      const png = await page.screenshot({ animations: 'disabled', fullPage: whole, ...clip })
      const file = join(folder, `${name}.webp`)
      for (const quality of QUALITIES) {
        await sharp(png).webp({ quality, effort: 4 }).toFile(file)
        if (whole || statSync(file).size <= MAX_BYTES) break
      }
      kept.push(name)
    },
  }
}
