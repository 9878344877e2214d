import {
  type Aftersale,
  type AftersaleAction,
  type AftersaleListRow,
  type AftersaleRow,
  CARRIERS,
  type CarrierCode,
  type MerchantAftersale,
  ORDER_STATES,
  type Picture,
} from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { variantUrl } from '../../kernel/files.ts'
import type { AftersaleDeps } from './deps.ts'
import { mayDispute } from './dispute.ts'
import { planOf } from './plan-of-case.ts'
import { explained, orderNow } from './quote.ts'
import { allows, isOver, turnOf } from './rules.ts'
import { type CaseRow, entriesOf, type LineRow, linesOfCases, type ParcelRow } from './store.ts'

type RowView = z.input<typeof AftersaleRow>
export type CaseView = z.input<typeof Aftersale>
export type StaffView = z.input<typeof MerchantAftersale>

/** Cases of one shop as lists show them. */
export async function rowViews(tx: Tx, deps: AftersaleDeps, rows: readonly CaseRow[]): Promise<RowView[]> {
  const lines = await linesOfCases(tx, rows)
  const pictures = new Map<string, Picture>()
  for (const [shopId, mine] of Map.groupBy(rows, (row) => row.shopId)) {
    const fileIds = mine.flatMap(({ id }) => lines.get(id)!.flatMap(({ pictureFileId }) => pictureFileId ?? []))
    for (const [id, picture] of await deps.files.pictures(tx, shopId, [...new Set(fileIds)])) pictures.set(id, picture)
  }
  return rows.map((row) => rowView(row, lines.get(row.id)!, pictures))
}

function rowView(row: CaseRow, lines: readonly LineRow[], pictures: ReadonlyMap<string, Picture>): RowView {
  const { id, caseNo, shopId, orderId, orderNo, type, state, openedBy, reason, fault, quality } = row
  return {
    ...{ id, caseNo, shopId, orderId, orderNo, type, state, openedBy, reason, fault, quality, turn: turnOf(state) },
    ...{ amountFen: fen(row.amountFen), refundedFen: fen(row.refundedFen) },
    ...{ openedAt: row.openedAt, dueAt: row.dueAt, endedAt: row.endedAt },
    lines: lines.map(({ pictureFileId, amountFen, exchangeOptions, ...line }) => ({
      ...{ line: line.line, skuId: line.skuId, productId: line.productId, title: line.title, options: line.options },
      ...{ quantity: line.quantity, amountFen: fen(amountFen), restocked: line.restocked, scrapped: line.scrapped },
      exchangeOptions: line.exchangeSkuId === null ? null : exchangeOptions,
      picture: pictureFileId === null ? null : (pictures.get(pictureFileId) ?? null),
    })),
  }
}

/** Lists for staff: with the buyer's and the shop's name. */
export async function listViews(
  tx: Tx,
  deps: AftersaleDeps,
  rows: readonly CaseRow[],
  nicknames: ReadonlyMap<string, string>,
): Promise<z.input<typeof AftersaleListRow>[]> {
  const views = await rowViews(tx, deps, rows)
  const shops = await deps.shopsByIds(tx, [...new Set(rows.map(({ shopId }) => shopId))])
  return views.map((view, at) => ({
    ...view,
    buyerNickname: nicknames.get(rows[at]!.buyerId) ?? '',
    shopName: shops.get(view.shopId)?.name ?? '',
    toCountAt: rows[at]!.toCountAt,
  }))
}

/** One case as its buyer sees it. */
export const buyerView = (tx: Tx, deps: AftersaleDeps, row: CaseRow): Promise<CaseView> =>
  caseView(tx, deps, row, {
    withInternal: false,
    buyer: '你',
    staffName: () => '商家',
    actions: buyerActions(row, deps.clock.instant()),
  })

function buyerActions(row: CaseRow, now: string): AftersaleAction[] {
  const { state } = row
  const all: [AftersaleAction, boolean][] = [
    ['cancel', allows('cancel', state)],
    ['send-back', allows('send-back', state)],
    ['confirm', allows('confirm', state)],
    ['dispute', mayDispute(row, now)],
    ['message', !isOver(state)],
  ]
  return all.flatMap(([action, is]) => (is ? [action] : []))
}

/** One case as staff see it, or as the platform that is to rule. */
export async function staffView(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  as: { nickname: string; isPlatform: boolean },
): Promise<StaffView> {
  const view = await caseView(tx, deps, row, {
    withInternal: !as.isPlatform,
    buyer: '买家',
    staffName: (name) => name || '商家',
    actions: as.isPlatform ? platformActions(row) : staffActions(row),
  })
  const order = (await deps.orders.findOrder(tx, { shopId: row.shopId, orderId: row.orderId }))!
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  const plan = await planOf(tx, deps, await orderNow(tx, deps, order, row.id), row, lines)
  const { ceilingFen, unitsFen, freightFen, explanation } = explained(plan, order)
  return {
    ...view,
    shopName: (await deps.shopsByIds(tx, [row.shopId])).get(row.shopId)?.name ?? '',
    ...{ buyerId: row.buyerId, buyerNickname: as.nickname, toCountAt: row.toCountAt },
    money: { ceilingFen, unitsFen, freightFen, explanation },
    order: { paidFen: fen(order.paidFen), backFen: fen(order.partRefundFen), state: ORDER_STATES[order.state].zh },
    warehouses: [...(await deps.stock.warehouseNames(tx, row.shopId))].map(([id, name]) => ({ id, name })),
  }
}

