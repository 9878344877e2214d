import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountAction } from '../packages/contract/src/index.ts'
import { startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'

let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())

let made = 0
const add = (more: object = {}) =>
  shop.owner.call('console.createChannelAccount', {
    params,
    body: { kind: 'personal', name: `小号 ${++made}`, ...more },
  })
const act = (accountId: string, action: AccountAction, amount: number, acknowledged = false) =>
  shop.owner.call('console.recordAccountAction', {
    params: { ...params, accountId },
    idempotencyKey: newKey(),
    body: { action, amount, acknowledged },
  })
const find = async (id: string) =>
  (await shop.owner.call('console.channelAccounts', { params })).items.find((each) => each.id === id)!

describe('channel accounts', () => {
  test('ACC-01 every kind is kept with its positioning, changed by one at a time, and removed', async () => {
    const kinds = ['personal', 'subscription', 'service', 'wecom', 'mini-program', 'channels', 'live', 'showcase']
    for (const kind of kinds) await add({ kind, positioning: '老客复购', keeper: '小林' })
    const { id, version } = await add({ wechatId: 'tea-shop' })
    const change = (name: string) =>
      shop.owner.call('console.updateChannelAccount', { params: { ...params, accountId: id }, body: { name, version } })
    const outcomes = await Promise.allSettled([change('甲'), change('乙')])
    expect(outcomes.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(add({ name: (await find(id)).name })).rejects.toMatchObject({ code: 'DUPLICATE' })
    await shop.owner.call('console.deleteChannelAccount', { params: { ...params, accountId: id } })
    expect(await find(id)).toBeUndefined()
  })

  test('ACC-02 friend adds warn from 20 a day on and ask back beyond 50, counting every one of many at once', async () => {
    const { id } = await add({ friends: 100 })
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => act(id, 'friend-add', 1)))
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(50)
    const account = await find(id)
    expect(account.friends).toBe(150)
    expect(account.usage[0]).toMatchObject({ what: 'friend-add', total: 50, warnAt: 20, limit: 50, level: 'near' })
    await expect(act(id, 'friend-add', 1)).rejects.toMatchObject({ code: 'ACCOUNT_LIMIT', status: 409 })
    expect((await act(id, 'friend-add', 1, true)).usage[0]).toMatchObject({ total: 51, level: 'over' })
  })

  test('ACC-02 ¥50,000 a day, 5 posts a day and 5,000 friends; a new day begins at midnight of the shop', async () => {
    const { id } = await add({ friends: 4999 })
    await act(id, 'receipt', 5_000_000)
    await expect(act(id, 'receipt', 1)).rejects.toMatchObject({ code: 'ACCOUNT_LIMIT' })
    await act(id, 'moment', 5)
    await expect(act(id, 'moment', 1)).rejects.toMatchObject({ code: 'ACCOUNT_LIMIT' })
    await act(id, 'friend-add', 1)
    await expect(act(id, 'friend-add', 1)).rejects.toMatchObject({ code: 'ACCOUNT_LIMIT' })
    app.clock.advance(24 * 3_600_000)
    shop.owner = await app.signIn(shop.ownerAccount)
    expect((await find(id)).usage.map((each) => each.total)).toEqual([0, 5000, 0, 0])
    await act(id, 'moment', 1)
  })

  test('ACC-02 a shop may refuse what crosses a limit, and set its own', async () => {
    const set = (name: string, value: unknown) =>
      shop.owner.call('console.setSetting', { params: { ...params, name }, body: { value, version: 0 } })
    await set('accounts.moments-limit', 3)
    await set('accounts.refuse-beyond-limit', true)
    const { id } = await add()
    await act(id, 'moment', 3)
    await expect(act(id, 'moment', 1, true)).rejects.toMatchObject({ code: 'ACCOUNT_LIMIT' })
    const service = await add({ kind: 'service' })
    await expect(act(service.id, 'moment', 1)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  })
})
