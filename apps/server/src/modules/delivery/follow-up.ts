import type { MerchantFollowUp, OrderFollowUp } from '@zhanggui/contract'
import QRCode from 'qrcode'
import type { Tx } from '../../kernel/db.ts'
import type { DeliveryDeps } from './deps.ts'
import { openCode } from './pick-up-code.ts'
import { type DeliveryRow, findDelivery, noticesOf } from './store.ts'
import { tracksOf } from './store-tracks.ts'
import { parcelViews } from './tracking.ts'

const MAX_NOTICES = 20

/** How an order is on its way, as staff see it. The caller has made sure that the order may be seen. */
export async function merchantFollowUp(
  tx: Tx,
  deps: DeliveryDeps,
  shopId: string,
  orderId: string,
): Promise<MerchantFollowUp> {
  const row = await findDelivery(tx, shopId, orderId)
  return { delivery: row ? deliveryView(row, deps.clock.instant()) : null, ...(await around(tx, shopId, orderId)) }
}

/** The same as its buyer sees it: with the code, while there is something to fetch. */
export async function buyerFollowUp(
  tx: Tx,
  deps: DeliveryDeps,
  shopId: string,
  orderId: string,
): Promise<OrderFollowUp> {
  const row = await findDelivery(tx, shopId, orderId)
  const rest = await around(tx, shopId, orderId)
  if (row === undefined) return { delivery: null, ...rest }
  const isOpen = ['preparing', 'ready', 'expired'].includes(row.state)
  const code = isOpen ? openCode(deps.vault, row) : null
  const codeQrSvg = code === null ? null : await drawQr(await handOverUrl(tx, deps, shopId, code))
  return { delivery: { ...deliveryView(row, deps.clock.instant()), code, codeQrSvg }, ...rest }
}

async function around(tx: Tx, shopId: string, orderId: string) {
  return {
    parcels: await parcelViews(tx, shopId, await tracksOf(tx, shopId, orderId)),
    notices: await noticesOf(tx, shopId, orderId, MAX_NOTICES),
  }
}

/** What staff's phones open when they scan the code with any scanner. */
async function handOverUrl(tx: Tx, deps: DeliveryDeps, shopId: string, code: string): Promise<string> {
  const { slug } = await deps.shopOf(tx, shopId)
  return `${deps.publicUrl}/console/s/${slug}/pick-up?code=${code}`
}

const drawQr = (text: string): Promise<string> =>
  QRCode.toString(text, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' })

export const isLate = (row: DeliveryRow, now: string): boolean =>
  row.dueAt !== null && (row.state === 'preparing' || row.state === 'on-the-way') && row.dueAt < now

function deliveryView(row: DeliveryRow, now: string) {
  const { method, state, promiseMinutes, dueAt, readyAt, keepUntil, doneAt, frozen, riderName, riderPhone } = row
  return {
    ...{ method, state, promiseMinutes, readyAt, keepUntil, doneAt },
    feeFen: row.feeFen as never,
    promisedAt: dueAt,
    late: isLate(row, now),
    point: frozen.point
      ? { ...frozen.point, opensAt: frozen.opensAt, closesAt: frozen.closesAt, distanceMeters: null }
      : null,
    rider: riderName !== null && riderPhone !== null ? { name: riderName, phone: riderPhone } : null,
  }
}
