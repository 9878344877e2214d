import type {
  PersonalCodes,
  PersonalDay,
  PersonalPayment,
  PersonalPaymentRow,
  PersonalRefundRow,
} from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { variantUrl } from '../../kernel/files.ts'
import { getBalances } from '../../ledger/index.ts'
import type { OrderRow } from '../orders/index.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { dayNow, today } from './pay.ts'
import { dayAccount } from './rules.ts'
import { enabled } from './settings.ts'
import { codesOf, confirmedByDay, type PersonalRow } from './store.ts'
import { type HandRefundRow, refundedByDay } from './store-refunds.ts'

const pictures = (ids: readonly string[]) => ids.map((fileId) => ({ fileId, url: variantUrl(fileId) }))

export const buyerView = (row: PersonalRow, order: Pick<OrderRow, 'payBefore'>): z.input<typeof PersonalPayment> => ({
  ...{ id: row.id, state: row.state, amountFen: fen(row.amountFen), remark: row.orderNo, scheme: row.scheme },
  ...{ payee: row.payee, codeUrl: variantUrl(row.fileId), payBefore: order.payBefore, claimedAt: row.claimedAt },
  ...{ checkBefore: row.checkBefore, refuseReason: row.refuseReason, evidence: pictures(row.evidence) },
})

const money = (amount: number | null) => (amount === null ? null : fen(amount))

export const staffView = (row: PersonalRow, nickname: string): z.input<typeof PersonalPaymentRow> => ({
  ...{ id: row.id, orderId: row.orderId, orderNo: row.orderNo, buyerId: row.buyerId, buyerNickname: nickname },
  ...{ state: row.state, scheme: row.scheme, codeLabel: row.codeLabel, amountFen: fen(row.amountFen), note: row.note },
  ...{ evidence: pictures(row.evidence), openedAt: row.openedAt, claimedAt: row.claimedAt },
  ...{ receivedFen: money(row.receivedFen), receivedAt: row.receivedAt, transactionNo: row.transactionNo },
  ...{ taken: row.taken, checkedAt: row.checkedAt, checkedBy: row.checkedBy, refuseReason: row.refuseReason },
  staffEvidence: pictures(row.staffEvidence),
})

export const refundView = (row: HandRefundRow, nickname: string): z.input<typeof PersonalRefundRow> => ({
  ...{ id: row.id, orderId: row.orderId, orderNo: row.orderNo, buyerId: row.buyerId, buyerNickname: nickname },
  ...{ state: row.state, amountFen: fen(row.amountFen), reason: row.reason, paymentNo: row.paymentNo },
  ...{ createdAt: row.createdAt, transactionNo: row.transactionNo, paidAt: row.paidAt, recordedAt: row.recordedAt },
  ...{ recordedBy: row.recordedBy, evidence: pictures(row.evidence) },
})

export async function codesView(
  tx: Tx,
  deps: PersonalCodeDeps,
  shopId: string,
): Promise<z.input<typeof PersonalCodes>> {
  const day = await today(tx, deps, shopId)
  const { receivedFen, reservedFen, limitFen } = await dayNow(tx, deps, shopId, day)
  return {
    enabled: await deps.settings.get(enabled, { shopId }, tx),
    today: { day, receivedFen: fen(receivedFen), reservedFen: fen(reservedFen), limitFen: fen(limitFen) },
    items: (await codesOf(tx, shopId)).map(({ shopId: _shop, singleLimitFen, ...code }) => ({
      ...{ ...code, singleLimitFen: fen(singleLimitFen), url: variantUrl(code.fileId) },
    })),
  }
}

/** What came and went on these days, beside what the ledger counted. */
export async function daysView(
  tx: Tx,
  shopId: string,
  zone: string,
  days: readonly string[],
): Promise<z.input<typeof PersonalDay>[]> {
  const confirmed = Map.groupBy(await confirmedByDay(tx, shopId, days), ({ day }) => day)
  const refunded = new Map((await refundedByDay(tx, shopId, zone, days)).map((each) => [each.day, each.refundedFen]))
  const ledger = await getBalances(
    tx,
    shopId,
    days.map((day) => dayAccount(shopId, day)),
  )
  return days.map((day) => {
    const by = confirmed.get(day) ?? []
    return {
      day,
      count: by.reduce((sum, { count }) => sum + count, 0),
      receivedFen: fen(by.reduce((sum, each) => sum + each.receivedFen, 0)),
      refundedFen: fen(refunded.get(day) ?? 0),
      ledgerFen: fen(ledger.get(dayAccount(shopId, day))?.balance ?? 0),
      by: by.slice(0, 50).map(({ name, count, receivedFen }) => ({ name, count, receivedFen: fen(receivedFen) })),
    }
  })
}

/** For the order's own page, beside its payments by WeChat. */
export const asPayment = ({
  id,
  state,
  amountFen,
  orderNo,
  attempt,
  transactionNo,
  receivedAt,
  receivedFen,
}: PersonalRow) => ({
  ...{ id, method: 'personal-code' as const, amountFen: fen(receivedFen ?? amountFen), transactionId: transactionNo },
  state: STATES[state],
  ...{ outTradeNo: `${orderNo}-${attempt}`, paidAt: receivedAt, combined: null },
})

const STATES = { open: 'created', waiting: 'pending', confirmed: 'paid', refused: 'failed', closed: 'closed' } as const

export const asRefund = ({
  id,
  state,
  amountFen,
  reason,
  requestedBy,
  createdAt,
  transactionNo,
  recordedAt,
}: HandRefundRow) => ({
  ...{ id, amountFen: fen(amountFen), reason, requestedBy, createdAt, finishedAt: recordedAt, lastError: null },
  state: state === 'owed' ? ('processing' as const) : ('succeeded' as const),
  outRefundNo: transactionNo ?? '',
})
