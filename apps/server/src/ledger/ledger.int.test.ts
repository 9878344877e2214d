import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'
import { accountId, ensureAccounts, getBalances, setLimits } from './accounts.ts'
import { type Ledger, openLedger, openShop } from './book.fixture.ts'
import { historyOf, listTransfers } from './history.ts'
import { transferOrThrow } from './transfers.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

test('SUP-01 posting less than was reserved releases the rest', async () => {
  const shop = await openShop(ledger, 10)
  const pending = shop.reserve(6)
  await ledger.apply(shop.group(pending))
  await ledger.apply(shop.group(shop.post(pending.id, 4)))
  const balances = await ledger.db.read({ shopId: shop.shopId }, (tx) =>
    getBalances(tx, shop.shopId, [shop.available, shop.reserved, newId()]),
  )
  expect(balances.size).toBe(2)
  expect(balances.get(shop.available)).toMatchObject({ balance: 6, available: 6, debitsPending: 0, owner: '1' })
  expect(balances.get(shop.reserved)).toMatchObject({ balance: 4, creditsPending: 0 })
})

test('ORD-02 linked transfers happen together or not at all, and others in the batch are not disturbed', async () => {
  const shop = await openShop(ledger, 10)
  const results = await ledger.apply(
    shop.group(shop.reserve(4), shop.reserve(7)),
    shop.group(shop.reserve(10)),
    shop.group(shop.reserve(1)),
  )
  expect(results).toMatchObject([
    { ok: false, refusal: { reason: 'limit', index: 1, accountId: shop.available, available: 6, needed: 7 } },
    { ok: true },
    { ok: false, refusal: { reason: 'limit', available: 0, needed: 1 } },
  ])
})

