import { WechatApiError } from '../../adapters/wechat-mini/errors.ts'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { PaymentsDeps } from './ports.ts'
import { backoffSeconds, forWechat } from './rules.ts'
import { retryRefundSeconds } from './settings.ts'
import { paymentsOfOrder } from './store.ts'
import { claimDueShipmentReports, type ShipmentReportRow, setShipmentReport } from './store-refunds.ts'

const BATCH = 50
const LEASE_MS = 2 * MINUTE_MS
const MAX_TRIES = 12
const DESCRIPTION_CHARS = 120

/** Tells WeChat about parcels, as it demands before it releases the money. Answers how many it looked at. */
export async function reportShipments(deps: PaymentsDeps): Promise<number> {
  if (!deps.wechatMini) return 0
  const at = deps.clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueShipmentReports(tx, at, plusMs(at, LEASE_MS), BATCH))
  for (const report of due) {
    const failure = await upload(deps, report)
    const end = failure === null ? 'accepted' : failure.retryable && report.attempts < MAX_TRIES ? 'pending' : 'failed'
    const seconds = await deps.settings.get(retryRefundSeconds, {})
    const checkAt =
      end === 'pending' ? plusMs(deps.clock.instant(), backoffSeconds(seconds, report.attempts) * 1000) : null
    await deps.db.tx('system', (tx) =>
      setShipmentReport(tx, report.shopId, report.shipmentId, end, checkAt, failure?.text ?? null),
    )
  }
  return due.length
}

async function upload(
  deps: PaymentsDeps,
  report: ShipmentReportRow,
): Promise<{ retryable: boolean; text: string } | null> {
  const payment = (await deps.db.read('system', (tx) => paymentsOfOrder(tx, report.shopId, report.orderId))).find(
    (each) => each.state === 'paid',
  )
  if (!payment?.transactionId || !payment.payerOpenid) return { retryable: false, text: '没有对应的微信支付' }
  const { trackingNo, carrierCode, itemDescription, partial, allShipped, receiverContact } = report.payload
  try {
    await deps.wechatMini!.uploadShipping({
      order: { transactionId: payment.transactionId },
      openid: payment.payerOpenid,
      method: 'express',
      ...(partial ? { split: { allDelivered: allShipped } } : {}),
      parcels: [
        {
          itemDescription: forWechat(itemDescription, DESCRIPTION_CHARS),
          trackingNo,
          expressCompany: carrierCode,
          receiverContact,
        },
      ],
      uploadedAt: deps.clock.now(),
    })
    return null
  } catch (error) {
    deps.log.warn({ err: error, shipmentId: report.shipmentId }, 'WeChat did not take the shipping information')
    return { retryable: !(error instanceof WechatApiError) || error.retryable, text: String((error as Error).message) }
  }
}
