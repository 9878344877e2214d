import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MS, moneyActs } from './test-money.ts'
import { startTestShop, type TestShop } from './test-shop.ts'

let shop: TestShop
beforeAll(async () => {
  shop = await startTestShop()
})
afterAll(() => shop.close())

const { newNo, paidToSplit, receivers, splitOf, transferOf } = moneyActs(() => shop)

describe('what may be split', () => {
  test('PAY-04 only orders placed for it, a minute after payment, and nothing that was refunded whole', async () => {
    const { pay, sim } = shop
    const plain = await shop.paid()
    const flagged = await shop.paid({ profitSharing: true })
    const idOf = async (no: string) => (await pay.queryByOutTradeNo(no)).transactionId!
    const early = await splitOf(await idOf(flagged.outTradeNo))
    await expect(pay.sharing.request(early)).rejects.toMatchObject({ message: '订单处理中，暂时无法分账，请稍后再试' })
    await sim.clock.advance(60_000)
    const never = await splitOf(await idOf(plain.outTradeNo))
    await expect(pay.sharing.request(never)).rejects.toMatchObject({ message: '非分账订单不支持分账' })
    await pay.refund({ outTradeNo: flagged.outTradeNo, outRefundNo: newNo('R'), refundFen: 12_800, totalFen: 12_800 })
    await expect(pay.sharing.request(early)).rejects.toMatchObject({ status: 403, code: 'NOT_ENOUGH' })
    const unknown = await splitOf('4200000000202601010000000000')
    await expect(pay.sharing.request(unknown)).rejects.toMatchObject({ code: 'ORDER_NOT_EXIST' })
  })

  test('PAY-04 at most thirty percent, over all splits of the order', async () => {
    const { pay, sim } = shop
    const { transactionId } = await paidToSplit()
    const { agency } = await receivers()
    const share = (amountFen: number) => [
      { type: 'MERCHANT_ID' as const, account: agency.mchid, amountFen, description: '佣金' },
    ]
    const ask = async (amountFen: number) =>
      pay.sharing.request(await splitOf(transactionId, { receivers: share(amountFen) }))
    await expect(ask(3001)).rejects.toMatchObject({ status: 403, code: 'RULE_LIMIT' })
    await ask(2000)
    await expect(ask(1001)).rejects.toMatchObject({ code: 'RULE_LIMIT' })
    await ask(1000)
    await sim.clock.advance(5000)
    expect(await pay.sharing.unsplitFen(transactionId)).toBe(6940)
    sim.settings({ split_max_ratio_bp: 10_000 })
    await expect(ask(6941)).rejects.toMatchObject({ code: 'NOT_ENOUGH', message: '分账金额不足' })
    sim.settings({ split_max_ratio_bp: 3000 })
  })

  test('PAY-04 receivers were added, bear their real names, and stand in a request once, fifty at most', async () => {
    const { pay, sim } = shop
    const { transactionId } = await paidToSplit()
    const input = await splitOf(transactionId)
    const [merchant, person] = input.receivers
    const ask = (list: typeof input.receivers) => pay.sharing.request({ ...input, receivers: list })
    await expect(ask([merchant!, merchant!])).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    await expect(ask([{ ...person!, name: '苏婉青' }])).rejects.toMatchObject({
      message: '分账接收方姓名与微信实名不匹配',
    })
    const many = Array.from({ length: 51 }, () => merchant!)
    await expect(ask(many)).rejects.toMatchObject({ code: 'PARAM_ERROR' })
    await expect(ask([])).rejects.toMatchObject({ code: 'PARAM_ERROR' })
    const { appid } = input
    await pay.sharing.deleteReceiver({ appid, type: 'MERCHANT_ID', account: merchant!.account })
    await expect(ask([merchant!])).rejects.toMatchObject({ message: /不存在分账关系/ })
    const stranger = { appid, type: 'MERCHANT_ID' as const, account: merchant!.account, relation: 'SUPPLIER' as const }
    await expect(pay.sharing.addReceiver(stranger)).rejects.toMatchObject({ detail: { field: '/name' } })
    await expect(pay.sharing.addReceiver({ ...stranger, name: '别人的公司' })).rejects.toMatchObject({
      message: '分账接收方全称与商户号不匹配',
    })
    const elsewhere = sim.people.get('苏婉清').openids[sim.credentials.env.WECHAT_MP_APPID]!
    await expect(
      pay.sharing.addReceiver({ appid, type: 'PERSONAL_OPENID', account: elsewhere, relation: 'USER' }),
    ).rejects.toMatchObject({ code: 'PARAM_ERROR' })
  })

  test('PAY-04 many who ask with one number make one split; other words under it are refused', async () => {
    const { pay, sim } = shop
    const { transactionId } = await paidToSplit()
    const input = await splitOf(transactionId)
    const answers = await Promise.all(Array.from({ length: 12 }, () => pay.sharing.request(input)))
    expect(new Set(answers.map((each) => each.orderId)).size).toBe(1)
    const other = { ...input, receivers: input.receivers.slice(1) }
    await expect(pay.sharing.request(other)).rejects.toMatchObject({ code: 'INVALID_REQUEST', message: /不一致/ })
    await sim.clock.advance(5000)
    expect(await pay.sharing.unsplitFen(transactionId)).toBe(9940 - 2500)
    await expect(pay.sharing.query({ transactionId, outOrderNo: 'NOBODYS' })).rejects.toMatchObject({
      code: 'RESOURCE_NOT_EXISTS',
    })
  })

  test('PAY-04 receivers end for themselves: one fails, one waits, the rest stays frozen and is split again', async () => {
    const { pay, sim } = shop
    const { transactionId } = await paidToSplit()
    const input = await splitOf(transactionId)
    sim.fault({ path: '/v3/profitsharing/orders', kind: 'fail', reason: 'RECEIVER_RECEIPT_LIMIT' })
    sim.fault({ path: '/v3/profitsharing/orders', kind: 'stall', delay_ms: DAY_MS })
    await pay.sharing.request(input)
    await sim.clock.advance(5000)
    expect(await pay.sharing.query(input)).toMatchObject({
      state: 'PROCESSING',
      receivers: [
        { result: 'CLOSED', failReason: 'RECEIVER_RECEIPT_LIMIT' },
        { result: 'PENDING', failReason: null, finishedAt: null },
      ],
    })
    expect(await pay.sharing.unsplitFen(transactionId)).toBe(9940 - 1500)
    expect(sim.decideSplit(input.outOrderNo, input.receivers[1]!.account, 'SUCCESS')).toBe(true)
    await sim.settle()
    expect((await pay.sharing.query(input)).state).toBe('FINISHED')
    await pay.sharing.request(await splitOf(transactionId, { receivers: input.receivers.slice(0, 1) }))
    await sim.clock.advance(5000)
    expect(await pay.sharing.unsplitFen(transactionId)).toBe(9940 - 2500)
  })
})

