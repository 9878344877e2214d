import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import { HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { auditLedger, expirePendings } from '../../ledger/index.ts'
import type { CrashSetup } from './crash-child.fixture.ts'
import { createGoods, createTestWorld, openShop, placeInput, receive, type World } from './testing.ts'

let database: TestDatabase
let world: World
let other: World

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createTestWorld(database.appUrl)
  other = await createTestWorld(database.appUrl)
})
afterAll(async () => {
  await Promise.all([world?.close(), other?.close()])
  await database?.drop()
})

/** What there is of a SKU, and what its movements add up to. */
async function book(shopId: string, skuId: string) {
  return world.db.read({ shopId }, async (tx) => {
    const level = await tx.one<{ available: number; reserved: number; committed: number }>(sql`
      select sum(available)::int as available, sum(reserved)::int as reserved, sum(committed)::int as committed
      from stock_levels where shop_id = ${shopId} and sku_id = ${skuId}`)
    const { moved } = await tx.one<{ moved: number }>(sql`
      select sum(quantity)::int as moved from stock_movements where shop_id = ${shopId} and sku_id = ${skuId}`)
    return { ...level, moved }
  })
}

const expectBalanced = async () => {
  const report = await world.db.tx('system', auditLedger)
  expect(report.deviations).toEqual([])
}

test('ORD-02 two hundred buyers race for the last ten units, fifty times, in two processes: ten are sold', async () => {
  for (let round = 0; round < 50; round++) {
    const { shopId, centralId, frontId } = await openShop(world)
    const { skuIds } = await createGoods(world, shopId, [100])
    const [sku] = skuIds as [string]
    await receive(world, shopId, skuIds, 6, centralId)
    await receive(world, shopId, skuIds, 4, frontId)
    const race = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 === 0 ? world : other).orders.placeOrder(placeInput(shopId, newId(), [[sku, 1]], 100)),
      ),
    )
    const won = race.filter((each) => each.status === 'fulfilled')
    expect(won).toHaveLength(10)
    for (const each of race) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'OUT_OF_STOCK' })
    expect(await book(shopId, sku)).toEqual({ available: 0, reserved: 10, committed: 0, moved: 0 })
  }
  await expectBalanced()
}, 60_000)

async function placed() {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const [sku] = skuIds as [string]
  await receive(world, shopId, skuIds, 5)
  const buyerId = newId()
  const { orderId } = await world.orders.placeOrder(placeInput(shopId, buyerId, [[sku, 2]], 200))
  const pay = (by: World, paymentId: string = newId()) =>
    by.db.tx({ shopId }, (tx) =>
      by.orders.markPaid(tx, { shopId, orderId, paidFen: 200, paidAt: by.clock.instant(), paymentId }),
    )
  const cancel = async (by: World) => {
    const { cancelOrder } = await import('./cancel-order.ts')
    await by.db.tx({ shopId }, (tx) =>
      cancelOrder(tx, by, { shopId, orderId }, { by: 'buyer', reason: '', actor: { kind: 'buyer', id: buyerId } }),
    )
  }
  const outcome = () =>
    world.db.read({ shopId }, async (tx) => {
      const { state } = await tx.one<{ state: string }>(sql`select state from orders where id = ${orderId}`)
      const events = await tx.rows<{ event: string }>(sql`
        select event from order_steps where order_id = ${orderId} order by version`)
      const told = await tx.rows<{ name: string }>(sql`
        select name from outbox_events where aggregate_id = ${orderId} order by seq`)
      return { state, timeline: events.map((row) => row.event), told: told.map((row) => row.name) }
    })
  return { shopId, sku, orderId, pay, cancel, outcome }
}

