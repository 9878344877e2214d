import lighthouse from 'lighthouse'
import { chromium } from 'playwright-core'
import { freePort } from '../../packages/engines/src/index.ts'
import { findChromium } from '../../tests/support/browser.ts'

const CATEGORIES = ['accessibility', 'best-practices'] as const

/** Lighthouse's scores of a page on a phone, 0 to 100; what is missing from them is printed. */
export async function lighthouseScores(url: string): Promise<Record<string, number>> {
  const port = await freePort()
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium was found: set CHROMIUM_PATH')
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--headless=new', '--disable-gpu', `--remote-debugging-port=${port}`],
  })
  try {
    const result = await lighthouse(url, {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: [...CATEGORIES],
      throttlingMethod: 'provided',
    })
    if (!result) throw new Error(`Lighthouse has nothing to say of ${url}`)
    const { categories, audits } = result.lhr
    for (const category of Object.values(categories))
      for (const { id, weight } of category.auditRefs) {
        const { score, title } = audits[id]!
        if (weight > 0 && score !== null && score < 1) console.log(`  ${category.id}: ${title} (${score})`)
      }
    return Object.fromEntries(Object.values(categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]))
  } finally {
    await browser.close()
  }
}
