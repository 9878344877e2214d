import { sql } from '../../apps/server/src/kernel/db.ts'
import { newId } from '../../apps/server/src/kernel/ids.ts'
import { insertApproval } from '../../apps/server/src/modules/approvals/store.ts'
import { insertInvoice } from '../../apps/server/src/modules/invoices/store.ts'
import { insertPersonal, saveCode } from '../../apps/server/src/modules/personal-code/store.ts'
import { insertHandRefund } from '../../apps/server/src/modules/personal-code/store-refunds.ts'
import { nothing } from '../../apps/server/src/modules/settlement/statement-rules.ts'
import {
  addFreezeEvent,
  insertDepositEntry,
  insertFreeze,
} from '../../apps/server/src/modules/settlement/store-freezes.ts'
import { insertItem, saveMerchant } from '../../apps/server/src/modules/settlement/store-items.ts'
import { beginPeriods, insertStatement } from '../../apps/server/src/modules/settlement/store-statements.ts'
import { insertWithdrawal, savePayout } from '../../apps/server/src/modules/settlement/store-withdrawals.ts'
import { fen, type RouteId } from '../../packages/contract/src/index.ts'
import type { TestApp, TestShop } from './app.ts'

/** Bodies that pass the schemas of the routes of money by personal codes. */
export const personalCodeBodies = (): Partial<Record<RouteId, unknown>> => {
  const seen = { transactionNo: newId().replaceAll('-', ''), fileIds: [] }
  const code = { scheme: 'personal', label: '店主', payee: '*明', fileId: newId(), singleLimitFen: 100, active: true }
  return {
    'invoices.ask': { kind: 'person', type: 'ordinary', title: '个人' },
    'console.issueInvoice': { number: '12345678', issuedOn: '2026-01-01', amountFen: 1, link: 'https://a.cn/' },
    'console.refuseInvoice': { reason: '不开' },
    'console.reverseInvoice': { number: '12345679' },
    'personalCode.claim': { fileIds: [], note: '已转' },
    'console.savePersonalCode': { ...code, version: 1 },
    'console.confirmPersonalPayment': { ...seen, receivedFen: 1, receivedAt: '2026-01-01T00:00:00.000Z' },
    'console.refusePersonalPayment': { reason: '没有到账' },
    'console.recordPersonalRefund': { ...seen, fileIds: [newId()], paidAt: '2026-01-01T00:00:00.000Z' },
  }
}

/** Bodies that pass the schemas of the routes of reconciliation. */
export const reconciliationBodies = (): Partial<Record<RouteId, unknown>> => ({
  'console.reconcileDay': { day: '2026-01-01' },
  'console.setDifferenceOwner': { staffId: null, version: 1 },
  'console.acceptDifference': { reason: '已核对', version: 1 },
  'console.adjustDifference': { reason: '补记', version: 1 },
})

