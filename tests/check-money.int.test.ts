import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkMoney } from './support/check-money/run.ts'

/** `npm run check:money` runs the same with thousands of orders. */
const orders = Number(process.env.CHECK_MONEY_ORDERS ?? 40)
const kills = Number(process.env.CHECK_MONEY_KILLS ?? 2)
const seed = Number(process.env.CHECK_MONEY_SEED ?? 20_261_111)
const MS_PER_ORDER = 1_500
const START_MS = 120_000

test('PAY-01 PAY-03 PAY-05 whatever buyers, WeChat and crashes do, every buyer is charged once or has it all back', {
  timeout: START_MS + orders * MS_PER_ORDER,
}, async () => {
  const { wrong, ...report } = await checkMoney({ orders, kills, seed, atOnce: 16 })
  if (process.env.CHECK_MONEY_REPORT)
    writeFileSync(process.env.CHECK_MONEY_REPORT, JSON.stringify({ ...report, wrong }))
  expect(wrong).toEqual([])
  expect(report).toMatchObject({
    ...{ orders, kills, inFlight: 0, imbalances: 0, unexplained: 0, doubleCharges: 0, lost: 0 },
  })
  expect(report.faults).toBeGreaterThan(orders / 2)
  expect(report.charged).toBeGreaterThan(orders / 4)
})