test('ORD-02 who has no time left is refused in the queue and leaves nothing behind; what was begun is finished', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const [sku] = skuIds as [string]
  await receive(world, shopId, skuIds, 9)
  const order = (withinMs: number) =>
    world.orders.placeOrder({ ...placeInput(shopId, newId(), [[sku, 1]], 100), withinMs })
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const { promise: isHeld, resolve: tellHeld } = Promise.withResolvers<void>()
  const holder = world.db.tx('system', async (tx) => {
    await tx.rows(sql`select id from ledger_accounts where shop_id = ${shopId} and code = 'stock.available' for update`)
    tellHeld()
    await held
  })
  await isHeld
  const begun = order(60_000)
  await vi.waitFor(() =>
    expect(world.orders.laneStats().some(({ name, running }) => name === 'orders.place' && running > 0)).toBe(true),
  )
  const late = order(1_000)
  const patient = order(60_000)
  world.clock.advance(2_000)
  await expect(late).rejects.toMatchObject({ code: 'BUSY' })
  letGo()
  await Promise.all([holder, begun, patient])
  expect(await book(shopId, sku)).toMatchObject({ available: 7, reserved: 2 })
  // Unpaid orders would be in the way of the sweeps that other tests count.
  world.clock.advance(HOUR_MS)
  await world.orders.cancelDueOrders()
  expect(await book(shopId, sku)).toMatchObject({ available: 9, reserved: 0 })
})

test('ORD-02 two cancels at once: one wins, stock is released once', async () => {
  for (let round = 0; round < 10; round++) {
    const { shopId, sku, cancel, outcome } = await placed()
    const race = await Promise.allSettled([cancel(world), cancel(other), cancel(world)])
    expect(race.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    for (const each of race) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'ORDER_STATE' })
    expect(await outcome()).toEqual({
      state: 'cancelled',
      timeline: ['placed', 'cancelled'],
      told: ['orders.order-placed', 'orders.order-cancelled'],
    })
    expect(await book(shopId, sku)).toEqual({ available: 5, reserved: 0, committed: 0, moved: 5 })
  }
})

test('ORD-02 payment against cancelling: exactly one wins and the stock adds up', async () => {
  const won = { paid: 0, cancelled: 0 }
  for (let round = 0; round < 20; round++) {
    const { shopId, sku, pay, cancel, outcome } = await placed()
    const [first, second] = round % 2 === 0 ? [pay(world), cancel(other)] : [cancel(world), pay(other)]
    const [paid, cancelled] = await Promise.allSettled(round % 2 === 0 ? [first, second] : [second, first])
    const isPaid = paid!.status === 'fulfilled' && paid!.value === 'paid'
    expect(isPaid).toBe(cancelled!.status === 'rejected')
    if (!isPaid) expect(paid).toMatchObject({ value: 'not-payable' })
    const { state, timeline } = await outcome()
    expect(timeline).toEqual(['placed', isPaid ? 'paid' : 'cancelled'])
    expect(state).toBe(isPaid ? 'awaiting-shipment' : 'cancelled')
    expect(await book(shopId, sku)).toEqual(
      isPaid
        ? { available: 3, reserved: 0, committed: 2, moved: 3 }
        : { available: 5, reserved: 0, committed: 0, moved: 5 },
    )
    won[isPaid ? 'paid' : 'cancelled']++
  }
  expect(won.paid + won.cancelled).toBe(20)
})

test('PAY-01 two payments of one order at once: one pays it, the other is told to pay back; the same told twice is once', async () => {
  for (let round = 0; round < 10; round++) {
    const { shopId, sku, pay, outcome } = await placed()
    const [mine, theirs] = [newId(), newId()]
    const answers = await Promise.all([pay(world, mine), pay(other, theirs), pay(other, mine), pay(world, theirs)])
    expect([...answers].sort()).toEqual(['already-paid', 'not-payable', 'not-payable', 'paid'])
    expect((await outcome()).timeline).toEqual(['placed', 'paid'])
    expect(await book(shopId, sku)).toEqual({ available: 3, reserved: 0, committed: 2, moved: 3 })
  }
})

