import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../apps/server/src/kernel/ids.ts'
import { STEP_UP_PURPOSES, type StepUpPurpose } from '../packages/contract/src/index.ts'
import { PASSWORD, startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { softAuthenticator } from './support/authenticator.ts'
import type { Visitor } from './support/http.ts'

let app: TestApp
let shop: TestShop
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop()
})
afterAll(() => app?.close())

/** A manager of staff, signed in without having proved anything. */
async function manager() {
  const { account } = await app.staffWith(shop, ['staff.read', 'staff.write', 'stock.read', 'settings.read'])
  const visitor = app.visitor()
  await visitor.call('auth.staffSignIn', { body: { account, password: PASSWORD } })
  return visitor
}
let count = 0
const newRole = (staff: Visitor) =>
  staff.call('console.createRole', {
    params: { shopId: shop.shopId },
    body: { name: `岗位${++count}`, permissions: ['staff.read'] },
  })
const asked = (means: string[], purpose: StepUpPurpose = 'staff') => ({
  status: 403,
  code: 'STEP_UP_REQUIRED',
  body: { data: { purpose, means } },
})
const origin = () => app.url.replace('127.0.0.1', 'localhost')
async function passkeyOf(staff: Visitor) {
  const key = softAuthenticator(origin(), 'localhost')
  const { options } = await staff.call('staff.passkeyStart', { body: { password: PASSWORD } })
  await staff.call('staff.addPasskey', { body: { name: '手机', response: key.register(options) } })
  return key
}
async function codeApp(staff: Visitor) {
  const { secret } = await staff.call('staff.totpStart', { body: { password: PASSWORD } })
  const totp = new TOTP({ secret: Secret.fromBase32(secret), period: 30, digits: 6 })
  const code = () => totp.generate({ timestamp: app.clock.millis() })
  await staff.call('staff.totpConfirm', { body: { code: code() } })
  app.clock.advance(30_000)
  return code
}

test('ACC-08 a change of permissions waits for a passkey, is good for five minutes and for its purpose only', async () => {
  const staff = await manager()
  await expect(newRole(staff)).rejects.toMatchObject(asked(['password']))
  const key = await passkeyOf(staff)
  await expect(newRole(staff)).rejects.toMatchObject(asked(['passkey']))
  const ask = async (purpose: StepUpPurpose) => (await staff.call('staff.stepUpOptions', { body: { purpose } })).options
  const prove = (purpose: StepUpPurpose, response: ReturnType<typeof key.signIn>) =>
    staff.call('staff.stepUp', { body: { purpose, proof: { means: 'passkey', response } } })
  // What was signed for one purpose proves nothing for another, and nothing twice.
  const forRefunds = key.signIn(await ask('refund'))
  await expect(prove('staff', forRefunds)).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
  await prove('refund', key.signIn(await ask('refund')))
  await expect(newRole(staff)).rejects.toMatchObject(asked(['passkey']))
  const response = key.signIn(await ask('staff'))
  await prove('staff', response)
  await expect(prove('staff', response)).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
  await newRole(staff)
  app.clock.advance(4 * 60_000)
  await newRole(staff)
  app.clock.advance(60_000)
  await expect(newRole(staff)).rejects.toMatchObject(asked(['passkey']))
})

