import { expect, test } from 'vitest'
import { DAY_MS } from '../../kernel/clock.ts'
import { moneyStage } from './testing.ts'

const s = moneyStage()

const items = () => s.shop.owner.call('console.settlementItems', { params: s.params })
const balances = () => s.shop.owner.call('console.balances', { params: s.params })

async function setLevel(level: 'new' | 'steady' | 'trusted', version = 0) {
  const platform = await s.app.platformStaff()
  return platform.call('platform.setMerchantLevel', { params: s.params, body: { level, note: '表现稳定', version } })
}

test('PAY-02 a shop’s level shortens the cycle of later orders; two who set it at once do not overwrite each other', async () => {
  await s.settledOrder(1_000)
  await setLevel('trusted')
  await s.settledOrder(2_000)
  await expect(setLevel('steady')).rejects.toMatchObject({ code: 'CONFLICT' })
  expect((await items()).items.map(({ cycleDays, dueAt }) => [cycleDays, dueAt.slice(0, 10)]).sort()).toEqual([
    [1, '2026-11-12'],
    [7, '2026-11-20'],
  ])
  const { items: entries } = await s.shop.owner.call('console.audit', { params: s.params })
  expect(entries[0]).toMatchObject({ action: 'settlement.set-level' })
})

test('PAY-02 a new merchant’s money is available on the seventh business day, at the hour, and not before', async () => {
  // It is Wednesday, 8:00 in Shanghai.
  await s.settledOrder(10_000, { feeFen: 60, shareFen: 1_200 })
  expect((await items()).items).toMatchObject([
    {
      state: 'waiting',
      amountFen: 8_740,
      sharesFen: 1_200,
      cycleDays: 7,
      level: 'new',
      dueAt: '2026-11-20T02:00:00.000Z',
    },
  ])
  expect(await balances()).toMatchObject({
    ...{ pendingFen: 8_740, availableFen: 0, sharesFen: 1_200, feesFen: 60, atWechatFen: 9_940, unsettledFen: 0 },
    releases: [{ day: '2026-11-20', orders: 1, amountFen: 8_740 }],
  })
  await s.moveTo('2026-11-20T01:59:59.999Z')
  expect(await s.balance('merchant.available')).toBe(0)
  await s.moveTo('2026-11-20T02:00:00.000Z')
  expect(await balances()).toMatchObject({ pendingFen: 0, availableFen: 8_740, releases: [] })
  expect((await items()).items).toMatchObject([{ state: 'released', releasedFen: 8_740 }])
})

test('PAY-05 what a refund took from an order before its day is not released with it', async () => {
  const first = await s.settledOrder(5_000)
  await s.settledOrder(3_000)
  await s.refundSettled(first.orderId, { pending: 2_000 })
  await s.moveDays(14)
  expect((await items()).items.map((item) => item.releasedFen).sort()).toEqual([3_000, 3_000])
  expect([await s.balance('merchant.pending'), await s.balance('merchant.available')]).toEqual([0, 6_000])
})

test('PAY-05 what the shop owes is repaid by later earnings before they are available', async () => {
  const first = await s.settledOrder(5_000)
  await s.settledOrder(3_000)
  await s.refundSettled(first.orderId, { pending: 1_000, negative: 3_500 })
  expect(await balances()).toMatchObject({ negativeFen: 3_500, pendingFen: 7_000 })
  await s.moveDays(14)
  expect(await balances()).toMatchObject({ negativeFen: 0, pendingFen: 0, availableFen: 3_500 })
})

test('PAY-01 money in the merchant’s own pocket is not made available; the parties’ shares of it are owed', async () => {
  await s.settledOrder(10_000, { shareFen: 1_000, channel: 'channel.personal-code' })
  await s.settledOrder(600)
  await s.moveDays(14)
  // 600 were there, the shares of 1000 were due: 400 are owed.
  expect(await balances()).toMatchObject({ personalCodeFen: 0, availableFen: 0, negativeFen: 400, sharesFen: 1_000 })
})

test('PAY-05 many sweepers and many orders: each order is released once', async () => {
  for (let index = 0; index < 25; index++) await s.settledOrder(100 + index)
  s.app.clock.advance(14 * DAY_MS)
  const counts = await Promise.all(Array.from({ length: 6 }, () => s.app.app.settlement.releaseDue()))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(25)
  expect(await s.balance('merchant.available')).toBe(25 * 100 + 300)
  expect(await s.app.audit()).toMatchObject({ deviations: [] })
})
