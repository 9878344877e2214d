import { Secret, TOTP } from 'otpauth'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PLATFORM_SHOP_ID } from '../apps/server/src/kernel/ids.ts'
import { ADDRESS, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import type { Visitor } from './support/http.ts'

let app: TestApp
let shop: TestShop
let admin: pg.Client
beforeAll(async () => {
  app = await startTestApp()
  shop = await app.openTestShop()
  admin = new pg.Client({ connectionString: app.database.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin?.end()
  await app?.close()
})

let count = 0
const newPerson = () => app.sim.people.create({ name: `路人${++count}`, phone: `137${String(10_000_000 + count)}` })
const miniSignIn = (person: string, visitor = app.visitor()) =>
  visitor.call('auth.miniSignIn', { body: { code: app.sim.people.loginCode(person) } })
const withToken = (token: string) => app.visitor({ authorization: `Bearer ${token}` })

/** Goes to WeChat's page and comes back as `person`; answers where one ends up. */
async function webSignIn(browser: Visitor, person: string, returnTo = '/'): Promise<string> {
  const start = await browser.ask(`/api/auth/wechat/web?returnTo=${encodeURIComponent(returnTo)}`)
  const atWechat = new URL(start.headers.get('location')!)
  atWechat.searchParams.set('person', person)
  const chosen = await app.visitor().ask(atWechat.href)
  const back = await browser.ask(chosen.headers.get('location')!)
  expect(back.status, back.text).toBe(302)
  return back.headers.get('location')!
}

/** As for a shop whose apps were bound together late: WeChat gave no UnionID so far. */
const forgetUnionids = () => admin.query(`delete from buyer_identities where kind = 'unionid'`)

describe('buyers at the mini program', () => {
  test('ACC-03 the first sign-in registers, every later one finds', async () => {
    const person = newPerson()
    const first = await miniSignIn(person.id)
    expect(first.isNew).toBe(true)
    const again = await miniSignIn(person.id)
    expect([again.isNew, again.buyer.id]).toEqual([false, first.buyer.id])
    expect((await withToken(again.token).call('buyer.me')).id).toBe(first.buyer.id)
  })

  test('ACC-03 sign-ins of one person that race register once', async () => {
    const person = newPerson()
    const signIns = await Promise.all(Array.from({ length: 12 }, () => miniSignIn(person.id)))
    expect(new Set(signIns.map((each) => each.buyer.id)).size).toBe(1)
    expect(signIns.filter((each) => each.isNew)).toHaveLength(1)
  })

  test('ACC-03 a code that was used, is old or was made up signs nobody in', async () => {
    const person = newPerson()
    const code = app.sim.people.loginCode(person.id)
    await app.visitor().call('auth.miniSignIn', { body: { code } })
    const old = app.sim.people.loginCode(person.id)
    app.clock.advance(6 * 60_000)
    for (const wrong of [code, old, 'made-up'])
      await expect(app.visitor().call('auth.miniSignIn', { body: { code: wrong } })).rejects.toMatchObject({
        code: 'WECHAT_SIGN_IN_FAILED',
        status: 401,
      })
  })

  test('ACC-03 what a guest put into the cart is the buyer’s after signing in', async () => {
    const { skuIds } = await app.product(shop)
    const guest = app.visitor()
    await guest.call('cart.add', { body: { shopId: shop.shopId, skuId: skuIds[0]!, quantity: 2 } })
    const { token } = await miniSignIn(newPerson().id, guest)
    expect((await withToken(token).call('cart.get')).shops[0]!.lines).toMatchObject([{ skuId: skuIds[0], quantity: 2 }])
    expect((await guest.call('cart.get')).count).toBe(0)
  })

  test('ACC-03 a session ends by signing out, and by itself after thirty days', async () => {
    const buyer = await app.buyer()
    const other = await app.buyer()
    await buyer.call('auth.buyerSignOut')
    await expect(buyer.call('buyer.me')).rejects.toMatchObject({ code: 'SIGN_IN_REQUIRED' })
    app.clock.advance(29 * 86_400_000)
    expect((await other.call('buyer.me')).id).toBe(other.buyerId)
    app.clock.advance(2 * 86_400_000)
    await expect(other.call('buyer.me')).rejects.toMatchObject({ code: 'SIGN_IN_REQUIRED' })
    shop.owner = await app.signIn(shop.ownerAccount)
  })
})

describe('buyers on the web', () => {
  test('ACC-03 sign-in goes to WeChat and comes back to where the buyer was, as the same person as in the mini program', async () => {
    const person = newPerson()
    const { buyer } = await miniSignIn(person.id)
    const browser = app.visitor()
    expect(await webSignIn(browser, person.id, '/orders?state=shipped')).toBe('/orders?state=shipped')
    expect((await browser.call('buyer.me')).id).toBe(buyer.id)
  })

  test('ACC-03 SYS-03 a sign-in that this browser did not begin is refused', async () => {
    const [victim, attacker] = [app.visitor(), app.visitor()]
    const start = await attacker.ask('/api/auth/wechat/web')
    const atWechat = new URL(start.headers.get('location')!)
    atWechat.searchParams.set('person', newPerson().id)
    const chosen = await app.visitor().ask(atWechat.href)
    const path = chosen.headers.get('location')!
    for (const prepare of [async () => {}, () => victim.ask('/api/auth/wechat/web')]) {
      await prepare()
      const reply = await victim.ask(path)
      expect([reply.status, reply.json]).toEqual([
        401,
        expect.objectContaining({ error: expect.objectContaining({ code: 'WECHAT_SIGN_IN_FAILED' }) }),
      ])
      expect(victim.cookies.has('zg_buyer')).toBe(false)
    }
  })

  test.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '\\\\evil.example',
    '/\n/evil.example',
  ])('SYS-03 nobody is sent to another place after signing in: %j', async (returnTo) => {
    const reply = await app.visitor().ask(`/api/auth/wechat/web?returnTo=${encodeURIComponent(returnTo)}`)
    expect([reply.status, reply.headers.get('location')]).toEqual([422, null])
  })
})

describe('one person, two records', () => {
  /** The same person came through both doors before WeChat said so. */
  async function twoRecords() {
    const person = newPerson()
    const mini = await miniSignIn(person.id)
    await forgetUnionids()
    const web = app.visitor()
    await webSignIn(web, person.id)
    const { id } = await web.call('buyer.me')
    expect(id).not.toBe(mini.buyer.id)
    const asMini: TestBuyer = { ...withToken(mini.token), token: mini.token, buyerId: mini.buyer.id, person: person.id }
    return { person, mini: asMini, web, webId: id }
  }

  test('ACC-03 become one when WeChat names them by UnionID: orders, cart, addresses and sessions follow', async () => {
    const { person, mini, web, webId } = await twoRecords()
    const { skuIds } = await app.product(shop, { pricesFen: [1000, 2000] })
    const order = await app.order(web, shop.shopId, [[skuIds[0]!, 1]])
    await mini.call('cart.add', { body: { shopId: shop.shopId, skuId: skuIds[0]!, quantity: 1 } })
    await web.call('cart.add', { body: { shopId: shop.shopId, skuId: skuIds[0]!, quantity: 2 } })
    await web.call('cart.add', { body: { shopId: shop.shopId, skuId: skuIds[1]!, quantity: 1 } })
    await mini.call('buyer.createAddress', { body: ADDRESS })
    await web.call('buyer.createAddress', { body: { ...ADDRESS, detail: '另一处' } })

    const { buyer } = await miniSignIn(person.id)
    expect(buyer.id).toBe(mini.buyerId)
    app.clock.advance(5_000)
    for (const visitor of [mini, web]) {
      expect((await visitor.call('buyer.me')).id).toBe(mini.buyerId)
      expect(
        (await visitor.call('orders.list', { params: { shopId: shop.shopId } })).items.map((each) => each.id),
      ).toEqual([order.orderId])
      const lines = (await visitor.call('cart.get')).shops.flatMap((each) => each.lines)
      expect(new Map(lines.map((line) => [line.skuId, line.quantity]))).toEqual(
        new Map([
          [skuIds[0], 3],
          [skuIds[1], 1],
        ]),
      )
      const { items } = await visitor.call('buyer.addresses')
      expect(items.filter((each) => each.isDefault)).toHaveLength(1)
      expect(items).toHaveLength(2)
    }
    await app.pay(mini, order)
    await app.settle()
    expect((await mini.call('orders.get', { params: { shopId: shop.shopId, orderId: order.orderId } })).state).toBe(
      'awaiting-shipment',
    )
    const merges = await admin.query(
      `select after from audit_log where shop_id = $1 and action = 'identity.merge-buyers' and entity_id = $2`,
      [PLATFORM_SHOP_ID, mini.buyerId],
    )
    expect(merges.rows).toMatchObject([{ after: { fromBuyerId: webId } }])
  })

  test('ACC-03 signing in again, and from both sides at once, merges once', async () => {
    const { person, mini, web } = await twoRecords()
    await Promise.all([
      ...Array.from({ length: 6 }, () => miniSignIn(person.id)),
      ...Array.from({ length: 3 }, () => webSignIn(app.visitor(), person.id)),
    ])
    app.clock.advance(5_000)
    expect((await web.call('buyer.me')).id).toBe(mini.buyerId)
    const merges = await admin.query(
      `select from outbox_events where name = 'identity.buyers-merged' and aggregate_id = $1`,
      [mini.buyerId],
    )
    expect(merges.rowCount).toBe(1)
  })

  test('ACC-03 full address books become one that can still be read and used', async () => {
    const { person, mini, web } = await twoRecords()
    for (const visitor of [mini, web])
      for (let n = 0; n < 12; n++)
        await visitor.call('buyer.createAddress', { body: { ...ADDRESS, detail: `${n} 号` } })
    await miniSignIn(person.id)
    app.clock.advance(5_000)
    const { items } = await mini.call('buyer.addresses')
    expect(items).toHaveLength(20)
    await mini.call('buyer.deleteAddress', { params: { addressId: items[0]!.id } })
  })
})

describe('phones', () => {
  test('ACC-03 GOV-08 a phone is bound through WeChat’s button, shown masked, and bound again without harm', async () => {
    const buyer = await app.buyer()
    const { phone } = app.sim.people.get(buyer.person)
    for (let n = 0; n < 2; n++) {
      const bound = await buyer.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(buyer.person) } })
      expect(bound.phoneMasked).toBe(`${phone.slice(0, 3)}****${phone.slice(-4)}`)
    }
    await expect(buyer.call('buyer.bindPhone', { body: { code: 'made-up' } })).rejects.toMatchObject({
      code: 'WECHAT_SIGN_IN_FAILED',
    })
  })

  test('ACC-03 GOV-08 a phone of somebody else with an account of the same app is taken, and the answer does not show it', async () => {
    const [holder, other] = [await app.buyer(), await app.buyer()]
    const { phone } = app.sim.people.get(holder.person)
    await holder.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(holder.person) } })
    const refused = other.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(holder.person) } })
    await expect(refused).rejects.toMatchObject({ code: 'PHONE_TAKEN' })
    expect(JSON.stringify(await refused.catch((error: { body: unknown }) => error.body))).not.toContain(phone)
    expect((await other.call('buyer.me')).phoneMasked).toBeNull()
  })

  test('ACC-03 a record known by the phone from another door is the same person', async () => {
    const person = newPerson()
    const web = app.visitor()
    await webSignIn(web, person.id)
    await forgetUnionids()
    const webId = (await web.call('buyer.me')).id
    await web.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(person.id) } })
    const mini = await miniSignIn(person.id)
    expect(mini.buyer.id).not.toBe(webId)
    await withToken(mini.token).call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(person.id) } })
    app.clock.advance(5_000)
    expect((await web.call('buyer.me')).id).toBe(mini.buyer.id)
  })
})

