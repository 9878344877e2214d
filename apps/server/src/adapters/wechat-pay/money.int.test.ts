import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beijingDay, DAY_MS, moneyActs } from './test-money.ts'
import { startTestShop, type TestShop } from './test-shop.ts'

let shop: TestShop
beforeAll(async () => {
  shop = await startTestShop()
})
afterAll(() => shop.close())

const { newNo, paidToSplit, splitOf, transferOf } = moneyActs(() => shop)

describe('profit sharing', () => {
  test('PAY-04 a split is accepted, each receiver gets its share, and the rest is unfrozen at the end', async () => {
    const { pay, sim } = shop
    const { transactionId } = await paidToSplit()
    expect(await pay.sharing.unsplitFen(transactionId)).toBe(9940)
    const before = sim.account()
    const input = await splitOf(transactionId, { unfreezeUnsplit: true })
    const accepted = await pay.sharing.request(input)
    expect(accepted).toMatchObject({ state: 'PROCESSING', receivers: [{ result: 'PENDING' }, { result: 'PENDING' }] })
    expect(await pay.sharing.request(input)).toEqual(accepted)
    await sim.clock.advance(5000)
    const done = await pay.sharing.query(input)
    expect(done).toMatchObject({ state: 'FINISHED', receivers: [{ result: 'SUCCESS' }, { result: 'SUCCESS' }] })
    expect(sim.account()).toEqual({
      ...{ balanceFen: before.balanceFen - 2500, frozenFen: before.frozenFen - 9940 },
      availableFen: before.availableFen + 9940 - 2500,
    })
    await expect(pay.sharing.request(await splitOf(transactionId))).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })

  test('PAY-04 a merchant who received gives back, and we are told', async () => {
    const { pay, sim, notices } = shop
    const { transactionId } = await paidToSplit()
    const input = await splitOf(transactionId)
    await pay.sharing.request(input)
    await sim.clock.advance(5000)
    sim.settings({ split_notify_url: shop.notifyUrl })
    const back = { outOrderNo: input.outOrderNo, outReturnNo: newNo('BACK'), returnMchid: input.receivers[0]!.account }
    const result = await pay.sharing.requestReturn({ ...back, amountFen: 400, description: '退货' })
    expect(result).toMatchObject({ result: 'SUCCESS', amountFen: 400, failReason: null })
    expect(await pay.sharing.queryReturn(back)).toEqual(result)
    await sim.settle()
    expect(notices.at(-1)).toMatchObject({
      kind: 'split',
      isReturn: true,
      split: { amountFen: 400, account: pay.mchid },
    })
    sim.settings({ split_notify_url: '' })
    await expect(
      pay.sharing.requestReturn({ ...back, outReturnNo: newNo('BACK'), amountFen: 601, description: '退货' }),
    ).rejects.toMatchObject({ code: 'INVALID_REQUEST', message: '剩余可回退的金额不足' })
  })
})

describe('merchant transfers', () => {
  test('PAY-05 a transfer waits for its receiver, arrives, and is announced', async () => {
    const { pay, sim, notices } = shop
    sim.topUp(100_000)
    const input = transferOf()
    const placed = await pay.transfers.create(input)
    expect(placed).toMatchObject({ state: 'WAIT_USER_CONFIRM', client: { mchId: pay.mchid, appId: input.appid } })
    expect(() => sim.confirmTransfer({ package: placed.packageInfo!, person: '林晓雨' })).toThrow('应由苏婉清收款')
    sim.confirmTransfer({ package: placed.packageInfo!, person: '苏婉清' })
    expect((await pay.transfers.query(input.outBillNo)).state).toBe('TRANSFERING')
    await sim.clock.advance(5000)
    const done = await pay.transfers.query(input.outBillNo)
    expect(done).toMatchObject({ state: 'SUCCESS', amountFen: 5000, failReason: null })
    expect(await pay.transfers.queryByTransferBillNo(placed.transferBillNo)).toEqual(done)
    expect(notices.at(-1)).toMatchObject({
      kind: 'transfer',
      transfer: { outBillNo: input.outBillNo, state: 'SUCCESS' },
    })
  })

  test('PAY-05 a transfer is called off while it waits, or runs out after a day', async () => {
    const { pay, sim } = shop
    const [off, late] = [transferOf(), transferOf()]
    await pay.transfers.create(off)
    expect(await pay.transfers.cancel(off.outBillNo)).toMatchObject({ state: 'CANCELING' })
    const { packageInfo } = await pay.transfers.create(late)
    await sim.clock.advance(DAY_MS)
    expect(await pay.transfers.query(off.outBillNo)).toMatchObject({ state: 'CANCELLED', failReason: 'MCH_CANCEL' })
    expect(await pay.transfers.query(late.outBillNo)).toMatchObject({ state: 'FAIL', failReason: 'OVERDUE_CLOSE' })
    expect(() => sim.confirmTransfer({ package: packageInfo!, person: '苏婉清' })).toThrow('已过期')
  })
})