/** A row in every table of settlement and reconciliation; answers the ids that addresses carry. */
export async function leaveMoneyTraces(
  app: TestApp,
  { shopId }: TestShop,
  buyerId: string,
  /** The order that an invoice is asked for. */
  invoiced: { orderId: string; orderNo: string } = { orderId: newId(), orderNo: '1' },
): Promise<Record<string, string>> {
  const at = app.clock.instant()
  const [orderId, statementId, withdrawalId, freezeId] = [newId(), newId(), newId(), newId()]
  const [personalPaymentId, personalRefundId, codeId] = [newId(), newId(), newId()]
  const [differenceId, invoiceId, day] = [newId(), newId(), '2026-01-01']
  const sealed = { openidSealed: 'x', realNameSealed: 'x', realNameMasked: '*明' }
  const sums = { grossFen: 100, feeFen: 0, sharesFen: 0, refundsFen: 0, otherFen: 0, netFen: 100 }
  const amounts = { ...nothing(), 'merchant.pending': 100 }
  const approvalId = newId()
  await app.app.db.tx('system', async (tx) => {
    await insertApproval(tx, {
      ...{ shopId, id: approvalId, route: 'console.withdraw', purpose: 'withdrawal', permission: 'money.write' },
      ...{ digest: approvalId, idempotencyKey: null, summary: '提现 ¥1.00', summaryEn: 'Withdraw ¥1.00', link: null },
      ...{ askedById: newId(), askedBy: '店主', askedAt: at, expiresAt: '9999-12-31T00:00:00.000Z' },
    })
    await saveMerchant(tx, { shopId, level: 'steady', note: '', version: 0, changedAt: at, changedBy: '平台' })
    await beginPeriods(tx, shopId, at)
    await insertItem(tx, {
      ...{ shopId, orderId, orderNo: '1', channel: 'wechat', level: 'steady', cycleDays: 3, amountFen: 100 },
      ...{ settledAt: at, dueAt: at, sharesFen: 0 },
    })
    await savePayout(tx, {
      ...{ shopId, buyerId, app: 'mini', version: 0, setAt: at, setBy: '店主', usableFrom: at, ...sealed },
    })
    await insertWithdrawal(
      tx,
      {
        ...{ shopId, id: withdrawalId, ownerKind: 'shop', ownerId: shopId, ownerName: '店', buyerId, ...sealed },
        ...{ number: withdrawalId, amountFen: 100, feeFen: 0, appid: 'wx', requestedBy: '店主', createdAt: at },
      },
      '9999-12-31T00:00:00.000Z',
    )
    await insertFreeze(
      tx,
      {
        ...{
          shopId,
          id: freezeId,
          number: freezeId,
          kind: 'amount',
          caseKind: 'routine',
          reason: '核查',
          amountFen: 1,
        },
        ...{ periodFrom: null, periodTo: null, openedAt: at, openedBy: '平台', remindAt: null },
        dueAt: '9999-12-31T00:00:00.000Z',
      },
      [{ part: 1, orderId: null, source: 'available', amountFen: 1 }],
    )
    await addFreezeEvent(tx, shopId, freezeId, {
      ...{ kind: 'opened', text: '核查', actorKind: 'platform', actorName: '平台', fileId: null, fileName: null, at },
    })
    await insertDepositEntry(tx, shopId, {
      ...{ id: newId(), kind: 'paid-in', amountFen: fen(1), reason: '', byName: '店主', at },
    })
    await insertStatement(
      tx,
      {
        ...{ shopId, id: statementId, number: 'JS20260101', periodFrom: '2026-01-01T00:00:00.000Z' },
        ...{ periodTo: '2026-01-02T00:00:00.000Z', firstDay: '2026-01-01', lastDay: '2026-01-01', opening: nothing() },
        ...{ closing: amounts, orders: 1, lines: 1, createdAt: at, ...sums },
      },
      [
        {
          ...{ line: 1, kind: 'order', orderId, referenceType: 'order', referenceId: orderId, label: '1' },
          ...{ happenedAt: at, changes: amounts, transferIds: [newId()], ...sums },
        },
      ],
    )
    const picture = newId()
    await saveCode(tx, {
      ...{ shopId, id: codeId, scheme: 'personal', label: '店主', payee: '*明', fileId: picture, singleLimitFen: 100 },
      ...{ active: true, version: 0, changedAt: at, changedBy: '店主' },
    })
    const about = { shopId, orderId, orderNo: '1', buyerId }
    await insertPersonal(tx, {
      ...{ ...about, id: personalPaymentId, attempt: 1, codeId, scheme: 'personal', codeLabel: '店主', payee: '*明' },
      ...{
        fileId: picture,
        state: 'refused',
        amountFen: 100,
        day,
        note: '',
        evidence: [],
        openedAt: at,
        claimedAt: null,
      },
      ...{ checkBefore: null, receivedFen: null, receivedAt: null, transactionNo: null, taken: null, checkedAt: null },
      ...{ checkedBy: '', refuseReason: '', staffEvidence: [] },
    })
    await insertHandRefund(tx, {
      ...{ ...about, id: personalRefundId, paymentId: personalPaymentId, amountFen: 100, reason: '退', createdAt: at },
      ...{ requestedBy: 'buyer', settlesOrder: false, partOfOrder: false, purpose: '' },
    })
    await insertInvoice(tx, {
      ...{
        ...about,
        ...invoiced,
        id: invoiceId,
        state: 'asked',
        kind: 'person',
        type: 'ordinary',
        title: '个人',
        taxNo: '',
      },
      ...{ amountFen: null, number: null, issuedOn: null, link: null, pictures: [], mustReverse: false },
      ...{ reversedBy: null, reason: '', askedAt: at, changedAt: at, changedBy: '' },
    })
    await tx.exec(sql`insert into reconciliation_days (shop_id, day, state) values (${shopId}, ${day}, 'done')`)
    await tx.exec(sql`
      insert into bill_lines (shop_id, day, bill, line_key, kind, number, channel_id, happened_at, state, amount_fen, fee_fen, title)
      values (${shopId}, ${day}, 'trade', 'P:1', 'payment', '1P01', '1', ${at}, 'SUCCESS', 100, 1, '茶')`)
    await tx.exec(sql`
      insert into reconciliation_differences (shop_id, id, day, pair, subject, class, state, number, there_fen, found_at, seen_at, run_id)
      values (${shopId}, ${differenceId}, ${day}, 'payment', 'P:1', 'missing-here', 'open', '1P01', 100, ${at}, ${at}, ${newId()})`)
  })
  return {
    ...{ personalPaymentId, personalRefundId, codeId, invoiceId },
    statementId,
    line: '1',
    withdrawalId,
    partyId: newId(),
    freezeId,
    documentId: newId(),
    refundId: newId(),
    differenceId,
    ledgerAccountId: newId(),
    approvalId,
  }
}
