import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aftersaleStage, PRICE_FEN } from './support/aftersale.ts'
import type { PlacedOrder } from './support/app.ts'
import { newKey } from './support/http.ts'

const s = aftersaleStage()

const act = fc.oneof(
  fc.record({
    kind: fc.constant('apply' as const),
    type: fc.constantFrom('refund' as const, 'return' as const, 'exchange' as const),
    line: fc.integer({ min: 0, max: 1 }),
    quantity: fc.integer({ min: 1, max: 3 }),
    percent: fc.integer({ min: 1, max: 100 }),
  }),
  fc.record({
    kind: fc.constantFrom('approve', 'reject', 'cancel', 'send-back', 'inspect', 'dispute', 'rule') as fc.Arbitrary<
      'approve' | 'reject' | 'cancel' | 'send-back' | 'inspect' | 'dispute' | 'rule'
    >,
    which: fc.nat({ max: 20 }),
    percent: fc.integer({ min: 1, max: 100 }),
  }),
)
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

test('ORD-06 whatever both sides and the platform do, side by side and in any order, no more goes back than was paid for what went', async () => {
  const platform = await s.app.platformStaff()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 8 }),
      async (rounds) => {
        const { skuIds } = await s.app.product(s.shop, { pricesFen: [PRICE_FEN, PRICE_FEN] })
        const order = await s.paid([
          [skuIds[0]!, 2],
          [skuIds[1]!, 1],
        ])
        await s.ship(order)
        await s.receive(order)
        for (const round of rounds) {
          await Promise.allSettled(round.map((each) => take(order, each, platform.call)))
          await s.app.settle()
        }
        await settled(order)
      },
    ),
    { numRuns: 3 },
  )
}, 120_000)

async function take(order: PlacedOrder, what: Act, platform: typeof s.buyer.call): Promise<unknown> {
  if (what.kind === 'apply') {
    const { type, line, quantity, percent } = what
    const wish = { type, reasonCode: type === 'refund' ? 'price' : 'no-reason', lines: [{ line, quantity }] }
    if (type === 'exchange') return s.apply(order, { ...wish, reasonCode: 'wrong-size' })
    const { ceilingFen } = await s.buyer.call('aftersale.quote', { params: s.key(order), body: wish })
    const amountFen = Math.max(1, Math.floor((ceilingFen * percent) / 100)) as typeof ceilingFen
    return s.apply(order, { ...wish, amountFen })
  }
  const { items } = await s.buyer.call('aftersale.list', { params: s.at(), query: { orderId: order.orderId } })
  if (items.length === 0) return
  const { id, lines, amountFen } = items[what.which % items.length]!
  const params = { ...s.at(), caseId: id }
  switch (what.kind) {
    case 'approve':
      return s.approve(id)
    case 'reject':
      return s.reject(id)
    case 'cancel':
      return s.cancel(id)
    case 'send-back':
      return s.sendBack(id)
    case 'inspect':
      return s.inspect(
        id,
        lines.map(({ line, quantity }) => ({ line, restock: quantity, scrap: 0 })),
      )
    case 'dispute':
      return s.dispute(id)
    case 'rule': {
      const ruled = Math.max(1, Math.floor((amountFen * what.percent) / 100)) as typeof amountFen
      const body = { outcome: 'refund' as const, amountFen: ruled, reason: '各让一步' }
      return platform('platform.ruleAftersale', { params, body })
    }
  }
}

/** The books, the order and the cases tell the same, and nothing is over its share. */
async function settled(order: PlacedOrder): Promise<void> {
  const now = await s.orderNow(order)
  const back = now.refunds.filter(({ state }) => state === 'succeeded').reduce((sum, each) => sum + each.amountFen, 0)
  expect(back).toBe(now.refundedFen)
  expect(back).toBeLessThanOrEqual(order.totalFen)
  const { items } = await s.buyer.call('aftersale.list', {
    params: s.at(),
    query: { orderId: order.orderId, limit: 100 },
  })
  expect(items.reduce((sum, each) => sum + each.refundedFen, 0)).toBe(back)
  for (const line of [0, 1]) {
    const given = items
      .filter(({ state }) => state === 'done')
      .flatMap((each) => each.lines.filter((one) => one.line === line))
    const sum = given.reduce((total, each) => total + each.amountFen, 0)
    expect(sum).toBeLessThanOrEqual(PRICE_FEN * (line === 0 ? 2 : 1))
  }
  expect(items.filter(({ state }) => state === 'refunding')).toEqual([])
  expect((await s.app.audit()).deviations).toEqual([])
  // Whatever is left of it goes back in the end, and no fen more.
  if (now.state !== 'refunded') {
    const body = { reason: '收尾' }
    await s.shop.owner.call('console.refundOrder', { params: s.key(order), idempotencyKey: newKey(), body })
    await s.app.settle()
    expect(await s.orderNow(order)).toMatchObject({ state: 'refunded', refundedFen: order.totalFen })
  }
}
