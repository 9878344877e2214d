import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { agreeToTexts, PASSWORD, type TestBuyer } from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'
import { HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts'
import { sql } from '../../kernel/db.ts'
import type { CrashSetup } from './crash-child.fixture.ts'
import { moneyStage } from './testing.ts'

const CHILD = resolve(import.meta.dirname, 'crash-child.fixture.ts')
const s = moneyStage()
let buyer: TestBuyer

beforeEach(async () => {
  s.app.sim.topUp(10_000_000)
  buyer = await s.app.buyer()
  await agreeToTexts(buyer, s.params.shopId)
  await s.settledOrder(100_000)
  await s.moveDays(14)
  buyer = await s.app.buyer(buyer.person)
  await setAccount()
})

const nameOf = (person: string) => s.app.sim.people.get(person)!.name
const setAccount = (version = 0, realName = nameOf(buyer.person)) =>
  s.shop.owner.call('console.setPayoutAccount', {
    params: s.params,
    body: { buyerId: buyer.buyerId, realName, version },
  })
const withdraw = (amountFen: number, idempotencyKey = newKey()) =>
  s.shop.owner.call('console.withdraw', { params: s.params, idempotencyKey, body: { amountFen } })
const one = (withdrawalId: string) => s.shop.owner.call('console.withdrawal', { params: { ...s.params, withdrawalId } })
const payouts = async () => (await buyer.call('buyer.payouts')).items
const confirm = async () => {
  const { client } = (await payouts())[0]!
  s.app.sim.confirmTransfer({ package: client!.package, person: buyer.person })
  await s.app.advance(5_000)
}
const money = async () => [await s.balance('merchant.available'), await s.balance('channel.wechat')]

test('PAY-05 a withdrawal is held, confirmed on the phone and paid; the ledger has both steps', async () => {
  const asked = await withdraw(30_000)
  expect(asked).toMatchObject({ state: 'waiting', amountFen: 30_000, feeFen: 0 })
  expect(await s.balance('merchant.available')).toBe(70_000)
  expect((await payouts())[0]).toMatchObject({ state: 'waiting', client: { package: expect.any(String) } })
  await confirm()
  const paid = await one(asked.id)
  expect(paid).toMatchObject({ state: 'paid', lastError: null })
  expect(paid.movements).toMatchObject([
    { code: 'withdrawal.paid', fromAccount: 'merchant.available', toAccount: 'channel.wechat', amountFen: 30_000 },
  ])
  expect(await money()).toEqual([70_000, -70_000])
  expect((await payouts())[0]).toMatchObject({ state: 'paid', client: null })
})

test('PAY-05 what nobody confirms within a day, or WeChat cannot pay, comes back whole', async () => {
  const late = await withdraw(20_000)
  s.app.clock.advance(25 * HOUR_MS)
  await s.moveDays(0)
  expect(await one(late.id)).toMatchObject({ state: 'failed', lastError: expect.stringContaining('24 小时') })
  expect(await money()).toEqual([100_000, -100_000])
  await setAccount(1, '名字不对')
  await s.moveDays(2)
  buyer = await s.app.buyer(buyer.person)
  const wrong = await withdraw(20_000)
  await confirm()
  expect(await one(wrong.id)).toMatchObject({ state: 'failed', lastError: expect.stringContaining('姓名') })
  expect(await money()).toEqual([100_000, -100_000])
})

test('PAY-05 a withdrawal that waits can be called off; after the confirmation it cannot', async () => {
  const first = await withdraw(20_000)
  await s.shop.owner.call('console.cancelWithdrawal', { params: { ...s.params, withdrawalId: first.id } })
  await s.app.advance(2 * MINUTE_MS)
  expect(await one(first.id)).toMatchObject({ state: 'cancelled' })
  expect(await s.balance('merchant.available')).toBe(100_000)
  const second = await withdraw(20_000)
  await confirm()
  const again = s.shop.owner.call('console.cancelWithdrawal', { params: { ...s.params, withdrawalId: second.id } })
  await expect(again).rejects.toMatchObject({ code: 'WITHDRAWAL_REFUSED' })
})

test('ACC-08 whoever withdraws or changes the payout account proves first who they are', async () => {
  const { account } = await s.app.staffWith(s.shop, ['money.read', 'money.write'])
  // Signed in by hand: who signs in by `staffWith` is proven already.
  const clerk = s.app.visitor()
  await clerk.call('auth.staffSignIn', { body: { account, password: PASSWORD } })
  const asked = clerk.call('console.withdraw', { params: s.params, idempotencyKey: newKey(), body: { amountFen: 100 } })
  await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/^STEP_UP_/) })
  const body = { buyerId: buyer.buyerId, realName: '别人', version: 1 }
  const changed = clerk.call('console.setPayoutAccount', { params: s.params, body })
  await expect(changed).rejects.toMatchObject({ code: expect.stringMatching(/^STEP_UP_/) })
})