test('PAY-05 accounts come with the group that needs them; another unit under the same name is refused', async () => {
  const shopId = newId()
  const spec = (owner: string, unit: string) => ({ shopId, code: 'points', owners: [owner], unit })
  const [issued, held] = [accountId('points', 'shop'), accountId('points', 'buyer')]
  const transfer = {
    kind: 'posted',
    id: newId(),
    debit: issued,
    credit: held,
    amount: 5,
    unit: 'points',
    code: 'give',
  } as const
  const group = { shopId, accounts: [spec('shop', 'points'), spec('buyer', 'points')], transfers: [transfer] }
  await Promise.all([1, 2, 3, 4].map(() => ledger.apply({ ...group, transfers: [{ ...transfer, id: newId() }] })))
  await ledger.apply(group)
  const balances = await ledger.db.read('system', (tx) => getBalances(tx, shopId, [held]))
  expect(balances.get(held)!.balance).toBe(25)
  await expect(
    ledger.db.tx('system', (tx) => ensureAccounts(tx, ledger.clock, [spec('buyer', 'CNY')])),
  ).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('PAY-05 limits can be changed, but not under what is there', async () => {
  const shop = await openShop(ledger, 10)
  const account = { shopId: shop.shopId, id: shop.available }
  const set = (minBalance: number | null, maxBalance: number | null) =>
    ledger.db.tx('system', (tx) => setLimits(tx, account, { minBalance, maxBalance }))
  await expect(set(0, 9)).rejects.toMatchObject({ code: 'LEDGER_LIMIT' })
  await expect(set(11, null)).rejects.toMatchObject({ code: 'LEDGER_LIMIT' })
  await set(5, 10)
  expect(await ledger.apply(shop.group(shop.reserve(6)), shop.group(shop.reserve(5)))).toMatchObject([
    { ok: false, refusal: { reason: 'limit', available: 5, needed: 6 } },
    { ok: true },
  ])
})

test('PAY-05 what no state could make right is refused before anything is read', async () => {
  const shop = await openShop(ledger, 1)
  for (const wrong of [
    { ...shop.reserve(1), amount: 0 },
    { ...shop.reserve(1), amount: 1.5 },
    { ...shop.reserve(1), amount: 2 ** 53 },
    { ...shop.reserve(1), id: 'x' },
    { ...shop.reserve(1), credit: shop.available },
    { ...shop.reserve(1), expiresAt: '2026-11-11' },
    { ...shop.reserve(1), code: "x'); drop table" },
    { ...shop.reserve(1), unit: '' },
  ])
    await expect(ledger.apply(shop.group(wrong)), JSON.stringify(wrong)).rejects.toThrow(/^Not an? |two accounts/)
  await expect(
    ledger.db.tx('system', (tx) => transferOrThrow(tx, ledger.clock, shop.group(shop.reserve(2)))),
  ).rejects.toMatchObject({ code: 'LEDGER_LIMIT', details: { data: { refusal: { available: 1, needed: 2 } } } })
})

test('PAY-05 counters never leave what a double holds exactly, not even when everything pending is posted', async () => {
  const shop = await openShop(ledger, 2 ** 52)
  const results = await ledger.apply(
    shop.group(shop.stockIn(2 ** 52 - 2)),
    shop.group({ ...shop.stockIn(1), kind: 'pending' }),
    shop.group(shop.stockIn(1)),
  )
  expect(results).toMatchObject([{ ok: true }, { ok: true }, { ok: false, refusal: { reason: 'overflow' } }])
})

test('ORD-02 a linked group is the same only as a whole: a part of it, or more than it, is a conflict', async () => {
  const shop = await openShop(ledger, 10)
  const lines = [shop.reserve(1), shop.reserve(2), shop.reserve(3)]
  await ledger.apply(shop.group(...lines))
  const results = await ledger.apply(
    shop.group(...lines),
    shop.group(...lines.slice(0, 2)),
    shop.group(lines[0]!),
    shop.group(...lines, shop.reserve(1)),
  )
  expect(results).toMatchObject([
    { ok: true, replayed: true },
    ...[1, 2, 3].map(() => ({ ok: false, refusal: { reason: 'conflict', index: 0 } })),
  ])
})

test('SYS-03 one shop never sees or moves what is in the book of another', async () => {
  const [mine, theirs] = [await openShop(ledger, 5), await openShop(ledger, 5)]
  const scope = { shopId: mine.shopId }
  await expect(
    ledger.db.tx(scope, (tx) => transferOrThrow(tx, ledger.clock, theirs.group(theirs.reserve(1)))),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await ledger.db.tx(scope, (tx) => transferOrThrow(tx, ledger.clock, mine.group(mine.reserve(1))))
  const seen = await ledger.db.read(scope, (tx) => getBalances(tx, theirs.shopId, [theirs.available]))
  expect(seen.size).toBe(0)
})

test('PAY-05 a transfer that was written can be neither changed nor removed, and a limit is a wall in the table too', async () => {
  const shop = await openShop(ledger, 5)
  const changed = await ledger.db.tx('system', async (tx) => [
    await tx.exec(sql`update ledger_transfers set amount = 1 where shop_id = ${shop.shopId}`),
    await tx.exec(sql`delete from ledger_transfers where shop_id = ${shop.shopId}`),
  ])
  expect(changed).toEqual([0, 0])
  await expect(
    ledger.db.tx('system', (tx) =>
      tx.exec(
        sql`update ledger_accounts set debits_posted = 6 where shop_id = ${shop.shopId} and id = ${shop.available}`,
      ),
    ),
  ).rejects.toMatchObject({ constraint: 'ledger_accounts_min' })
})

test('SUP-01 the history of an account is paged newest first, that of an order is whole', async () => {
  const shop = await openShop(ledger, 100)
  const reference = { type: 'order', id: newId() }
  const ids: string[] = []
  for (let index = 0; index < 7; index++) {
    ledger.clock.advance(index % 2)
    const pending = shop.reserve(1, { reference })
    await ledger.apply(shop.group(pending), shop.group(shop.release(pending.id)))
    ids.push(pending.id)
  }
  const read = { shopId: shop.shopId, accountId: shop.available, limit: 4 }
  const listed: string[] = []
  let before: string | undefined
  do {
    const page = await ledger.db.read('system', (tx) => listTransfers(tx, { ...read, before }))
    expect(page.transfers.length).toBeLessThanOrEqual(4)
    listed.push(...page.transfers.map(({ id }) => id))
    before = page.next
  } while (before !== undefined)
  expect(listed).toHaveLength(15)
  expect(new Set(listed).size).toBe(15)
  const history = await ledger.db.read('system', (tx) => historyOf(tx, shop.shopId, reference))
  expect(history).toHaveLength(14)
  expect(
    history
      .filter(({ kind }) => kind === 'pending')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids.sort())
  await expect(
    ledger.db.read('system', (tx) => listTransfers(tx, { ...read, before: 'nonsense' })),
  ).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
})

test('SUP-01 what moves between accounts that are not listed is in no list, and in the books all the same', async () => {
  const shop = await openShop(ledger, 10)
  const account = (code: string) => ({ shopId: shop.shopId, code, owners: ['1'], unit: shop.unit, listed: false })
  const [quiet, still] = [accountId('quiet', '1'), accountId('still', '1')]
  const reference = { type: 'order', id: newId() }
  const move = (debit: string, credit: string) =>
    ({ kind: 'posted', id: newId(), debit, credit, amount: 1, unit: shop.unit, code: 'move', reference }) as const
  const [between, out] = [move(quiet, still), move(shop.available, quiet)]
  const accounts = [account('quiet'), account('still')]
  await ledger.apply({ shopId: shop.shopId, accounts, transfers: [between] }, shop.group(out))
  await ledger.db.read('system', async (tx) => {
    const { transfers } = await listTransfers(tx, { shopId: shop.shopId, accountId: quiet })
    expect(transfers.map(({ id }) => id)).toEqual([out.id])
    expect((await historyOf(tx, shop.shopId, reference)).map(({ id }) => id)).toEqual([out.id])
    expect(await getBalances(tx, shop.shopId, [still])).toEqual(
      new Map([[still, expect.objectContaining({ balance: 1, listed: false })]]),
    )
  })
  expect((await ledger.audit()).deviations).toEqual([])
})