describe('frozen money', () => {
  test('PAY-04 a refund beyond what is unsplit waits until the order is unfrozen, then the account pays', async () => {
    const { pay, sim } = shop
    const { order, transactionId } = await paidToSplit()
    const input = await splitOf(transactionId)
    await pay.sharing.request(input)
    await sim.clock.advance(5000)
    const refund = (refundFen: number) =>
      pay.refund({ outTradeNo: order.outTradeNo, outRefundNo: newNo('R'), refundFen, totalFen: 10_000 })
    await expect(refund(8000)).rejects.toMatchObject({ status: 403, code: 'RULE_LIMIT', message: /剩余未分账金额/ })
    await refund(2000)
    expect(await pay.sharing.unsplitFen(transactionId)).toBe(9940 - 2500 - 1988)
    await sim.clock.advance(61_000)
    const free = { transactionId, outOrderNo: newNo('FREE'), description: '解冻剩余资金' }
    await pay.sharing.unfreeze(free)
    await sim.clock.advance(5000)
    expect(await pay.sharing.query(free)).toMatchObject({
      state: 'FINISHED',
      receivers: [{ account: pay.mchid, amountFen: 5452, result: 'SUCCESS' }],
    })
    await expect(pay.sharing.request(await splitOf(transactionId))).rejects.toMatchObject({ message: /已完结/ })
    sim.topUp(7000 - sim.account().availableFen)
    await expect(refund(8000)).rejects.toMatchObject({ status: 403, code: 'NOT_ENOUGH' })
    sim.topUp(8000)
    expect((await refund(8000)).status).toBe('PROCESSING')
    await sim.clock.advance(5000)
  })

  test('PAY-04 what nobody splits unfreezes by itself after thirty days', async () => {
    const { pay, sim } = shop
    const { transactionId } = await paidToSplit()
    const { availableFen, frozenFen } = sim.account()
    await sim.clock.advance(30 * DAY_MS)
    expect(sim.account()).toMatchObject({ frozenFen: 0, availableFen: availableFen + frozenFen })
    expect(await pay.sharing.unsplitFen(transactionId)).toBe(0)
    await expect(pay.sharing.request(await splitOf(transactionId))).rejects.toMatchObject({ message: /已完结/ })
  })
})

