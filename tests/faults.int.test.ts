import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DRILLS } from './support/drills/drills.ts'
import type { DrillOptions } from './support/drills/run-drill.ts'

/** `npm run drill -- NAME` runs one of them, larger; without it the quick ones are tests as others are. */
const chosen = process.env.DRILL
const QUICK: DrillOptions = { times: 1, orders: 40 }
const TITLES = {
  'postgres-killed':
    'ORD-02 SYS-01 PostgreSQL is killed under load: nothing acknowledged is lost, nobody is charged for nothing',
  'event-loop-stall': 'ORD-02 SYS-01 the program stands still for five seconds: it goes on, and nothing happens twice',
  'pool-exhausted':
    'ORD-02 SYS-01 every connection is held: buyers are asked to come back, and served once one is free',
}

async function hold(name: string, options: DrillOptions): Promise<void> {
  const report = await DRILLS[name]!.run(options)
  const ok = [report.lost, report.unacknowledged, report.wronglyCharged, report.oversold, report.imbalances].every(
    (count) => count === 0,
  )
  if (process.env.DRILL_REPORT)
    writeFileSync(process.env.DRILL_REPORT, JSON.stringify({ ...report, ok: ok && report.wrong.length === 0 }))
  expect(report).toMatchObject({
    ...{ lost: 0, unacknowledged: 0, wronglyCharged: 0, oversold: 0, imbalances: 0, wrong: [] },
  })
  expect(report.acknowledged).toBeGreaterThan(options.orders * options.times)
}

if (chosen === undefined) for (const [name, title] of Object.entries(TITLES)) test(title, () => hold(name, QUICK))
else test(`ORD-02 SYS-01 ${chosen}`, { timeout: 600_000 }, () => hold(chosen, DRILLS[chosen]!.full))
