import { WechatApiError } from '../../adapters/wechat-mini/errors.ts'
import type { WechatMini } from '../../adapters/wechat-mini/port.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import type { PaymentsDeps } from './ports.ts'
import { backoffSeconds, forWechat } from './rules.ts'
import { SWEEP_BATCH } from './run-sweeps.ts'
import { retryRefundSeconds } from './settings.ts'
import { type PaymentRow, paymentById } from './store.ts'
import { claimDueShipmentReports, lastReportedAt, type ShipmentReportRow, setShipmentReport } from './store-refunds.ts'
import { errorText } from './trouble.ts'

/** A round is several calls to WeChat one after the other, each with a time limit and a repetition. */
const LEASE_MS = 5 * MINUTE_MS
const MAX_TRIES = 12
/** WeChat's words for how goods go. */
const METHODS = { courier: 'express', 'same-city': 'same_city', 'pick-up': 'pickup' } as const
const DESCRIPTION_CHARS = 120

/** One round of telling WeChat about parcels, as it demands before it releases the money. Answers how many it looked at. */
export async function reportShipments(deps: PaymentsDeps): Promise<number> {
  const { wechatMini } = deps
  if (!wechatMini) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueShipmentReports(tx, at, plusMs(at, LEASE_MS), SWEEP_BATCH))
  // One after the other: parcels of one order are told in the order they left.
  for (const report of due) await tell(deps, wechatMini, report)
  return due.length
}

async function tell(deps: PaymentsDeps, wechatMini: WechatMini, report: ShipmentReportRow): Promise<void> {
  const { shopId, shipmentId, orderId, attempts } = report
  const { payment, last } = await deps.db.read('system', async (tx) => ({
    payment: await paymentOf(deps, tx, report),
    last: await lastReportedAt(tx, shopId, orderId),
  }))
  const now = deps.clock.instant()
  const reportedAt = last !== null && last >= now ? plusMs(last, 1) : now
  const failure = await upload(deps, wechatMini, report, payment, reportedAt)
  const state = failure === null ? 'accepted' : failure.retryable && attempts < MAX_TRIES ? 'pending' : 'failed'
  const seconds = await deps.settings.get(retryRefundSeconds, {})
  const checkAt = state === 'pending' ? plusMs(deps.clock.instant(), backoffSeconds(seconds, attempts) * 1000) : null
  const told = state === 'accepted' ? reportedAt : null
  await deps.db.tx('system', (tx) =>
    setShipmentReport(tx, shopId, shipmentId, { state, checkAt, reportedAt: told, error: failure?.text ?? null }),
  )
}

async function upload(
  deps: PaymentsDeps,
  wechatMini: WechatMini,
  report: ShipmentReportRow,
  payment: PaymentRow | undefined,
  reportedAt: string,
): Promise<{ retryable: boolean; text: string } | null> {
  if (!payment?.transactionId || !payment.payerOpenid) return { retryable: false, text: '没有对应的微信支付' }
  const {
    method = 'courier',
    trackingNo,
    carrierCode,
    itemDescription,
    partial,
    allShipped,
    receiverContact,
  } = report.payload
  const express = method === 'courier' ? { trackingNo, expressCompany: carrierCode, receiverContact } : {}
  try {
    await wechatMini.uploadShipping({
      order: { transactionId: payment.transactionId },
      openid: payment.payerOpenid,
      method: METHODS[method],
      ...(partial ? { split: { allDelivered: allShipped } } : {}),
      parcels: [
        {
          itemDescription: forWechat(itemDescription, DESCRIPTION_CHARS),
          ...express,
        },
      ],
      uploadedAt: new Date(reportedAt),
    })
    return null
  } catch (error) {
    deps.log.warn({ err: error, shipmentId: report.shipmentId }, 'WeChat did not take the shipping information')
    return { retryable: !(error instanceof WechatApiError) || error.retryable, text: errorText(error) }
  }
}

/** The payment that paid the order; others may have come and gone back. */
async function paymentOf(deps: PaymentsDeps, tx: Tx, report: ShipmentReportRow): Promise<PaymentRow | undefined> {
  const { paymentId } = await deps.orders.orderForPayment(tx, report.shopId, report.orderId)
  return paymentId === null ? undefined : paymentById(tx, report.shopId, paymentId)
}
