import { agreeToTexts, type TestApp, type TestShop } from '../app.ts'
import { newKey } from '../http.ts'
import { orRefusal } from './patient.ts'

const AT_ONCE = 6
const WAYS = ['confirm', 'confirm', 'confirm', 'refuse', 'nothing'] as const

/**
 * The shop asks for its money several times at once, together for more than it has; the receiver confirms, refuses or
 * does nothing.
 */
export async function withdrawals(app: TestApp, shop: TestShop, random: () => number): Promise<void> {
  const params = { shopId: shop.shopId }
  const owner = await app.signIn(shop.ownerAccount)
  const buyer = await app.buyer()
  await agreeToTexts(buyer, shop.shopId)
  const realName = app.sim.people.get(buyer.person)!.name
  await owner.call('console.setPayoutAccount', {
    params,
    body: { buyerId: buyer.buyerId, realName, version: 0 },
  })
  const { limits } = await owner.call('console.payoutAccount', { params })
  const amountFen = Math.max(100, Math.floor(limits.mostFen / (AT_ONCE - 2)))
  const withdraw = () => {
    const idempotencyKey = newKey()
    return orRefusal(() => owner.call('console.withdraw', { params, idempotencyKey, body: { amountFen } }))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, withdraw))
  await app.settle().catch(() => {})
  const { items } = await buyer.call('buyer.payouts')
  for (const { client } of items) {
    const action = WAYS[Math.floor(random() * WAYS.length)]!
    if (client && action !== 'nothing')
      app.sim.confirmTransfer({ package: client.package, person: buyer.person, action })
  }
}
