import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'
import { ensureAccounts, getBalances } from './accounts.ts'
import { type Ledger, MINUTE, openLedger, openShop } from './book.fixture.ts'
import { expirePendings } from './expiry.ts'
import { applyTransfers } from './transfers.ts'
import type { GroupResult, TransferCommand, TransferGroup } from './types.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const won = (results: GroupResult[]) => results.filter((result) => result.ok && !result.replayed).length
const reasons = (results: GroupResult[]) => results.flatMap((result) => (result.ok ? [] : [result.refusal.reason]))
const inMinutes = (minutes: number) => new Date(ledger.clock.millis() + minutes * MINUTE).toISOString()

async function balanceOf(shop: { shopId: string; available: string }) {
  const balances = await ledger.db.read('system', (tx) => getBalances(tx, shop.shopId, [shop.available]))
  return balances.get(shop.available)!
}

test('ORD-02 a hundred buyers race for seven units: seven reserve, nobody gets what is not there', async () => {
  const shop = await openShop(ledger, 7)
  const results = await Promise.all(
    Array.from({ length: 100 }, async () => (await ledger.apply(shop.group(shop.reserve(1))))[0]!),
  )
  expect(won(results)).toBe(7)
  expect(new Set(reasons(results))).toEqual(new Set(['limit']))
  expect(await balanceOf(shop)).toMatchObject({ balance: 7, available: 0, debitsPending: 7 })
})

test('ORD-02 two racing posts of one reservation: exactly one wins', async () => {
  const shop = await openShop(ledger, 5)
  for (let round = 0; round < 20; round++) {
    const pending = shop.reserve(1)
    await ledger.apply(shop.group(pending))
    const results = await Promise.all([
      ledger.apply(shop.group(shop.post(pending.id))),
      ledger.apply(shop.group(shop.post(pending.id))),
    ])
    expect(won(results.flat())).toBe(1)
    expect(reasons(results.flat())).toEqual(['already-posted'])
    await ledger.apply(shop.group(shop.stockIn(1)))
  }
  expect(await balanceOf(shop)).toMatchObject({ balance: 5, available: 5 })
})

test('ORD-01 post, void and expiry race at the time-out: exactly one wins', async () => {
  const shop = await openShop(ledger, 1000)
  const winners = new Map<string, number>()
  for (let round = 0; round < 60; round++) {
    const pending = shop.reserve(2, { expiresAt: inMinutes(10) })
    await ledger.apply(shop.group(pending))
    const racers: (() => Promise<string>)[] = [
      async () => (won(await ledger.apply(shop.group(shop.post(pending.id)))) ? 'post' : ''),
      async () => (won(await ledger.apply(shop.group(shop.release(pending.id)))) ? 'void' : ''),
      async () =>
        (await ledger.db.tx('system', (tx) => expirePendings(tx, ledger.clock))).some(({ id }) => id === pending.id)
          ? 'expire'
          : '',
    ]
    if (round % 2 === 1) ledger.clock.advance(10 * MINUTE)
    // Each has a head start in its turn, so that every one of them wins now and then.
    const race = async (racer: () => Promise<string>, place: number) => {
      if (place !== round % 3) await ledger.db.read('system', (tx) => tx.rows(sql`select 1`))
      return racer()
    }
    const outcome = (await Promise.all(racers.map(race))).filter(Boolean)
    expect(outcome).toHaveLength(1)
    winners.set(outcome[0]!, (winners.get(outcome[0]!) ?? 0) + 1)
  }
  expect([...winners.keys()].sort()).toEqual(['expire', 'post', 'void'])
  expect((await ledger.audit()).deviations).toEqual([])
})

test('ORD-01 a post at the very instant of the time-out is refused, before and after the sweep', async () => {
  const shop = await openShop(ledger, 3)
  const pending = shop.reserve(3, { expiresAt: inMinutes(15), reference: { type: 'order', id: 'o-1' } })
  await ledger.apply(shop.group(pending))
  ledger.clock.advance(15 * MINUTE - 1)
  expect(await ledger.db.tx('system', (tx) => expirePendings(tx, ledger.clock))).toEqual([])
  ledger.clock.advance(1)
  expect(reasons(await ledger.apply(shop.group(shop.post(pending.id))))).toEqual(['expired'])
  const expired = await ledger.db.tx('system', (tx) => expirePendings(tx, ledger.clock))
  expect(expired).toMatchObject([{ id: pending.id, amount: 3, reference: { type: 'order', id: 'o-1' } }])
  expect(reasons(await ledger.apply(shop.group(shop.post(pending.id))))).toEqual(['expired'])
  expect(await balanceOf(shop)).toMatchObject({ available: 3 })
})