describe('one-time codes', () => {
  const codeAt = (secret: string, ms = app.clock.millis()) =>
    new TOTP({ secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp: ms })
  const signIn = (account: string, totp?: string) =>
    app
      .visitor()
      .call('auth.staffSignIn', { body: { account, password: 'correct-horse-battery', ...(totp ? { totp } : {}) } })

  test('ACC-05 SYS-03 once enrolled they are asked for, count once, and only about now', async () => {
    const staff = await app.staffWith(shop, ['catalog.read'])
    const { secret, uri, qrSvg } = await staff.call('staff.totpStart', { body: { password: 'correct-horse-battery' } })
    expect(uri).toContain(secret)
    expect(qrSvg).toContain('<svg')
    await expect(staff.call('staff.totpConfirm', { body: { code: codeAt(secret, 0) } })).rejects.toMatchObject({
      code: 'BAD_TOTP',
    })
    expect((await signIn(staff.account)).needsTotp).toBe(false)
    const first = codeAt(secret)
    await staff.call('staff.totpConfirm', { body: { code: first } })
    expect(await signIn(staff.account)).toEqual({ needsTotp: true, session: null })
    await expect(signIn(staff.account, first)).rejects.toMatchObject({ code: 'BAD_TOTP' })
    app.clock.advance(30_000)
    const code = codeAt(secret)
    const both = await Promise.allSettled([signIn(staff.account, code), signIn(staff.account, code)])
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    app.clock.advance(90_000)
    await expect(signIn(staff.account, code)).rejects.toMatchObject({ code: 'BAD_TOTP' })
    await expect(signIn(staff.account, codeAt(secret, app.clock.millis() - 90_000))).rejects.toMatchObject({
      code: 'BAD_TOTP',
    })
    expect((await signIn(staff.account, codeAt(secret))).session?.totpEnabled).toBe(true)
    const { rows } = await admin.query('select totp_cipher from staff where account = $1', [staff.account])
    expect(rows[0].totp_cipher).not.toContain(secret)
  })

  test('ACC-05 ACC-08 another app takes the place of the first: once proven and confirmed, with an end to other sessions', async () => {
    const staff = await app.staffWith(shop, ['catalog.read'])
    const start = (by: Pick<typeof staff, 'call'> = staff) =>
      by.call('staff.totpStart', { body: { password: 'correct-horse-battery' } })
    const confirm = (code: string, by: Pick<typeof staff, 'call'> = staff) =>
      by.call('staff.totpConfirm', { body: { code } })
    const { secret: old } = await start()
    await confirm(codeAt(old))
    app.clock.advance(30_000)
    const elsewhere = app.visitor()
    const body = { account: staff.account, password: 'correct-horse-battery', totp: codeAt(old) }
    await elsewhere.call('auth.staffSignIn', { body })
    await expect(start(elsewhere)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
    app.clock.advance(30_000)
    await elsewhere.call('staff.stepUp', { body: { purpose: 'staff', proof: { means: 'totp', code: codeAt(old) } } })
    const begun = await Promise.all([start(elsewhere), start(elsewhere), start(elsewhere)])
    // The old one counts until then, and of those that were begun only the last.
    app.clock.advance(30_000)
    expect((await signIn(staff.account, codeAt(old))).session).not.toBeNull()
    const confirmed = await Promise.allSettled(begun.map(({ secret }) => confirm(codeAt(secret), elsewhere)))
    expect(confirmed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { secret } = begun[confirmed.findIndex(({ status }) => status === 'fulfilled')]!
    await expect(staff.call('staff.me')).rejects.toMatchObject({ status: 401 })
    expect((await elsewhere.call('staff.me')).totpEnabled).toBe(true)
    app.clock.advance(30_000)
    await expect(signIn(staff.account, codeAt(old))).rejects.toMatchObject({ code: 'BAD_TOTP' })
    expect((await signIn(staff.account, codeAt(secret))).session).not.toBeNull()
    const { rows } = await admin.query('select totp_cipher, totp_next from staff where account = $1', [staff.account])
    expect(rows).toMatchObject([{ totp_cipher: expect.not.stringContaining(secret), totp_next: null }])
  })

  test('ACC-05 SYS-03 guessing codes locks the account too', async () => {
    const staff = await app.staffWith(shop, ['catalog.read'])
    const { secret } = await staff.call('staff.totpStart', { body: { password: 'correct-horse-battery' } })
    await staff.call('staff.totpConfirm', { body: { code: codeAt(secret) } })
    app.clock.advance(30_000)
    for (let n = 0; n < 5; n++)
      await expect(signIn(staff.account, codeAt(secret, n * 30_000))).rejects.toMatchObject({ code: 'BAD_TOTP' })
    await expect(signIn(staff.account, codeAt(secret))).rejects.toMatchObject({ code: 'ACCOUNT_LOCKED', status: 423 })
  })
})