test('ACC-08 an unverified person, another’s passkey and another session prove nothing', async () => {
  const [staff, other] = [await manager(), await manager()]
  const [key, otherKey] = [await passkeyOf(staff), await passkeyOf(other)]
  const ask = async () => (await staff.call('staff.stepUpOptions', { body: { purpose: 'staff' } })).options
  const prove = (visitor: Visitor, response: ReturnType<typeof key.signIn>) =>
    visitor.call('staff.stepUp', { body: { purpose: 'staff', proof: { means: 'passkey', response } } })
  await expect(prove(staff, otherKey.signIn(await ask()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
  await expect(prove(other, key.signIn(await ask()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
  key.verifies = false
  await expect(prove(staff, key.signIn(await ask()))).rejects.toMatchObject({ code: 'PASSKEY_REFUSED' })
  await expect(newRole(staff)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
})

test('ACC-08 a one-time code is the fallback, counts once, and wrong ones lock the account', async () => {
  const staff = await manager()
  const code = await codeApp(staff)
  await expect(newRole(staff)).rejects.toMatchObject(asked(['totp']))
  const prove = (text: string, purpose: StepUpPurpose = 'staff') =>
    staff.call('staff.stepUp', { body: { purpose, proof: { means: 'totp', code: text } } })
  const right = code()
  const at = app.clock.millis()
  expect(Date.parse((await prove(right)).until) - at).toBe(300_000)
  await newRole(staff)
  await expect(prove(right, 'withdrawal')).rejects.toMatchObject({ code: 'BAD_TOTP' })
  // Once there is a code app, the password is no proof any more.
  await expect(
    staff.call('staff.stepUp', { body: { purpose: 'export', proof: { means: 'password', password: PASSWORD } } }),
  ).rejects.toMatchObject({ code: 'STEP_UP_NOT_ENROLLED' })
  const { codes } = await staff.call('staff.recoveryCodes', { body: { password: PASSWORD } })
  const recover = () =>
    staff.call('staff.stepUp', { body: { purpose: 'export', proof: { means: 'recovery-code', code: codes[0]! } } })
  await recover()
  await expect(recover()).rejects.toMatchObject({ code: 'BAD_RECOVERY_CODE' })
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => prove('000000')))
  const codesOf = tries.map((each) => (each.status === 'rejected' ? (each.reason as { code: string }).code : 'passed'))
  expect(codesOf).toContain('ACCOUNT_LOCKED')
  expect(codesOf.filter((each) => each === 'BAD_TOTP').length).toBeLessThanOrEqual(5)
})

test('ACC-08 a password proves only who has nothing better, and never where money goes', async () => {
  const staff = await manager()
  const prove = (purpose: StepUpPurpose) =>
    staff.call('staff.stepUp', { body: { purpose, proof: { means: 'password', password: PASSWORD } } })
  await prove('staff')
  await newRole(staff)
  for (const purpose of ['withdrawal', 'payout', 'credentials'] as const)
    await expect(prove(purpose)).rejects.toMatchObject({ code: 'STEP_UP_NOT_ENROLLED' })
  for (const purpose of STEP_UP_PURPOSES.filter((each) => !['withdrawal', 'payout', 'credentials'].includes(each)))
    await prove(purpose)
})

test('ACC-08 a stolen session cannot enrol a means of its own: each asks for the password, and guesses lock', async () => {
  const staff = await manager()
  const body = { password: 'not the password' }
  for (const path of ['staff.totpStart', 'staff.passkeyStart', 'staff.recoveryCodes'] as const)
    await expect(staff.call(path, { body })).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
  await expect(staff.call('staff.totpConfirm', { body: { code: '000000' } })).rejects.toMatchObject({
    code: 'BAD_TOTP',
  })
  const prove = staff.call('staff.stepUp', { body: { purpose: 'payout', proof: { means: 'totp', code: '000000' } } })
  await expect(prove).rejects.toMatchObject({ code: 'STEP_UP_NOT_ENROLLED' })
  const guesses = await Promise.allSettled(Array.from({ length: 8 }, () => staff.call('staff.totpStart', { body })))
  const codes = guesses.map((each) => (each.status === 'rejected' ? (each.reason as { code: string }).code : 'passed'))
  expect(codes).toContain('ACCOUNT_LOCKED')
  expect(codes).not.toContain('passed')
})

test('ACC-08 whoever has a passkey or a code app proves it before changing with what they sign in', async () => {
  const body = { password: PASSWORD }
  for (const [means, enrol] of [
    ['passkey', passkeyOf],
    ['totp', codeApp],
  ] as const) {
    const staff = await manager()
    // The first of them, and recovery codes before it, are the password's to give.
    expect((await staff.call('staff.recoveryCodes', { body })).codes).toHaveLength(10)
    const proofOf = await enrol(staff)
    const refused = asked([means, 'recovery-code'])
    for (const path of ['staff.totpStart', 'staff.passkeyStart', 'staff.recoveryCodes'] as const)
      await expect(staff.call(path, { body }), path).rejects.toMatchObject(refused)
    const key = softAuthenticator(origin(), 'localhost')
    const made = key.register({ challenge: 'AAAA' } as never)
    await expect(staff.call('staff.addPasskey', { body: { name: '他的', response: made } })).rejects.toMatchObject(
      refused,
    )
    const params = { passkeyId: (await staff.call('staff.signInMeans')).passkeys[0]?.id ?? newId() }
    await expect(staff.call('staff.removePasskey', { params })).rejects.toMatchObject(refused)

    const ask = async () => (await staff.call('staff.stepUpOptions', { body: { purpose: 'staff' } })).options
    const proof =
      typeof proofOf === 'function'
        ? { means: 'totp' as const, code: proofOf() }
        : { means: 'passkey' as const, response: proofOf.signIn(await ask()) }
    await staff.call('staff.stepUp', { body: { purpose: 'staff', proof } })
    const { codes } = await staff.call('staff.recoveryCodes', { body })
    expect(codes).toHaveLength(10)
    await passkeyOf(staff)
    const { passkeys } = await staff.call('staff.signInMeans')
    await staff.call('staff.removePasskey', { params: { passkeyId: passkeys[0]!.id } })
    expect((await staff.call('staff.signInMeans')).passkeys).toHaveLength(passkeys.length - 1)
  }
})

test('ACC-08 a passkey that two windows begin before there is any, and one finishes, asks the other for it', async () => {
  const staff = await manager()
  const [first, second] = [softAuthenticator(origin(), 'localhost'), softAuthenticator(origin(), 'localhost')]
  const begin = async () => (await staff.call('staff.passkeyStart', { body: { password: PASSWORD } })).options
  const [one, two] = [await begin(), await begin()]
  await staff.call('staff.addPasskey', { body: { name: '先', response: first.register(one) } })
  await expect(
    staff.call('staff.addPasskey', { body: { name: '后', response: second.register(two) } }),
  ).rejects.toMatchObject(asked(['passkey']))
})

test('ACC-08 a proof stands in the audit trail and ends with its session', async () => {
  const { account } = await app.staffWith(shop, ['staff.read', 'staff.write'])
  const visitor = app.visitor()
  const signIn = () => visitor.call('auth.staffSignIn', { body: { account, password: PASSWORD } })
  await signIn()
  const proof = { means: 'password', password: PASSWORD } as const
  await visitor.call('staff.stepUp', { body: { purpose: 'staff', proof } })
  await newRole(visitor)
  await visitor.call('auth.staffSignOut')
  await signIn()
  await expect(newRole(visitor)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
  const { items } = await shop.owner.call('console.audit', { params: { shopId: shop.shopId }, query: { limit: 20 } })
  expect(items.some((each) => each.action === 'identity.step-up' && each.summary.includes('员工与权限'))).toBe(true)
})

test('ACC-08 large adjustments of stock ask, small ones and purchases do not', async () => {
  const params = { shopId: shop.shopId }
  const { skuIds } = await app.product(shop, { stock: 6000 })
  const { items } = await shop.owner.call('console.warehouses', { params })
  const owner = app.visitor()
  await owner.call('auth.staffSignIn', { body: { account: shop.ownerAccount, password: PASSWORD } })
  const adjust = (quantity: number) =>
    owner.call('console.adjustStock', {
      params,
      idempotencyKey: `adjust-${quantity}-${Math.abs(quantity)}`,
      body: { warehouseId: items[0]!.id, reason: 'damage', lines: [{ skuId: skuIds[0]!, quantity }] },
    })
  await adjust(-1)
  await expect(adjust(-5001)).rejects.toMatchObject(asked(['password'], 'adjustment'))
})

test('ACC-08 a sign-in from a new device or place is told to the person and stands in the audit trail', async () => {
  const { account } = await app.staffWith(shop, ['staff.read'])
  const from = async (agent: string, ip: string) => {
    const visitor = app.visitor({ 'user-agent': agent, 'x-forwarded-for': ip })
    await visitor.call('auth.staffSignIn', { body: { account, password: PASSWORD } })
    return visitor
  }
  const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/130.0 Safari/537.36'
  await from(MAC, '203.0.113.7')
  const known = await from(MAC.replace('130', '131'), '203.0.113.99')
  const open = async (visitor: Visitor) => (await visitor.call('staff.signIns')).items.filter((each) => each.open)
  await known.call('staff.ownSignIns')
  expect(await open(known)).toEqual([])
  const stranger = await from('Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', '2001:db8:12:34::1')
  expect(await open(known)).toMatchObject([
    { place: '2001:db8:12::/48', device: 'Windows · Firefox', newPlace: true, newDevice: true, current: false },
  ])
  expect((await open(stranger))[0]).toMatchObject({ current: true })
  const { items } = await shop.owner.call('console.audit', { params: { shopId: shop.shopId }, query: { limit: 10 } })
  expect(items.find((each) => each.action === 'identity.unusual-sign-in')?.summary).toContain('2001:db8:12::/48')
  await known.call('staff.endOtherSessions')
  await expect(stranger.call('staff.me')).rejects.toMatchObject({ code: 'SESSION_EXPIRED' })
  expect(await open(known)).toEqual([])
})
