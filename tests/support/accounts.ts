import type { RouteId } from '../../packages/contract/src/index.ts'
import type { TestBuyer, TestShop } from './app.ts'
import { newKey, type Visitor } from './http.ts'

/** Bodies that pass the schemas of the routes of channel accounts. */
export const accountBodies = (): Partial<Record<RouteId, unknown>> => ({
  'console.createChannelAccount': { kind: 'personal', name: newKey().slice(-12) },
  'console.updateChannelAccount': { name: newKey().slice(-12), version: 1 },
  'console.recordAccountAction': { action: 'moment', amount: 1 },
  'console.setAccountCredentials': { values: { appId: 'wx0123456789abcdef' } },
  'console.createChannelGroup': { name: newKey().slice(-12) },
  'console.updateChannelGroup': { name: newKey().slice(-12), version: 1 },
  'store.arrive': { code: 'ca-nonsense' },
})

/** A visitor comes through an account's link, as the storefront tells it. */
export async function comeThrough(visitor: Visitor, shop: TestShop, accountId: string): Promise<boolean> {
  const params = { shopId: shop.shopId }
  const { url } = await shop.owner.call('console.accountLink', { params: { ...params, accountId } })
  const code = new URL(url).searchParams.get('from')!
  return (await visitor.call('store.arrive', { params, body: { code } })).known
}

/** A row in every table of channel accounts. Answers the ids of the account and its matrix. */
export async function leaveAccountTraces(
  shop: TestShop,
  buyer: TestBuyer,
): Promise<{ accountId: string; groupId: string }> {
  const params = { shopId: shop.shopId }
  const { id: groupId } = await shop.owner.call('console.createChannelGroup', {
    params,
    body: { name: `矩阵 ${newKey().slice(0, 8)}` },
  })
  const { id: accountId } = await shop.owner.call('console.createChannelAccount', {
    params,
    body: { kind: 'personal', name: `号 ${newKey().slice(0, 8)}`, groupId },
  })
  const at = { ...params, accountId }
  const body = { action: 'moment', amount: 1 } as const
  await shop.owner.call('console.recordAccountAction', { params: at, idempotencyKey: newKey(), body })
  const { id } = await shop.owner.call('console.createChannelAccount', {
    params,
    body: { kind: 'mini-program', name: `小程序 ${newKey().slice(0, 8)}` },
  })
  await shop.owner.call('console.setAccountCredentials', {
    params: { ...params, accountId: id },
    body: { values: { appId: 'wx0123456789abcdef' } },
  })
  await comeThrough(buyer, shop, accountId)
  return { accountId, groupId }
}
