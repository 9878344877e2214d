/**
 * `npm run screenshots`: walks every screen and keeps a picture of each in `docs/screenshots`, on a phone and a desktop,
 * light and dark, of the demo shop and of an empty one; then plays the story of a first order for the tour.
 *
 *   --only <words>   only pictures whose name has this (a regular expression), several times if wanted; `story` is the story
 *   --running        of the shop that `npm start` runs, instead of one on temporary data
 *   --whole          each page to its end, however long
 *   --out <folder>   somewhere else
 */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { launchBrowser } from '../tests/support/browser.ts'
import { runningShop, startOwnShop } from './demo/shop.ts'
import { type Camera, createCamera, DEVICES } from './screens/camera.ts'
import { furnish, openEmptyShop } from './screens/furnish.ts'
import { writeIndex } from './screens/index-page.ts'
import { playForPictures } from './screens/story.ts'
import { type Walk, walkEmptyShop, walkShop } from './screens/walk-shop.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    running: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
const FOLDER = resolve(values.out ?? join(import.meta.dirname, '../docs/screenshots'))
const wanted = values.only?.map((words) => new RegExp(words))
const isWanted = (name: string) => wanted === undefined || wanted.some((words) => words.test(name))

async function openShop() {
  if (!values.running) {
    console.log('Starting a demo shop on temporary data …')
    return startOwnShop()
  }
  const shop = await runningShop()
  if (!shop) throw new Error('No shop is running: start one with npm start, or leave out --running')
  return shop
}

async function walkAll(camera: Camera): Promise<void> {
  const running = await openShop()
  const browser = await launchBrowser()
  try {
    const stage = await furnish(running)
    const empty = await openEmptyShop(running)
    const walks = DEVICES.map((device): Walk => ({ browser, running, camera, device, wants: isWanted }))
    // Side by side: a walk mostly waits for its pages.
    await Promise.all(
      walks.map(async (walk) => {
        await walkShop(walk, stage)
        await walkEmptyShop(walk, empty)
      }),
    )
    if (isWanted('story')) for (const walk of walks) await playForPictures(walk, stage.shop.slug)
  } finally {
    await browser.close()
    await running.stop()
  }
}

const camera = createCamera(FOLDER, values.whole)
await walkAll(camera)
if (values.only === undefined) {
  const kept = new Set(camera.kept.map((name) => `${name}.webp`))
  for (const name of readdirSync(FOLDER)) if (name.endsWith('.webp') && !kept.has(name)) rmSync(join(FOLDER, name))
}
writeIndex(FOLDER)
const pictures = readdirSync(FOLDER).filter((name) => name.endsWith('.webp'))
const bytes = pictures.reduce((sum, name) => sum + statSync(join(FOLDER, name)).size, 0)
console.log(`${camera.kept.length} pictures taken; ${pictures.length} in ${FOLDER}, ${(bytes / 1e6).toFixed(1)} MB`)
