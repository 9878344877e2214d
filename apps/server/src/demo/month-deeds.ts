import type { FreezeCase } from '@zhanggui/contract'
import { ApiError, type Client } from '@zhanggui/contract/client'
import { fen } from '@zhanggui/contract/money'
import QRCode from 'qrcode'
import { nameId } from '../kernel/ids.ts'
import type { Month } from './month.ts'
import { confirmPayouts } from './month-buyers.ts'
import { askInvoices } from './month-invoices.ts'
import { SHOPKEEPER } from './month-story.ts'
import { drawPicture } from './pictures.ts'
import { setWhereDefault } from './settings.ts'
import { ask } from './simulator.ts'

export type Deed = (month: Month) => Promise<void>

const DEPOSIT_FEN = 10_000

/** The shop's terms, where it is paid out to, who else looks after the money, and its own receive code. */
const setUp: Deed = async (month) => {
  const { owner, shopId, customers } = month
  const params = { shopId }
  const platform = await month.signInStaff(month.platform)
  const { items } = await platform('platform.merchants', { query: {} })
  const terms = items.find((each) => each.shopId === shopId)!
  if (terms.level === 'new')
    await platform('platform.setMerchantLevel', {
      params,
      body: { level: 'steady', note: '试营业三个月，发货和售后都正常', version: terms.version },
    })
  await setPlatform(platform, 'settlement.deposit-fen-steady', DEPOSIT_FEN)
  await setWhereDefault(owner, shopId, { 'settlement.statement-period': 'week', 'personal-code.enabled': true })
  const { account } = await owner('console.payoutAccount', { params })
  const keeper = customers[SHOPKEEPER]!
  const { items: texts } = await keeper.client('buyer.consentsAsked', { params })
  const agreed = texts.map(({ kind, version }) => ({ kind, version }))
  if (agreed.length > 0) await keeper.client('buyer.agreeToAll', { params, body: { items: agreed } })
  if (account === null)
    await owner('console.setPayoutAccount', {
      params,
      body: { buyerId: keeper.buyerId, realName: keeper.person.name, version: 0 },
    })
  await addTreasurer(month)
  await addCode(month)
}

async function setPlatform(platform: Client, name: string, value: unknown): Promise<void> {
  const { items } = await platform('platform.settings', {})
  const setting = items.find((each) => each.name === name)!
  if (setting.value !== value)
    await platform('platform.setSetting', { params: { name }, body: { value, version: setting.version } })
}

async function addTreasurer({ owner, shopId, treasurer }: Month): Promise<void> {
  const params = { shopId }
  const { items: staff } = await owner('console.staff', { params })
  if (staff.some(({ account }) => account === treasurer.account)) return
  const { items: roles } = await owner('console.roles', { params })
  const name = '财务'
  const role =
    roles.find((each) => each.name === name) ??
    (await owner('console.createRole', {
      params,
      body: {
        ...{ name, description: '看账、对账、核对收款码到账、审批提现' },
        permissions: ['money.read', 'money.write', 'parties.read', 'orders.read'],
      },
    }))
  await owner('console.createStaff', {
    params,
    body: { ...treasurer, roleIds: [role.id] },
  })
}

async function addCode({ owner, shopId }: Month): Promise<void> {
  const params = { shopId }
  if ((await owner('console.personalCodes', { params })).items.length > 0) return
  const bytes = new Uint8Array(await QRCode.toBuffer('wxp://f2f0demo-xiangkou', { width: 480, margin: 3 }))
  const file = new Blob([bytes], { type: 'image/png' })
  const { fileId } = await owner('console.uploadPersonalCode', { params, file, fileName: '收款码.png' })
  await owner('console.savePersonalCode', {
    params: { ...params, codeId: nameId('demo-code', shopId) },
    body: {
      ...{ scheme: 'business', label: '店里的经营码', payee: '林建华', fileId, active: true, version: 0 },
      singleLimitFen: 100_000,
    },
  })
}

const payDeposit =
  (key: string, amountFen: number): Deed =>
  async ({ owner, shopId }) =>
    void (await owner('console.moveDeposit', {
      params: { shopId },
      idempotencyKey: `demo-deposit-${key}`,
      body: { kind: 'paid-in', amountFen },
    }))

