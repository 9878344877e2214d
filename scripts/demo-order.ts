/** `npm run demo:order`: one order from the spreadsheet to the receipt, over HTTP; exit code 1 on any deviation. */
import { ApiError } from '@zhanggui/contract/client'
import { createReport, Deviation } from './demo/report.ts'
import { runningShop, startOwnShop } from './demo/shop.ts'
import { playStory } from './demo/story.ts'

async function main(): Promise<void> {
  const running = await runningShop()
  console.log(running ? `Shop: ${running.url} (running)` : 'No shop is running here; starting one on temporary data …')
  const shop = running ?? (await startOwnShop())
  try {
    await playStory(
      shop,
      createReport((line) => console.log(line)),
    )
  } finally {
    await shop.stop()
  }
}

// Whoever reads along may stop reading; the shop that was started is stopped in any case.
process.stdout.on('error', () => {})
main().catch((error: unknown) => {
  process.exitCode = 1
  if (error instanceof Deviation) console.error(`\nDEVIATION  ${error.message}`)
  else if (error instanceof ApiError)
    console.error(`\nREFUSED  ${error.code} ${error.status}: ${error.message}`, error.body ?? error.cause ?? '')
  else console.error(error)
})
