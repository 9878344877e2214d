import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import type { AccountAction } from '../packages/contract/src/index.ts'
import { comeThrough } from './support/accounts.ts'
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

describe('connections', () => {
  const set = (accountId: string, values: Record<string, string | null>) =>
    shop.owner.call('console.setAccountCredentials', { params: { ...params, accountId }, body: { values } })
  const test1 = (accountId: string) => shop.owner.call('console.testAccount', { params: { ...params, accountId } })

  test('ACC-01 credentials are sealed, told by their end only, replaced and removed; a change is untested', async () => {
    const { id } = await add({ kind: 'service' })
    const { WECHAT_MP_APPID: appId, WECHAT_MP_SECRET: appSecret } = app.env as Record<string, string>
    const kept = await set(id, { appId: appId!, appSecret: appSecret! })
    expect(kept.credentials).toMatchObject([
      { name: 'appId', last4: appId!.slice(-4) },
      { name: 'appSecret', last4: appSecret!.slice(-4) },
    ])
    expect(JSON.stringify(kept)).not.toContain(appSecret)
    const rows = await app.app.db.read('system', (tx) => tx.rows(sql`select * from channel_credentials`))
    expect(JSON.stringify(rows)).not.toContain(appSecret)
    const log = await shop.owner.call('console.audit', { params, query: { entityId: id } })
    expect(JSON.stringify(log)).not.toContain(appSecret)
    expect((await test1(id)).connection).toMatchObject({ state: 'ok', message: '', at: expect.any(String) })
    expect((await set(id, { token: 'short' })).connection).toMatchObject({ state: 'untested', at: null })
    expect((await set(id, { token: null })).credentials).toHaveLength(2)
    expect((await find(id)).credentials.find((each) => each.name === 'token')).toBeUndefined()
  })

  test('ACC-01 a test says in words what WeChat refuses, what is missing, and what has nothing to connect', async () => {
    const { id } = await add({ kind: 'mini-program' })
    await expect(test1(id)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('appId'),
    })
    await set(id, { appId: app.env.WECHAT_MINI_APPID!, appSecret: 'not-the-secret-at-all' })
    const { connection } = await test1(id)
    expect(connection.state).toBe('failed')
    expect(connection.message).toMatch(/密钥不正确.*\d+/)
    await expect(set(id, { corpId: 'ww12345678' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    await expect(test1((await add()).id)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    const corp = await add({ kind: 'wecom' })
    await set(corp.id, { corpId: app.env.WECHAT_MP_APPID!, corpSecret: app.env.WECHAT_MP_SECRET! })
    expect((await test1(corp.id)).connection.state).toBe('ok')
  })
})

describe('sources', () => {
  const sourceOf = async (orderId: string) =>
    (await shop.owner.call('console.order', { params: { ...params, orderId } })).source

  test('ACC-01 the last account within its days brings the order; what comes later changes no order', async () => {
    const [first, last] = [await add({ kind: 'service' }), await add({ kind: 'channels' })]
    const buyer = await app.buyer()
    const { skuIds } = await app.product(shop)
    const order = () => app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
    expect(await sourceOf((await order()).orderId)).toBeNull()
    await comeThrough(buyer, shop, first.id)
    app.clock.advance(60_000)
    await Promise.all(Array.from({ length: 5 }, () => comeThrough(buyer, shop, last.id)))
    const brought = await order()
    expect(await sourceOf(brought.orderId)).toEqual({ accountId: last.id, name: last.name })
    app.clock.advance(60_000)
    await comeThrough(buyer, shop, first.id)
    expect(await sourceOf(brought.orderId)).toMatchObject({ accountId: last.id })
    await app.pay(buyer, brought)
    await app.settle()
    const listed = await shop.owner.call('console.orders', { params, query: { channelAccount: last.id } })
    expect(listed.items.map((each) => each.id)).toEqual([brought.orderId])
    expect(listed.items[0]!.source).toMatchObject({ name: last.name })
    const none = await shop.owner.call('console.orders', { params, query: { channelAccount: 'none' } })
    expect(none.items.map((each) => each.id)).not.toContain(brought.orderId)
    const query = { from: '2026-11-01', to: '2026-12-31' }
    const figures = (await shop.owner.call('console.accountFigures', { params, query })).items
    expect(figures.find((each) => each.accountId === last.id)).toMatchObject({
      ...{ visitors: 1, orders: 1, paidOrders: 1, buyers: 1 },
      paidFen: brought.totalFen,
    })
    expect(figures.find((each) => each.accountId === null)).toMatchObject({ orders: 1 })
    app.clock.advance(31 * 86_400_000)
    shop.owner = await app.signIn(shop.ownerAccount)
    const late = await app.buyer(buyer.person)
    const after = await app.order(late, shop.shopId, [[skuIds[0]!, 1]])
    expect(await sourceOf(after.orderId)).toBeNull()
  })

  test('ACC-01 what a guest came through is theirs after signing in; unknown codes and shares are nothing', async () => {
    const account = await add({ kind: 'live' })
    const guest = app.visitor()
    expect(await comeThrough(guest, shop, account.id)).toBe(true)
    const arrive = (code: string) => guest.call('store.arrive', { params, body: { code } })
    expect(await arrive('ca-nosuchcode')).toEqual({ known: false })
    expect(await arrive('friend')).toEqual({ known: false })
    const who = app.sim.people.create({ name: '新客', phone: '13700001234' }).id
    const { token } = await guest.call('auth.miniSignIn', { body: { code: app.sim.people.loginCode(who) } })
    const buyer = app.visitor({ authorization: `Bearer ${token}` })
    const { skuIds } = await app.product(shop)
    const { orderId } = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
    expect(await sourceOf(orderId)).toMatchObject({ accountId: account.id })
    await shop.owner.call('console.deleteChannelAccount', { params: { ...params, accountId: account.id } })
    expect(await sourceOf(orderId)).toEqual({ accountId: account.id, name: '' })
  })
})

describe('matrix', () => {
  test('ACC-06 the overlap of two audiences is measured on the buyers who came through both', async () => {
    const group = await shop.owner.call('console.createChannelGroup', {
      params,
      body: { name: '茶矩阵', owner: '小林' },
    })
    const position = { track: '茶', audience: '上班族', tone: '轻松', pillars: ['泡茶', '茶器'], groupId: group.id }
    const [a, b] = [
      await add({ kind: 'channels', ...position }),
      await add({ kind: 'service', ...position, audience: '送礼的人', pillars: ['茶器'] }),
    ]
    const params1 = { ...params, groupId: group.id }
    const name = 'accounts.overlap-least-buyers'
    const { version } = (await shop.owner.call('console.settings', { params })).items.find(
      (each) => each.name === name,
    )!
    await shop.owner.call('console.setSetting', { params: { ...params, name }, body: { value: 3, version } })
    const buyers = await Promise.all(Array.from({ length: 6 }, () => app.buyer()))
    for (const buyer of buyers.slice(0, 4)) await comeThrough(buyer, shop, a.id)
    for (const buyer of buyers.slice(2)) await comeThrough(buyer, shop, b.id)
    // Guests are nobody's audience yet.
    await comeThrough(app.visitor(), shop, a.id)
    const report = await shop.owner.call('console.matrixReport', { params: params1 })
    expect(report.accounts).toMatchObject([
      { id: a.id, buyers: 4, positioned: true },
      { id: b.id, buyers: 4, positioned: true },
    ])
    expect(report.overlaps).toEqual([
      { a: a.id, b: b.id, shared: 2, jaccardBp: 3333, shareBp: 5000, isHigh: true, sameWords: ['茶', '茶器'] },
    ])
    await expect(
      shop.owner.call('console.createChannelGroup', { params, body: { name: '茶矩阵' } }),
    ).rejects.toMatchObject({ code: 'DUPLICATE' })
    const change = (owner: string) =>
      shop.owner.call('console.updateChannelGroup', { params: params1, body: { name: '茶矩阵', owner, version: 1 } })
    const outcomes = await Promise.allSettled([change('甲'), change('乙')])
    expect(outcomes.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    await shop.owner.call('console.deleteChannelGroup', { params: params1 })
    expect((await find(a.id)).groupId).toBeNull()
  })
})