test('PAY-05 limits: least, most, day; the deposit; a payout account that was just changed', async () => {
  for (const [amount, words] of [
    [50, '每笔最少'],
    [300_000, '每笔最多'],
    [150_000, '余额只有'],
  ] as const)
    await expect(withdraw(amount)).rejects.toMatchObject({
      code: 'WITHDRAWAL_REFUSED',
      body: { message: expect.stringContaining(words) },
    })
  await setAccount(1)
  await expect(withdraw(10_000)).rejects.toMatchObject({
    body: { message: expect.stringContaining('保护期') },
  })
  const { limits } = await s.shop.owner.call('console.payoutAccount', { params: s.params })
  expect(limits).toMatchObject({ availableFen: 100_000, usedTodayFen: 0, mostFen: 100_000 })
})

test('PAY-05 thirty withdrawals at once never take more than there is; the same key is one withdrawal', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 30 }, () => withdraw(9_000)))
  const made = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value.id] : []))
  expect(made.length).toBe(11)
  expect(await s.balance('merchant.available')).toBe(1_000)
  const key = newKey()
  const twice = await Promise.all([withdraw(1_000, key), withdraw(1_000, key)])
  expect(twice[0]!.id).toBe(twice[1]!.id)
  expect(await s.balance('merchant.available')).toBe(0)
  expect(s.app.sim.transfers(buyer.person).length).toBe(12)
  expect(await s.app.audit()).toMatchObject({ deviations: [] })
})

test('PAY-05 an answer that is lost is asked for; a refusal for good gives the money back; news twice count once', async () => {
  s.app.sim.fault({ path: '/v3/fund-app/mch-transfer/transfer-bills', method: 'POST', kind: 'drop', times: 1 })
  const lost = await withdraw(10_000)
  expect(lost.state).toBe('created')
  await s.app.advance(3 * MINUTE_MS)
  expect(await one(lost.id)).toMatchObject({ state: 'waiting' })
  await s.shop.owner.call('console.cancelWithdrawal', { params: { ...s.params, withdrawalId: lost.id } })
  await s.app.advance(3 * MINUTE_MS)
  s.app.sim.fault({
    ...{ path: '/v3/fund-app/mch-transfer/transfer-bills', method: 'POST', kind: 'refuse', times: 1 },
    ...{ status: 403, code: 'NO_AUTH', message: '没有开通转账' },
  })
  const refused = await withdraw(10_000)
  expect(refused).toMatchObject({ state: 'failed', lastError: expect.stringContaining('没有开通转账') })
  expect(await s.balance('merchant.available')).toBe(100_000)
  const paid = await withdraw(10_000)
  await confirm()
  const news = { outBillNo: paid.number, transferBillNo: 't', amountFen: 10_000, openid: null, failReason: null }
  const times = { createdAt: null, updatedAt: null }
  for (const state of ['FAIL', 'SUCCESS', 'SUCCESS'] as const)
    expect(await s.app.app.settlement.takeTransfer(s.params.shopId, { ...news, ...times, state })).toBe(true)
  expect(await one(paid.id)).toMatchObject({ state: 'paid' })
  expect(await money()).toEqual([90_000, -90_000])
  expect(
    await s.app.app.settlement.takeTransfer(s.params.shopId, { ...news, ...times, outBillNo: 'x', state: 'FAIL' }),
  ).toBe(false)
})

