import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Rules of WCAG 2.2 A and AA, and what axe's makers hold to be good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const GRAVE = ['serious', 'critical']
const MOST_NODES = 4
/**
 * Runs in the page: ends every movement that has an end, once the styles it starts from are in force. Where a colour is
 * inherited, each ending starts the next movement further down, so it looks until nothing moves in two frames.
 */
const SETTLE = `new Promise((done) => {
  let [calm, frames] = [0, 0]
  const look = () => {
    const moving = document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity)
    const running = moving.filter((each) => each.playState !== 'finished')
    for (const each of running) each.finish()
    calm = running.length === 0 ? calm + 1 : 0
    if (calm === 2 || ++frames === 120) done()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})`

/**
 * Runs axe-core on the page as it stands and answers what is serious or critical, in words: empty is good. `rules`: only
 * these. The page's content policy does not matter, since the script is not the page's own. (UX-02)
 */
export async function axeTroubles(page: Page, rules?: readonly string[]): Promise<string[]> {
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: TAGS }
  // colours on their way to other colours are nobody's design
  await page.evaluate(SETTLE)
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(runOnly)} })`,
  )
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .map(({ id, help, nodes }) => {
      const where = nodes.slice(0, MOST_NODES).map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`)
      return `${new URL(page.url()).pathname} ${id}: ${help} — ${where.join(' | ')}`
    })
}