const deductDeposit: Deed = async ({ signInStaff, platform, shopId }) => {
  const client = await signInStaff(platform)
  await client('platform.deductDeposit', {
    params: { shopId },
    idempotencyKey: 'demo-deduct',
    body: { amountFen: 2_000, reason: '订单超 72 小时未发货，按平台规则赔付买家' },
  })
}

const freeze =
  (amountFen: number, caseKind: FreezeCase, reason: string, paper?: string): Deed =>
  async ({ signInStaff, platform, shopId, owner }) => {
    const client = await signInStaff(platform)
    const { id: freezeId } = await client('platform.openFreeze', {
      params: { shopId },
      idempotencyKey: `demo-freeze-${caseKind}`,
      body: { what: { kind: 'amount', amountFen }, caseKind, reason },
    })
    if (paper === undefined) return
    const file = new Blob([new Uint8Array(await drawPicture('bag', 'stone', 1))], { type: 'image/jpeg' })
    await owner('console.addFreezeDocument', { params: { shopId, freezeId }, file, fileName: paper })
  }

const release: Deed = async ({ signInStaff, platform }) => {
  const client = await signInStaff(platform)
  const { items } = await client('platform.freezes', { query: { state: 'active' } })
  for (const { id: freezeId, version } of items)
    await client('platform.releaseFreeze', {
      params: { freezeId },
      body: { reason: '签收记录和称重单都齐全，投诉不成立', version },
    })
}

const withdraw =
  (key: string, amountFen: number, then: 'paid' | 'cancelled' | 'failed'): Deed =>
  async ({ app, owner, shopId, past, customers }) => {
    const params = { shopId }
    const body = { amountFen }
    const asked = await owner('console.withdraw', { params, idempotencyKey: `demo-withdraw-${key}`, body })
    if (then === 'cancelled') await owner('console.cancelWithdrawal', { params: { ...params, withdrawalId: asked.id } })
    else {
      await confirmPayouts(app, customers[SHOPKEEPER]!)
      if (then === 'failed')
        await ask(app.config.WECHAT_SIMULATOR_URL!, `/__sim/transfers/${asked.number}/outcome`, {
          ...{ outcome: 'FAIL', reason: 'PAYEE_ACCOUNT_ABNORMAL' },
        })
    }
    await past.wait(90)
    await app.settlement.sweepWithdrawals()
  }

const creatorWithdraws =
  (key: string, amountFen: number, confirms: boolean): Deed =>
  async ({ app, shopId, creator, past }) => {
    const { items } = await creator.client('buyer.earnings')
    const { partyId } = items.find((each) => each.shopId === shopId)!
    const params = { shopId, partyId }
    await creator.client('buyer.withdrawShare', {
      ...{ params, idempotencyKey: `demo-share-${key}`, body: { amountFen } },
    })
    if (!confirms) return
    await confirmPayouts(app, creator)
    await past.wait(90)
    await app.settlement.sweepWithdrawals()
  }

const sendBack: Deed = async ({ customers, owner, shopId, orderId, app }) => {
  const { client } = customers[2]!
  const params = { shopId, orderId: orderId('d2') }
  if ((await client('aftersale.options', { params })).cases.length > 0) return
  const { id: caseId } = await client('aftersale.apply', {
    ...{ params, idempotencyKey: 'demo-return' },
    body: { type: 'return', reasonCode: 'wrong-size', note: '偏大一码，吊牌没拆', lines: [{ line: 0, quantity: 1 }] },
  })
  await owner('console.approveAftersales', { params: { shopId }, body: { caseIds: [caseId] } })
  const trackingNo = `SF${String(1_200_000_000_000 + (app.engines.clock.millis() % 100_000_000_000)).slice(-13)}`
  await client('aftersale.sendBack', { params: { shopId, caseId }, body: { carrierCode: 'SF', trackingNo } })
}

const inspect: Deed = async ({ owner, shopId }) => {
  const params = { shopId }
  const { items } = await owner('console.aftersales', { params, query: { state: 'inspecting' } })
  const { items: warehouses } = await owner('console.warehouses', { params })
  const warehouseId = warehouses.find(({ kind }) => kind === 'central')!.id
  for (const { id: caseId } of items)
    await owner('console.inspectAftersale', {
      params: { ...params, caseId },
      body: { warehouseId, lines: [{ line: 0, restock: 1, scrap: 0 }], note: '吊牌完好，重新入库', fileIds: [] },
    })
}