function staffActions({ state, type, toCountAt }: CaseRow): AftersaleAction[] {
  const all: [AftersaleAction, boolean][] = [
    ['approve', allows(type === 'refund' ? 'agree-to-refund' : 'agree-to-return', state)],
    ['inspect', allows(type === 'exchange' ? 'accept-for-exchange' : 'accept-for-refund', state)],
    ['resend', allows('resend', state)],
    ['reject', allows('reject', state)],
    ['count', toCountAt !== null],
    ['message', !isOver(state)],
  ]
  return all.flatMap(([action, is]) => (is ? [action] : []))
}

const platformActions = ({ state }: CaseRow): AftersaleAction[] => (allows('rule-refund', state) ? ['rule'] : [])

async function caseView(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  as: { withInternal: boolean; buyer: string; staffName: (name: string) => string; actions: AftersaleAction[] },
): Promise<CaseView> {
  const [view] = await rowViews(tx, deps, [row])
  const entries = await entriesOf(tx, row, as.withInternal)
  const show = await evidenceViews(tx, deps, row.shopId, [row.evidence, ...entries.map(({ files }) => files)].flat())
  const parcels = [row.returnParcel, row.resendParcel].flatMap((parcel) => parcel?.id ?? [])
  const tracks = new Map(
    (await deps.delivery.tracksById(tx, row.shopId, parcels)).map((track) => [track.shipmentId, track]),
  )
  const parcelView = (parcel: ParcelRow | null): CaseView['returnParcel'] =>
    parcel && {
      carrierName: CARRIERS[parcel.carrierCode as CarrierCode] ?? parcel.carrierCode,
      ...{ trackingNo: parcel.trackingNo, at: parcel.at, track: tracks.get(parcel.id) ?? null },
    }
  return {
    ...view!,
    ...{
      note: row.note,
      freightFen: fen(row.freightFen),
      freightBy: row.freightBy,
      hint: await hintFor(tx, deps, row),
    },
    ...{ evidence: show(row.evidence), rejectReason: row.rejectReason, returnAddress: row.returnAddress },
    returnParcel: parcelView(row.returnParcel),
    resendParcel: parcelView(row.resendParcel),
    timeline: entries.map(({ at, kind, text, actorKind, actorName, files }) => {
      const actor =
        actorKind === 'buyer'
          ? as.buyer
          : actorKind === 'system'
            ? '系统'
            : actorKind === 'platform'
              ? '平台'
              : as.staffName(actorName)
      // Steps are told as staff read them; the buyer reads them as their own.
      return { at, kind, text: text.replace(/^买家/, as.buyer), actor, files: show(files) }
    }),
    actions: as.actions,
    version: row.version,
  }
}

async function evidenceViews(tx: Tx, deps: AftersaleDeps, shopId: string, ids: readonly string[]) {
  const found = await deps.files.find(tx, shopId, [...new Set(ids)])
  return (wanted: readonly string[]): CaseView['evidence'] =>
    wanted.flatMap((fileId) => {
      const kind = found.get(fileId)?.kind
      return kind === 'image' || kind === 'video' ? [{ fileId, url: variantUrl(fileId), kind }] : []
    })
}

/** Money by the merchant's own code comes back by hand; the rest goes by the state. */
async function hintFor(tx: Tx, deps: AftersaleDeps, row: CaseRow): Promise<string> {
  if (row.state !== 'refunding') return hintOf(row)
  const order = await deps.orders.findOrder(tx, { shopId: row.shopId, orderId: row.orderId })
  const isByHand = order?.paymentId != null && (await deps.isByHand(tx, row.shopId, order.paymentId))
  return isByHand ? '商家会把钱转账退给你，登记后售后完成' : hintOf(row)
}

/** What happens next, in a sentence. */
function hintOf({ state, type }: CaseRow): string {
  switch (state) {
    case 'requested':
      return '等待商家处理，到时没有处理会按规则自动进行'
    case 'returning':
      return '请寄回商品并填写运单号，到时没有寄回售后会关闭'
    case 'inspecting':
      return `商家收到后验货，到时没有验货视为通过，${type === 'exchange' ? '寄出换货' : '退款'}`
    case 'resending':
      return '商家准备寄出换货，到时没有寄出可以申请平台介入'
    case 'resent':
      return '换货在路上，到时自动完成'
    case 'refunding':
      return '款项原路退回，一般几分钟内到账'
    case 'rejected':
      return '可以申请平台介入，或撤销后重新申请；到时没有申请售后会关闭'
    case 'disputed':
      return '平台正在核实双方的凭证'
    case 'done':
      return type === 'exchange' ? '换货已完成' : '退款已到账'
    case 'closed':
      return '售后已关闭'
  }
}