describe('combined orders', () => {
  test('PAY-01 a combined order is paid once, in all its parts, and each part is refunded by itself', async () => {
    const { pay, sim, notices } = shop
    const { appid, openid } = shop.order()
    const other = sim.merchants.get('云雾茶业有限公司').mchid
    const parts = [
      { outTradeNo: newNo('PART'), description: '龙井', amountFen: 3000 },
      { outTradeNo: newNo('PART'), description: '瓷杯', amountFen: 2000, mchid: other },
    ]
    const order = { appid, combineOutTradeNo: newNo('COMB'), parts, notifyUrl: shop.notifyUrl }
    const { client } = await pay.combined.prepayJsapi({ ...order, openid })
    sim.pay({ request: client, person: openid, action: 'confirm' })
    await sim.settle()
    const paid = await pay.combined.query(order.combineOutTradeNo)
    expect(paid).toMatchObject({ payerOpenid: openid, parts: [{ tradeState: 'SUCCESS' }, { tradeState: 'SUCCESS' }] })
    expect(notices.at(-1)).toMatchObject({ kind: 'combined', combined: { combineOutTradeNo: order.combineOutTradeNo } })
    await expect(pay.queryByOutTradeNo(order.combineOutTradeNo)).rejects.toMatchObject({ code: 'ORDER_NOT_EXIST' })
    const refund = { outTradeNo: parts[0]!.outTradeNo, outRefundNo: newNo('R'), refundFen: 3000, totalFen: 3000 }
    expect((await pay.refund(refund)).status).toBe('PROCESSING')
  })

  test('PAY-01 a combined order is closed as the whole it is', async () => {
    const { pay } = shop
    const parts = [1000, 2000].map((amountFen) => ({ outTradeNo: newNo('PART'), description: '茶', amountFen }))
    const order = { appid: shop.order().appid, combineOutTradeNo: newNo('COMB'), parts, notifyUrl: shop.notifyUrl }
    await pay.combined.prepayNative(order)
    await expect(pay.combined.close({ ...order, parts: parts.slice(1) })).rejects.toMatchObject({ code: 'PARAM_ERROR' })
    await pay.combined.close(order)
    const { parts: closed } = await pay.combined.query(order.combineOutTradeNo)
    expect(closed.map((each) => each.tradeState)).toEqual(['CLOSED', 'CLOSED'])
  })
})

describe('partner mode', () => {
  test("PAY-01 a partner's order is the sub-merchant's: paid by its app's openid, refunded and split for it", async () => {
    const { sim } = shop
    const { WECHAT_MP_APPID: spAppid, WECHAT_MINI_APPID: subAppid } = sim.credentials.env
    const subMchid = sim.merchants.get('海岳供应链有限公司').mchid
    const pay = shop.client({ partner: { spAppid, subMchid, subAppid } })
    const order = shop.order({ profitSharing: true, amountFen: 20_000 })
    await expect(pay.prepayJsapi({ ...order, appid: 'wxanother' })).rejects.toThrow(/neither the partner's app/)
    const { client } = await pay.prepayJsapi(order)
    expect(client.appId).toBe(subAppid)
    sim.pay({ request: client, person: order.openid, action: 'confirm' })
    const paid = await pay.queryByOutTradeNo(order.outTradeNo)
    expect(paid).toMatchObject({ appid: subAppid, mchid: pay.mchid, subMchid, payerOpenid: order.openid })
    await expect(shop.pay.queryByOutTradeNo(order.outTradeNo)).rejects.toMatchObject({ numericCode: 268447843 })
    await sim.clock.advance(60_000)
    expect(await pay.sharing.maxRatioBp()).toBe(3000)
    const name = sim.settings().merchant_name
    await pay.sharing.addReceiver({
      ...{ appid: spAppid, type: 'MERCHANT_ID', account: pay.mchid, name, relation: 'SERVICE_PROVIDER' },
    })
    const key = { transactionId: paid.transactionId!, outOrderNo: newNo('SPLIT') }
    const share = { type: 'MERCHANT_ID' as const, account: pay.mchid, amountFen: 1000, description: '平台服务费' }
    await pay.sharing.request({ ...key, appid: spAppid, receivers: [share], unfreezeUnsplit: false })
    await sim.clock.advance(5000)
    expect(await pay.sharing.query(key)).toMatchObject({ state: 'FINISHED', receivers: [{ result: 'SUCCESS' }] })
    await pay.refund({ outTradeNo: order.outTradeNo, outRefundNo: newNo('R'), refundFen: 5000, totalFen: 20_000 })
    await sim.clock.advance(5000)
    expect(sim.account(subMchid)).toEqual({ balanceFen: 13_910, frozenFen: 13_910, availableFen: 0 })
    const day = beijingDay(sim.clock.now())
    await sim.clock.advance(2 * DAY_MS)
    const bill = await pay.tradeBill(day)
    expect(bill.rows.map((row) => [row.subMchid, row.orderFen, row.refundFen, row.feeFen])).toEqual([
      [subMchid, 20_000, 0, 120],
      [subMchid, 0, 5000, -30],
    ])
    expect((await shop.pay.tradeBill(day)).rows.filter((row) => row.subMchid === subMchid)).toHaveLength(2)
  })
})

test('PAY-06 splits, returns and transfers stand in the bills of their day', async () => {
  const { pay, sim } = shop
  const { transactionId } = await paidToSplit()
  const input = await splitOf(transactionId)
  await pay.sharing.request(input)
  await sim.clock.advance(5000)
  const [agency] = input.receivers
  const back = { outOrderNo: input.outOrderNo, outReturnNo: newNo('BACK'), returnMchid: agency!.account }
  await pay.sharing.requestReturn({ ...back, amountFen: 250, description: '退货' })
  const day = beijingDay(sim.clock.now())
  await sim.clock.advance(2 * DAY_MS)
  const split = await pay.splitBill(day)
  const ours = split.rows.filter((row) => row.transactionId === transactionId)
  expect(ours.map((row) => [row.businessType, row.amountFen])).toEqual([
    ['分账', 1000],
    ['分账', 1500],
    ['分账回退', 250],
  ])
  expect(split.summary.amountFen).toBe(split.rows.reduce((sum, row) => sum + row.amountFen, 0))
  const flow = await pay.fundFlowBill(day)
  for (const row of ours) expect(flow.rows.some((each) => each.businessId === row.detailId)).toBe(true)
})