test('PAY-05 money that comes back repays what was owed meanwhile; what WeChat pays after all is owed', async () => {
  const asked = await withdraw(100_000)
  const { orderId } = await s.settledOrder(40_000)
  await s.refundSettled(orderId, { pending: 15_000, negative: 25_000 })
  await s.shop.owner.call('console.cancelWithdrawal', { params: { ...s.params, withdrawalId: asked.id } })
  await s.app.advance(2 * MINUTE_MS)
  expect([await s.balance('merchant.available'), await s.balance('merchant.negative')]).toEqual([75_000, 0])
  const news = { outBillNo: asked.number, transferBillNo: 't', amountFen: 100_000, openid: null, failReason: null }
  await s.app.app.settlement.takeTransfer(s.params.shopId, {
    ...news,
    createdAt: null,
    updatedAt: null,
    state: 'SUCCESS',
  })
  expect(await one(asked.id)).toMatchObject({ state: 'paid' })
  expect(await s.balance('merchant.negative')).toBe(-100_000)
  expect(await s.app.audit()).toMatchObject({ deviations: [] })
})

test('ACC-08 openid and real name are sealed in the database and stand in no log', async () => {
  await withdraw(10_000)
  const { rows } = await s.app.app.db.read('system', async (tx) => ({
    rows: await tx.rows(sql`select p::text, w::text as w from payout_accounts p join withdrawals w using (shop_id)`),
  }))
  const planted = [nameOf(buyer.person), s.app.sim.transfers(buyer.person)[0]!.openid]
  for (const secret of planted) {
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(s.app.logs.filter((line) => line.includes(secret))).toEqual([])
  }
})

describe('the server is killed', () => {
  async function killed(setup: Pick<CrashSetup, 'kill' | 'request'>): Promise<void> {
    const full: CrashSetup = { ...setup, env: s.app.env, at: s.app.clock.instant() }
    const child = fork(CHILD, [JSON.stringify(full)], {
      stdio: 'ignore',
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    const [code, signal] = await once(child, 'exit')
    expect([code, signal]).toEqual([null, 'SIGKILL'])
  }
  const request = (amountFen: number) => ({
    ...{ shopId: s.params.shopId, amountFen, key: newKey() },
    cookie: [...s.shop.owner.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  })
  const withdrawals = async () => (await s.shop.owner.call('console.withdrawals', { params: s.params })).items

  test('PAY-05 SIGKILL between the intent and WeChat, and after WeChat and before the answer: one transfer, paid once', async () => {
    await killed({ kill: 'before-call', request: request(10_000) })
    expect((await withdrawals()).map(({ state }) => state)).toEqual(['created'])
    expect(s.app.sim.transfers(buyer.person)).toEqual([])
    await killed({ kill: 'after-call', request: request(20_000) })
    expect(s.app.sim.transfers(buyer.person).length).toBe(1)
    expect(await s.balance('merchant.available')).toBe(70_000)
    await s.app.advance(5 * MINUTE_MS)
    expect((await withdrawals()).map(({ state }) => state)).toEqual(['waiting', 'waiting'])
    expect(s.app.sim.transfers(buyer.person).length).toBe(2)
    for (const { client } of await payouts())
      s.app.sim.confirmTransfer({ package: client!.package, person: buyer.person })
    await s.app.advance(5_000)
    expect((await withdrawals()).map(({ state }) => state)).toEqual(['paid', 'paid'])
    expect(await money()).toEqual([70_000, -70_000])
  }, 60_000)

  test('PAY-05 SIGKILL while WeChat says that it is paid, and all notices lost: the sweeper hears it', async () => {
    await withdraw(10_000)
    s.app.sim.fault({ path: 'MCHTRANSFER.BILL.FINISHED', kind: 'notice_lose', times: 100 })
    const { client } = (await payouts())[0]!
    s.app.sim.confirmTransfer({ package: client!.package, person: buyer.person })
    s.app.clock.advance(2 * MINUTE_MS)
    await s.app.sim.settle()
    await killed({ kill: 'after-call' })
    expect((await withdrawals())[0]).toMatchObject({ state: 'waiting' })
    await s.app.advance(5 * MINUTE_MS)
    expect((await withdrawals())[0]).toMatchObject({ state: 'paid' })
    expect(await money()).toEqual([90_000, -90_000])
    s.app.sim.clearFaults()
  }, 60_000)
})
