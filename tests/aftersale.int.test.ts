import { describe, expect, test } from 'vitest'
import { aftersaleStage, PIXEL, PRICE_FEN } from './support/aftersale.ts'
import { newKey } from './support/http.ts'

const s = aftersaleStage()
const { paid, ship, receive, apply, approve, reject, cancel, caseNow, staffCase, orderNow, options, key } = s

const wanted = { type: 'refund', reasonCode: 'not-wanted' } as const
const ok = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.filter(({ status }) => status === 'fulfilled').length

describe('money back for what has not left', () => {
  test('ORD-06 some units go back by themselves, the rest ships, and the order is shipped', async () => {
    const [a, b] = s.cup.skuIds as [string, string]
    const order = await paid([
      [a, 3],
      [b, 1],
    ])
    const made = await apply(order, { ...wanted, lines: [{ line: 0, quantity: 2 }] })
    expect(made).toMatchObject({ state: 'refunding', amountFen: 2 * PRICE_FEN, openedBy: 'buyer' })
    await s.app.settle()
    expect(await caseNow(made.id)).toMatchObject({ state: 'done', refundedFen: 2 * PRICE_FEN })
    expect(await orderNow(order)).toMatchObject({
      state: 'awaiting-shipment',
      itemCount: 2,
      refundedFen: 2 * PRICE_FEN,
    })
    expect(await s.stockOf(a)).toMatchObject({ available: 9, committed: 1 })
    await ship(order, [{ skuId: a, quantity: 1 }])
    // With the last that had not left nothing is to be shipped any more.
    await apply(order, { ...wanted, lines: [{ line: 1, quantity: 1 }] })
    await s.app.settle()
    expect(await orderNow(order)).toMatchObject({ state: 'shipped', refundedFen: 3 * PRICE_FEN })
  })

  test('ORD-06 ORD-01 the short way is the same case, and freight goes back with the whole', async () => {
    const order = await paid([[s.cup.skuIds[0]!, 1]])
    const body = { reason: '拍错了' }
    await s.buyer.call('orders.requestRefund', { params: key(order), idempotencyKey: newKey(), body })
    await s.app.settle()
    expect(await orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
    const { items } = await s.buyer.call('aftersale.list', { params: s.at() })
    expect(items).toMatchObject([{ state: 'done', type: 'refund', reason: '拍错了', amountFen: order.totalFen }])
  })

  test('ORD-06 where the shop decides first the order is held meanwhile, and two decisions are one', async () => {
    await s.set('aftersale.auto-unshipped', false)
    const order = await paid([[s.cup.skuIds[0]!, 2]])
    const made = await apply(order, { ...wanted, lines: [{ line: 0, quantity: 1 }] })
    expect(made).toMatchObject({ state: 'requested', turn: 'merchant' })
    await expect(ship(order)).rejects.toMatchObject({ code: 'ORDER_HELD' })
    const both = await Promise.all([1, 2, 3, 4].map(() => approve(made.id)))
    expect(both.reduce((sum, each) => sum + each.approved, 0)).toBe(1)
    await s.app.settle()
    expect(await orderNow(order)).toMatchObject({ refundedFen: PRICE_FEN, itemCount: 1 })
    await ship(order)
    expect(await orderNow(order)).toMatchObject({ state: 'shipped' })
  })

  test('ORD-06 the buyer takes back while the shop agrees: one of them wins, whole', async () => {
    await s.set('aftersale.auto-unshipped', false)
    for (let round = 0; round < 4; round++) {
      const order = await paid([[s.cup.skuIds[1]!, 2]])
      const made = await apply(order, { ...wanted, lines: [{ line: 0, quantity: 1 }] })
      const [taken, agreed] = await Promise.all([
        cancel(made.id).then(
          () => 1,
          () => 0,
        ),
        approve(made.id).then(({ approved }) => approved),
      ])
      expect(taken + agreed).toBe(1)
      await s.app.settle()
      expect(await orderNow(order)).toMatchObject({ refundedFen: agreed * PRICE_FEN })
      expect(await caseNow(made.id)).toMatchObject({ state: agreed ? 'done' : 'closed' })
    }
  })
})

describe('money back for what is with the buyer', () => {
  const received = async (quantity: number) => {
    const order = await paid([[s.cup.skuIds[0]!, quantity]])
    await ship(order)
    await receive(order)
    return order
  }

  test('ORD-06 a part of a price goes back, then the rest with the order, and never more', async () => {
    const order = await received(2)
    const lines = [{ line: 0, quantity: 1 }]
    const tooMuch = { ...wanted, reasonCode: 'price', lines, amountFen: PRICE_FEN + 1 }
    await expect(apply(order, tooMuch)).rejects.toMatchObject({ code: 'REFUND_TOO_LARGE' })
    const part = await apply(order, { ...tooMuch, amountFen: 1000 })
    await approve(part.id)
    await s.app.settle()
    expect(await caseNow(part.id)).toMatchObject({ state: 'done', refundedFen: 1000 })
    expect(await orderNow(order)).toMatchObject({ state: 'completed', refundedFen: 1000 })
    const rest = await apply(order, { ...wanted, reasonCode: 'price', lines: [{ line: 0, quantity: 2 }] })
    expect(rest.amountFen).toBe(order.totalFen - 1000)
    expect((await staffCase(rest.id)).money).toMatchObject({ ceilingFen: order.totalFen - 1000 })
    await approve(rest.id)
    await s.app.settle()
    expect(await orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
    expect((await options(order)).closedReason).toContain('已全部退款')
  })

  const give = (order: Awaited<ReturnType<typeof received>>, body: object, idempotencyKey = newKey()) =>
    s.shop.owner.call('console.refundUnits', {
      params: key(order),
      idempotencyKey,
      body: { reasonCode: 'price', lines: [{ line: 0, quantity: 1 }], ...body },
    })

  test('ORD-06 the shop gives back a part of its own accord, up to what the units have left, however often at once', async () => {
    const order = await received(2)
    const file = new Blob([PIXEL], { type: 'image/png' })
    const upload = { params: s.at(), file, fileName: '差价说明.png' }
    const { fileId } = await s.shop.owner.call('console.uploadAftersale', upload)
    const params = key(order)
    const wish = { reasonCode: 'price', lines: [{ line: 0, quantity: 2 }] }
    const quote = await s.shop.owner.call('console.quoteRefundUnits', { params, body: wish })
    expect(quote).toMatchObject({ ceilingFen: order.totalFen })
    expect(await s.shop.owner.call('console.refundUnitsOptions', { params })).toMatchObject({
      ...{ leftFen: order.totalFen, lines: [{ shipped: 2, unshipped: 0 }] },
    })
    await expect(give(order, { amountFen: PRICE_FEN + 1 })).rejects.toMatchObject({ code: 'REFUND_TOO_LARGE' })
    await expect(give(order, { reasonCode: 'no-reason' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const same = newKey()
    const first = { amountFen: 1000, note: '补差价', evidenceFileIds: [fileId] }
    const [made, again] = await Promise.all([give(order, first, same), give(order, first, same)])
    expect(again.id).toBe(made.id)
    expect(made).toMatchObject({ openedBy: 'merchant', amountFen: 1000, evidence: [{ fileId }] })
    await s.app.settle()
    expect(await caseNow(made.id)).toMatchObject({ state: 'done', refundedFen: 1000 })
    expect((await give(order, first, same)).id).toBe(made.id)
    // Both of its units have less than 4,000 left after two of these: at most four of twelve go through.
    const many = await Promise.allSettled(
      Array.from({ length: 12 }, async () => {
        const row = await give(order, { amountFen: 2000 })
        await s.app.settle()
        return row
      }),
    )
    await s.app.settle()
    expect(ok(many)).toBeGreaterThan(0)
    expect((await orderNow(order)).refundedFen).toBe(1000 + 2000 * ok(many))
    const rest = await s.shop.owner.call('console.quoteRefundUnits', { params, body: wish })
    expect(rest.ceilingFen).toBe(order.totalFen - 1000 - 2000 * ok(many))
    await give(order, { lines: wish.lines })
    await s.app.settle()
    expect(await orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
    await expect(give(order, {})).rejects.toMatchObject({ code: 'ORDER_STATE' })
  })

  test('ORD-06 units that have not left are given back whole and for sale again; the rest ships', async () => {
    const order = await paid([[s.cup.skuIds[0]!, 3]])
    await expect(give(order, { amountFen: 100 })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const made = await give(order, { reasonCode: 'late' })
    await s.app.settle()
    expect(await caseNow(made.id)).toMatchObject({ state: 'done', refundedFen: PRICE_FEN })
    expect(await orderNow(order)).toMatchObject({ itemCount: 2, refundedFen: PRICE_FEN })
    await ship(order)
    expect(await orderNow(order)).toMatchObject({ state: 'shipped' })
  })

  test('ORD-06 many wishes for the same units at once: each unit is asked about once', async () => {
    const order = await received(3)
    const wishes = await Promise.allSettled(
      Array.from({ length: 6 }, () => apply(order, { ...wanted, lines: [{ line: 0, quantity: 1 }] })),
    )
    expect(ok(wishes)).toBe(3)
    const ids = wishes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []))
    const body = { reason: '协商' }
    await Promise.allSettled([
      ...ids.map((id) => approve(id)),
      ...ids.map((id) => approve(id)),
      s.shop.owner.call('console.refundOrder', { params: key(order), idempotencyKey: newKey(), body }),
    ])
    await s.app.settle()
    expect((await orderNow(order)).refundedFen).toBeLessThanOrEqual(order.totalFen)
    const { items } = await s.buyer.call('aftersale.list', { params: s.at() })
    for (const { state } of items) expect(['done', 'closed']).toContain(state)
    expect(items.reduce((sum, each) => sum + each.refundedFen, 0)).toBe((await orderNow(order)).refundedFen)
  })

  test('ORD-06 one key is one case; evidence is asked for where the reason says so', async () => {
    const order = await received(1)
    const bad = { type: 'refund' as const, reasonCode: 'quality', lines: [{ line: 0, quantity: 1 }] }
    await expect(apply(order, bad)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const wish = { ...bad, evidenceFileIds: [await s.evidence()], note: '杯口有裂' }
    const same = newKey()
    const [first, second] = await Promise.all([apply(order, wish, same), apply(order, wish, same)])
    expect(second!.id).toBe(first!.id)
    expect(first).toMatchObject({ quality: true, fault: 'merchant', evidence: [{ kind: 'image' }] })
    const stranger = await s.app.buyer()
    const other = stranger.call('aftersale.get', { params: { ...s.at(), caseId: first!.id } })
    await expect(other).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('ORD-06 nobody decides: reminded at the target, agreed to by the clock; refused and let go: closed', async () => {
    const order = await received(2)
    const lines = [{ line: 0, quantity: 1 }]
    const silent = await apply(order, { ...wanted, lines })
    const refused = await apply(order, { ...wanted, lines })
    await reject(refused.id)
    expect(await caseNow(refused.id)).toMatchObject({ state: 'rejected', rejectReason: '请提供更多照片' })
    await s.days(1)
    expect((await staffCase(silent.id)).timeline[0]).toMatchObject({ kind: 'internal' })
    expect((await caseNow(silent.id)).timeline.some(({ kind }) => kind === 'internal')).toBe(false)
    await s.days(1)
    expect(await caseNow(silent.id)).toMatchObject({ state: 'done', refundedFen: PRICE_FEN })
    await s.days(6)
    expect(await caseNow(refused.id)).toMatchObject({ state: 'closed', refundedFen: 0 })
    expect(await orderNow(order)).toMatchObject({ state: 'completed', refundedFen: PRICE_FEN })
  })
})