describe('what comes back', () => {
  async function splitDone() {
    const { transactionId } = await paidToSplit()
    const input = await splitOf(transactionId)
    await shop.pay.sharing.request(input)
    await shop.sim.clock.advance(5000)
    const [merchant, person] = input.receivers
    const ask = (returnMchid: string, amountFen: number, outReturnNo = newNo('BACK')) =>
      shop.pay.sharing.requestReturn({
        ...{ outOrderNo: input.outOrderNo, outReturnNo, returnMchid, amountFen, description: '退货' },
      })
    return { merchant: merchant!.account, person: person!.account, ask, outOrderNo: input.outOrderNo }
  }

  test('PAY-04 people never give back, merchants only when they agreed, have the money, and within 180 days', async () => {
    const { sim } = shop
    const { merchant, person, ask } = await splitDone()
    await expect(ask(person, 100)).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    sim.merchants.change(merchant, { allows_returns: false })
    await expect(ask(merchant, 100)).rejects.toMatchObject({ status: 403, code: 'NO_AUTH' })
    sim.merchants.change(merchant, { allows_returns: true })
    const fortune = sim.account(merchant).availableFen
    sim.merchants.spend(merchant, fortune)
    const failed = newNo('BACK')
    expect(await ask(merchant, 100, failed)).toMatchObject({ result: 'FAILED', failReason: 'BALANCE_NOT_ENOUGH' })
    sim.merchants.spend(merchant, -fortune)
    expect(await ask(merchant, 100, failed)).toMatchObject({ result: 'FAILED' })
    expect(await ask(merchant, 100)).toMatchObject({ result: 'SUCCESS' })
    await sim.clock.advance(181 * DAY_MS)
    await expect(ask(merchant, 100)).rejects.toMatchObject({ message: /最大期限/ })
  })

  test('PAY-04 one receiver gives back at most twenty times; a return that stalls is asked about', async () => {
    const { pay, sim } = shop
    const { merchant, ask, outOrderNo } = await splitDone()
    sim.fault({ path: '/v3/profitsharing/return-orders', kind: 'stall', delay_ms: 60_000 })
    const slow = await ask(merchant, 10)
    expect(slow).toMatchObject({ result: 'PROCESSING', finishedAt: null })
    await sim.clock.advance(60_000)
    const { outReturnNo } = slow
    expect(await pay.sharing.queryReturn({ outOrderNo, outReturnNo })).toMatchObject({ result: 'SUCCESS' })
    for (let count = 1; count < 20; count += 1) await ask(merchant, 10)
    await expect(ask(merchant, 10)).rejects.toMatchObject({ status: 403, code: 'RULE_LIMIT' })
  })
})

describe('what may be transferred', () => {
  test('PAY-05 money that is not there, too little, too much, and scenes that were not explained are refused', async () => {
    const { pay, sim } = shop
    const { availableFen } = sim.account()
    const create = (change: Parameters<typeof transferOf>[0]) => pay.transfers.create(transferOf(change))
    await expect(create({ amountFen: availableFen + 1 })).rejects.toMatchObject({ status: 403, code: 'NOT_ENOUGH' })
    sim.topUp(10_000_000)
    await expect(create({ amountFen: 9 })).rejects.toMatchObject({ code: 'PARAM_ERROR', numericCode: 268435464 })
    await expect(create({ amountFen: 2_000_001, userName: '苏婉清' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    })
    await expect(create({ amountFen: 200_000 })).rejects.toMatchObject({ detail: { field: '/user_name' } })
    await expect(create({ reports: [] })).rejects.toMatchObject({ message: /岗位类型/ })
    await expect(create({ outBillNo: 'with-dash' })).rejects.toMatchObject({ code: 'PARAM_ERROR' })
    await expect(create({ openid: 'o_nobody' })).rejects.toMatchObject({ detail: { field: '/openid' } })
    await expect(pay.transfers.query('NOBODYS')).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })

  test('PAY-05 a number means one transfer; its money is held while it waits and free when it fails', async () => {
    const { pay, sim } = shop
    sim.topUp(10_000_000)
    const before = sim.account().availableFen
    const input = transferOf({ amountFen: 300_000, userName: '苏晚晴' })
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay.transfers.create(input)))
    expect(new Set(answers.map((each) => each.packageInfo)).size).toBe(1)
    await expect(pay.transfers.create({ ...input, amountFen: 300_001 })).rejects.toMatchObject({ message: /不一致/ })
    expect(sim.account().availableFen).toBe(before - 300_000)
    const confirm = () => sim.confirmTransfer({ package: answers[0]!.packageInfo!, person: '苏婉清' })
    confirm()
    expect(confirm).toThrow('已收款')
    await expect(pay.transfers.cancel(input.outBillNo)).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    await sim.clock.advance(5000)
    const failed = await pay.transfers.query(input.outBillNo)
    expect(failed).toMatchObject({ state: 'FAIL', failReason: 'NAME_NOT_CORRECT' })
    expect(sim.account().availableFen).toBe(before)
  })
})

test('PAY-01 without a public key, names travel under the platform certificate that is newest', async () => {
  const { sim } = shop
  const pay = shop.client({ publicKeyId: undefined, publicKeyPem: undefined })
  await sim.rotatePlatformCertificate()
  const { agency, appid } = await receivers()
  const receiver = { appid, type: 'MERCHANT_ID' as const, account: agency.mchid, relation: 'PARTNER' as const }
  await pay.sharing.addReceiver({ ...receiver, name: agency.name })
  await expect(pay.sharing.addReceiver({ ...receiver, name: `${agency.name}。` })).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
  })
})