test('ORD-01 two sweepers share the work: every reservation expires once', async () => {
  const shop = await openShop(ledger, 500)
  const pendings = Array.from({ length: 200 }, () => shop.reserve(1, { expiresAt: inMinutes(5) }))
  await ledger.apply(...pendings.map((pending) => shop.group(pending)))
  ledger.clock.advance(6 * MINUTE)
  const sweep = async () => {
    const ids: string[] = []
    for (let idle = 0; idle < 2; ) {
      const expired = await ledger.db.tx('system', (tx) => expirePendings(tx, ledger.clock, 30))
      idle = expired.length === 0 ? idle + 1 : 0
      ids.push(...expired.map(({ id }) => id))
    }
    return ids
  }
  const ids = (await Promise.all([sweep(), sweep(), sweep()])).flat()
  expect(ids.sort()).toEqual(pendings.map(({ id }) => id).sort())
  expect(await balanceOf(shop)).toMatchObject({ available: 500, debitsPending: 0 })
})

test('ORD-01 the reservations of one order expire together, whatever the limit of the sweep', async () => {
  const shop = await openShop(ledger, 9)
  const expiresAt = inMinutes(1)
  const lines = [1, 2, 3].map((amount) => shop.reserve(amount, { expiresAt }))
  await ledger.apply(shop.group(...lines))
  ledger.clock.advance(MINUTE)
  expect(await ledger.db.tx('system', (tx) => expirePendings(tx, ledger.clock, 1))).toHaveLength(3)
})

test('ORD-02 many transactions over the same accounts, in every order: no deadlock, no limit crossed', async () => {
  const shops = await Promise.all([1, 2, 3, 4].map(() => openShop(ledger, 60)))
  let done = 0
  await Promise.all(
    Array.from({ length: 120 }, async (_, index) => {
      const order = index % 2 === 0 ? shops : [...shops].reverse()
      const groups = order.map((shop): TransferGroup => {
        const pending = shop.reserve(1)
        return shop.group(...((index % 3 === 0 ? [pending, shop.post(pending.id)] : [pending]) as TransferCommand[]))
      })
      let attempts = 0
      const results = await ledger.db.tx('system', (tx) => {
        attempts++
        return applyTransfers(tx, ledger.clock, groups)
      })
      expect(attempts).toBe(1)
      done += won(results)
    }),
  )
  expect(done).toBe(4 * 60)
  for (const shop of shops) expect(await balanceOf(shop)).toMatchObject({ available: 0 })
  expect((await ledger.audit()).deviations).toEqual([])
})

test('ORD-02 one transfer id from many sides at once is carried out once; other content is a conflict', async () => {
  const [shop, id] = [await openShop(ledger, 50), newId()]
  const same = await Promise.all(Array.from({ length: 20 }, () => ledger.apply(shop.group(shop.reserve(5, { id })))))
  expect(won(same.flat())).toBe(1)
  expect(reasons(same.flat())).toEqual([])
  expect(reasons(await ledger.apply(shop.group(shop.reserve(6, { id }))))).toEqual(['conflict'])
})

test('ORD-02 one transfer id over accounts that have nothing in common: the primary key lets one through', async () => {
  const shop = await openShop(ledger, 50)
  const account = (owner: string) => ({ shopId: shop.shopId, code: 'other', owners: [owner], unit: shop.unit })
  const [from, to] = await ledger.db.tx('system', (tx) =>
    ensureAccounts(tx, ledger.clock, [account('from'), account('to')]),
  )
  for (let round = 0; round < 20; round++) {
    const id = newId()
    const elsewhere = { ...shop.stockIn(1, id), debit: from!, credit: to! }
    const results = await Promise.all([
      ledger.apply(shop.group(shop.stockIn(1, id))),
      ledger.apply(shop.group(elsewhere)),
    ])
    expect(won(results.flat())).toBe(1)
    expect(reasons(results.flat())).toEqual(['conflict'])
  }
})
