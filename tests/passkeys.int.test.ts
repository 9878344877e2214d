import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { softAuthenticator } from './support/authenticator.ts'
import type { Visitor } from './support/http.ts'

let app: TestApp
let shop: TestShop
let origin: string
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop()
  origin = app.url.replace('127.0.0.1', 'localhost')
})
afterAll(() => app?.close())

const password = { password: PASSWORD }
const device = () => softAuthenticator(origin, 'localhost')
type Device = ReturnType<typeof device>

async function addTo(staff: Visitor, key: Device, name = '我的手机') {
  const { options } = await staff.call('staff.passkeyStart', { body: password })
  return staff.call('staff.addPasskey', { body: { name, response: key.register(options) } })
}
const question = async () => (await app.visitor().call('auth.passkeyOptions', {})).options
const answer = (response: ReturnType<Device['signIn']>, visitor = app.visitor()) =>
  visitor.call('auth.passkeySignIn', { body: { response } })

describe('passkeys', () => {
  test('ACC-08 a passkey signs in without password and code, and is seen to be used', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    const key = device()
    const added = await addTo(staff, key)
    expect(added).toMatchObject({ name: '我的手机', lastUsedAt: null, cloneSuspectedAt: null })
    const visitor = app.visitor()
    expect((await answer(key.signIn(await question()), visitor)).session.account).toBe(staff.account)
    await visitor.call('console.orders', { params: { shopId: shop.shopId } })
    expect((await staff.call('staff.signInMeans')).passkeys).toMatchObject([
      { id: added.id, lastUsedAt: expect.any(String) },
    ])
    const trail = await shop.owner.call('console.audit', { params: { shopId: shop.shopId }, query: {} })
    expect(trail.items.map((each) => each.action)).toEqual(
      expect.arrayContaining(['identity.add-passkey', 'identity.sign-in']),
    )
  })

  test('ACC-08 an answer counts once, also when it comes many times at once', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    const key = device()
    await addTo(staff, key)
    const response = key.signIn(await question())
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => answer(response)))
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    await expect(answer(response)).rejects.toMatchObject({ code: 'PASSKEY_REFUSED', status: 401 })
  })

  test('ACC-08 a question that is old, made up, or asked for something else is refused', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    const key = device()
    await addTo(staff, key)
    const old = key.signIn(await question())
    app.clock.advance(5 * 60_000)
    await expect(answer(old)).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    await expect(answer(key.signIn({ challenge: 'AAAA' }))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    const { options } = await staff.call('staff.passkeyStart', { body: password })
    await expect(answer(key.signIn(options))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    const other = await app.staffWith(shop, ['orders.read'])
    await expect(
      other.call('staff.addPasskey', { body: { name: '别人的', response: device().register(options) } }),
    ).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
  })

  test('ACC-08 another site, an unverified person and an unknown key are refused', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    const key = device()
    await addTo(staff, key)
    key.origin = 'https://evil.example'
    await expect(answer(key.signIn(await question()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    key.origin = origin
    key.verifies = false
    await expect(answer(key.signIn(await question()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    await expect(answer(device().signIn(await question()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    key.verifies = true
    await answer(key.signIn(await question()))
  })

  test('ACC-08 a counter that went back is a key that exists twice: refused, told and recorded', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    const key = device()
    await addTo(staff, key)
    key.counter = 40
    await answer(key.signIn(await question()))
    key.counter = 12
    await expect(answer(key.signIn(await question()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    expect((await staff.call('staff.signInMeans')).passkeys[0]!.cloneSuspectedAt).not.toBeNull()
    const trail = await shop.owner.call('console.audit', { params: { shopId: shop.shopId }, query: {} })
    expect(trail.items.map((each) => each.action)).toContain('identity.passkey-clone')
  })

  test('ACC-08 a removed passkey, and one that the owner took away, sign nobody in; only the own can be removed', async () => {
    const [staff, other] = [await app.staffWith(shop, ['orders.read']), await app.staffWith(shop, ['orders.read'])]
    const [first, second] = [device(), device()]
    const { id } = await addTo(staff, first)
    await addTo(staff, second, '电脑')
    await expect(other.call('staff.removePasskey', { params: { passkeyId: id } })).rejects.toMatchObject({
      status: 404,
    })
    await staff.call('staff.removePasskey', { params: { passkeyId: id } })
    await expect(answer(first.signIn(await question()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    await answer(second.signIn(await question()))
    const params = { shopId: shop.shopId, staffId: staff.staffId }
    expect((await shop.owner.call('console.updateStaff', { params, body: { resetPasskeys: true } })).passkeyCount).toBe(
      0,
    )
    await expect(answer(second.signIn(await question()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
    await expect(staff.call('staff.me')).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
  })

  test('ACC-08 adding asks for the password; no more than ten, also when many are added at once', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    await expect(staff.call('staff.passkeyStart', { body: { password: 'wrong' } })).rejects.toMatchObject({
      code: 'BAD_CREDENTIALS',
    })
    for (let n = 0; n < 8; n++) await addTo(staff, device(), `钥匙 ${n}`)
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => addTo(staff, device())))
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(2)
    expect((await staff.call('staff.signInMeans')).passkeys).toHaveLength(10)
  })
})

describe('recovery codes', () => {
  test('ACC-08 a recovery code stands once for a one-time code; new ones replace all earlier', async () => {
    const staff = await app.staffWith(shop, ['orders.read'])
    const { secret } = await staff.call('staff.totpStart', { body: { password: PASSWORD } })
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: app.clock.millis() })
    await staff.call('staff.totpConfirm', { body: { code } })
    const first = (await staff.call('staff.recoveryCodes', { body: password })).codes
    expect(new Set(first).size).toBe(10)
    const { codes } = await staff.call('staff.recoveryCodes', { body: password })
    const withCode = (recoveryCode: string) =>
      app.visitor().call('auth.staffSignIn', { body: { account: staff.account, password: PASSWORD, recoveryCode } })
    await expect(withCode(first[0]!)).rejects.toMatchObject({ code: 'BAD_RECOVERY_CODE', status: 401 })
    const typed = codes[0]!.toLowerCase().replace('-', ' ')
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => withCode(typed)))
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    expect((await staff.call('staff.signInMeans')).recoveryCodesLeft).toBe(9)
    await expect(staff.call('staff.recoveryCodes', { body: { password: 'wrong' } })).rejects.toMatchObject({
      code: 'BAD_CREDENTIALS',
    })
  })
})
