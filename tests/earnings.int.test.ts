import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE_MS } from '../apps/server/src/kernel/clock.ts'
import { startTestApp, type TestApp } from './support/app.ts'
import { newKey } from './support/http.ts'
import { receivedOrder } from './support/reviews.ts'
import { addParty, openidOf, sign } from './support/sharing.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  app.sim.topUp(1_000_000)
})
afterAll(() => app?.close())

test('PAY-05 what is on its way to a person is not withdrawn yet, and counts once', async () => {
  const shop = await app.openTestShop()
  const earner = await app.buyer()
  const party = await addParty(shop, { account: { kind: 'openid', value: openidOf(app, earner.person) } })
  await sign(shop, party.id, { holdDays: 0, payBy: 'withdrawal' })
  const { skuIds } = await app.product(shop, { pricesFen: [4300] })
  await receivedOrder(app, shop, await app.buyer(), [[skuIds[0]!, 2]])
  await app.advance(2 * MINUTE_MS)
  await app.advance(3 * MINUTE_MS)
  const params = { shopId: shop.shopId, partyId: party.id }
  const standing = async () => {
    const { payableFen, flyingFen, withdrawnFen } = await shop.owner.call('console.partyEarnings', { params })
    return { payableFen, flyingFen, withdrawnFen }
  }
  expect(await standing()).toEqual({ payableFen: 1032, flyingFen: 0, withdrawnFen: 0 })
  await earner.call('buyer.withdrawShare', { params, idempotencyKey: newKey(), body: { amountFen: 500 } })
  await app.settle()
  expect(await standing()).toEqual({ payableFen: 532, flyingFen: 500, withdrawnFen: 0 })
  const { items } = await earner.call('buyer.payouts')
  app.sim.confirmTransfer({ package: items[0]!.client!.package, person: earner.person })
  await app.sim.settle()
  await app.advance(5 * MINUTE_MS)
  expect(await standing()).toEqual({ payableFen: 532, flyingFen: 0, withdrawnFen: 500 })
})