test('ORD-02 the time-out: sweepers of several processes, a late payment and the ledger itself release stock once', async () => {
  for (let round = 0; round < 10; round++) {
    const { shopId, sku, pay, outcome } = await placed()
    const almost = 30 * MINUTE_MS - 1
    world.clock.advance(almost)
    other.clock.set(world.clock.instant())
    expect(await world.orders.cancelDueOrders()).toBe(0)
    world.clock.advance(1)
    other.clock.set(world.clock.instant())
    const sweeps = [
      () => world.orders.cancelDueOrders(),
      () => other.orders.cancelDueOrders(),
      () => pay(other),
      () => world.db.tx('system', (tx) => expirePendings(tx, world.clock)).then(() => undefined),
    ]
    if (round % 2 === 1) sweeps.reverse()
    const done = await Promise.all(sweeps.map((sweep) => sweep()))
    expect(done).toContain('not-payable')
    // Sweepers leave an order that somebody is looking at to the next run.
    await world.orders.cancelDueOrders()
    expect((await outcome()).timeline).toEqual(['placed', 'cancelled'])
    expect(await book(shopId, sku)).toEqual({ available: 5, reserved: 0, committed: 0, moved: 5 })
    expect(await world.orders.cancelDueOrders()).toBe(0)
  }
  await expectBalanced()
})

test('ORD-02 payment against the sweep at the very deadline: exactly one wins', async () => {
  for (let round = 0; round < 10; round++) {
    const { shopId, sku, pay, outcome } = await placed()
    other.clock.set(world.clock.instant())
    // Two processes whose clocks differ by a moment: for one the time is over, for the other it is not.
    other.clock.advance(30 * MINUTE_MS)
    const [answer, swept] = await Promise.all([pay(world), other.orders.cancelDueOrders()])
    const isPaid = answer === 'paid'
    expect(swept).toBe(isPaid ? 0 : 1)
    expect((await outcome()).state).toBe(isPaid ? 'awaiting-shipment' : 'cancelled')
    const { available, reserved, committed, moved } = await book(shopId, sku)
    expect({ available, reserved, committed }).toEqual({
      available: isPaid ? 3 : 5,
      reserved: 0,
      committed: isPaid ? 2 : 0,
    })
    expect(moved).toBe(available)
    world.clock.set(other.clock.instant())
  }
})

test('ORD-02 a process killed in the middle of a race loses no acknowledged order', async () => {
  const { shopId } = await openShop(world)
  const { skuIds } = await createGoods(world, shopId, [100])
  const [sku] = skuIds as [string]
  await receive(world, shopId, skuIds, 100_000)
  const setup: CrashSetup = { url: database.appUrl, shopId, skuId: sku, at: world.clock.instant() }
  const child = fork(new URL('./crash-child.fixture.ts', import.meta.url), [JSON.stringify(setup)], {
    stdio: 'inherit',
  })
  const acknowledged = new Set<string>()
  const enough = new Promise<void>((resolve) => {
    child.on('message', (orderIds: string[]) => {
      for (const orderId of orderIds) acknowledged.add(orderId)
      if (acknowledged.size > 300) resolve()
    })
  })
  const died = once(child, 'exit')
  await Promise.race([enough, died])
  child.kill('SIGKILL')
  expect((await died)[1]).toBe('SIGKILL')
  const stored = await world.db.read({ shopId }, (tx) =>
    tx.rows<{ id: string; lines: number; steps: number; events: number; movements: number }>(sql`
      select o.id, (select count(*)::int from order_lines l where l.order_id = o.id) as lines,
        (select count(*)::int from order_steps t where t.order_id = o.id) as steps,
        (select count(*)::int from outbox_events e where e.aggregate_id = o.id) as events,
        (select count(*)::int from stock_movements m where m.order_id = o.id) as movements
      from orders o where o.shop_id = ${shopId}`),
  )
  const ids = new Set(stored.map((row) => row.id))
  expect(acknowledged.size).toBeGreaterThan(300)
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
  for (const { id: _, ...each } of stored) expect(each).toEqual({ lines: 1, steps: 1, events: 1, movements: 1 })
  // The killed process's connection may hold its locks for a moment; what is reserved is what was ordered.
  const { available, reserved, moved } = await book(shopId, sku)
  expect({ reserved, available, moved }).toEqual({
    reserved: stored.length,
    available: 100_000 - stored.length,
    moved: 100_000 - stored.length,
  })
  await expectBalanced()
})