/** A part of a price goes back; of an order that was paid by code it is sent by hand. */
const priceBack =
  (key: string, amountFen: number, note: string): Deed =>
  async ({ owner, shopId, orderId }) =>
    void (await owner('console.refundUnits', {
      params: { shopId, orderId: orderId(key) },
      idempotencyKey: `demo-price-${key}`,
      body: { lines: [{ line: 0, quantity: 1 }], reasonCode: 'price', amountFen: fen(amountFen), note },
    }))

const recordHandRefund: Deed = async ({ owner, shopId, app }) => {
  const params = { shopId }
  const { items } = await owner('console.personalRefunds', { params, query: {} })
  const owed = items.find(({ state }) => state === 'owed')
  if (owed === undefined) return
  const file = new Blob([new Uint8Array(await drawPicture('bag', 'sky', 1))], { type: 'image/jpeg' })
  const { fileId } = await owner('console.uploadPersonalCode', { params, file, fileName: '转账截图.jpg' })
  await owner('console.recordPersonalRefund', {
    params: { ...params, personalRefundId: owed.id },
    body: { transactionNo: '10002026092611', paidAt: app.engines.clock.instant(), fileIds: [fileId] },
  })
}

/** What happened on which morning, in days before today. */
export const DEEDS: Readonly<Record<number, readonly Deed[]>> = {
  27: [setUp],
  15: [payDeposit('first', DEPOSIT_FEN)],
  12: [
    sendBack,
    withdraw('first', 5_000, 'paid'),
    freeze(6_000, 'routine', '买家投诉收到空包，核查物流签收记录', '签收记录与称重单.jpg'),
  ],
  9: [inspect, release, priceBack('e2', 500, '护手霜第二天做活动，退差价'), creatorWithdraws('first', 1_000, true)],
  6: [deductDeposit, payDeposit('again', 5_000), withdraw('called-off', 6_000, 'cancelled')],
  4: [withdraw('second', 12_000, 'paid')],
  2: [
    priceBack('g2', 800, '盒角压痕，和买家商量补偿 8 元'),
    withdraw('refused', 3_000, 'failed'),
    freeze(4_000, 'serious', '微信支付通知有一笔疑似盗刷，配合核查期间先冻结'),
  ],
  1: [askInvoices('a2', 'h2', 'b2'), recordHandRefund, priceBack('h2', 600, '系带少了一根，补偿 6 元')],
}

/** An operation that a colleague has to agree to: asked for, and decided on unless it is left waiting. */
const approved =
  (key: string, amountFen: number, decision: { decision: 'approve' | 'refuse'; reason: string } | null): Deed =>
  async ({ owner, shopId, signInStaff, treasurer }) => {
    const params = { shopId }
    const ask = () => owner('console.withdraw', { params, idempotencyKey: `demo-approved-${key}`, body: { amountFen } })
    const waits = await ask().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof ApiError && error.code === 'APPROVAL_REQUIRED') return error
        throw error
      },
    )
    if (waits === undefined || decision === null) return
    const colleague = await signInStaff(treasurer)
    const { items } = await colleague('console.approvals', { params, query: { state: 'pending', own: 'false' } })
    await colleague('console.decideApproval', { params: { ...params, approvalId: items[0]!.id }, body: decision })
    if (decision.decision === 'approve') await ask()
  }

/** Bills of days that are over, compared; the ones after them stand for themselves (`reconciliation.ts`). */
const compare: Deed = async ({ owner, shopId, past }) => {
  for (const daysAgo of [6, 5, 4]) {
    const day = new Date(past.at(daysAgo, '08:00')).toISOString().slice(0, 10)
    await owner('console.reconcileDay', { params: { shopId }, body: { day } })
  }
}

/** When the demo opens: what waits for somebody. */
export const LAST: readonly Deed[] = [
  async ({ owner, shopId }) => setWhereDefault(owner, shopId, { 'approvals.withdrawal': true }),
  approved('refused', 50_000, { decision: 'refuse', reason: '比结算单上的可提现多，核对后再提' }),
  approved('agreed', 4_000, { decision: 'approve', reason: '已和结算单核对' }),
  approved('waiting', 2_500, null),
  creatorWithdraws('second', 800, false),
  askInvoices('g1', 'f1'),
  compare,
]
