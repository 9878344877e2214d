import { CARRIERS, type CarrierCode } from '@zhanggui/contract'
import { type Actor, SYSTEM_ACTOR } from '../../kernel/actor.ts'
import { DAY_MS, HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { giveBack, type Locked } from './decide.ts'
import type { AftersaleDeps } from './deps.ts'
import { shipReplacement } from './exchange.ts'
import { note, settle, takeStep, tellMoved } from './life.ts'
import { nextState } from './rules.ts'
import { confirmDays, receiveDays, resendHours } from './settings.ts'
import { type CaseRow, type Change, changeCase, changeLine, linesOfCases, type ParcelRow } from './store.ts'

interface Waybill {
  carrierCode: CarrierCode
  trackingNo: string
}

/** The buyer has sent the goods back; the parcel is followed. @throws AppError CONFLICT */
export async function sendBack(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  waybill: Waybill,
  actor: Actor,
): Promise<CaseRow> {
  nextState('send-back', row.state)
  const phoneTail = (row.returnAddress?.phone ?? '').slice(-4)
  const parcel = await follow(tx, deps, row, waybill, { direction: 'return', phoneTail })
  const days = await deps.settings.get(receiveDays, { shopId: row.shopId }, tx)
  return takeStep(tx, deps, row, 'send-back', {
    ...{ text: `买家已寄回：${CARRIERS[waybill.carrierCode]} ${waybill.trackingNo}`, actor },
    set: { returnParcel: parcel, dueAt: plusMs(deps.clock.instant(), days * DAY_MS) },
  })
}

async function follow(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  { carrierCode, trackingNo }: Waybill,
  how: { direction: 'return' | 'replacement'; phoneTail: string },
): Promise<ParcelRow> {
  const [id, at] = [newId(), deps.clock.instant()]
  const { shopId, orderId, buyerId } = row
  await deps.delivery.followParcel(tx, { shopId, shipmentId: id, orderId, buyerId, carrierCode, trackingNo, ...how })
  return { id, carrierCode, trackingNo, at }
}

export interface Counted {
  warehouseId: string
  lines: readonly { line: number; restock: number; scrap: number }[]
  note: string
  actor: Actor
}

export interface Inspection extends Counted {
  fileIds: readonly string[]
}

/**
 * The goods are back: into stock or written off, and then the money, or the replacement.
 * @throws AppError CONFLICT, VALIDATION_FAILED for more than was sent back, NOT_FOUND for an unknown warehouse
 */
export async function inspect(
  tx: Tx,
  deps: AftersaleDeps,
  { order, row }: Locked,
  inspection: Inspection,
): Promise<CaseRow> {
  nextState(row.type === 'exchange' ? 'accept-for-exchange' : 'accept-for-refund', row.state)
  await takeIn(tx, deps, row, inspection)
  const more = inspection.note === '' ? '' : `：${inspection.note}`
  return accept(
    tx,
    deps,
    { order, row },
    {
      ...{ text: `商家验货通过${more}`, actor: inspection.actor, files: inspection.fileIds },
    },
  )
}

/** Goods count as accepted. */
export async function accept(
  tx: Tx,
  deps: AftersaleDeps,
  { order, row }: Locked,
  input: { text: string; actor: Actor; files?: readonly string[]; set?: Change },
): Promise<CaseRow> {
  if (row.type !== 'exchange') return giveBack(tx, deps, { order, row }, 'accept-for-refund', input)
  const hours = await deps.settings.get(resendHours, { shopId: row.shopId }, tx)
  return takeStep(tx, deps, row, 'accept-for-exchange', {
    ...{ ...input, text: `${input.text}，准备寄出换货` },
    set: { ...input.set, dueAt: plusMs(deps.clock.instant(), hours * HOUR_MS) },
    tell: { title: '退回的商品已验收', text: '换货商品即将寄出' },
  })
}

/**
 * Goods that came back while nobody looked: what is decided over their money takes them over, so they wait to be
 * counted instead of vanishing. Empty where nothing was sent back, or it has been counted.
 */
export async function toCount(tx: Tx, { clock }: Pick<AftersaleDeps, 'clock'>, row: CaseRow): Promise<Change> {
  if (row.returnParcel === null || row.toCountAt !== null) return {}
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  const isCounted = lines.some(({ restocked, scrapped }) => restocked + scrapped > 0)
  return isCounted ? {} : { toCountAt: clock.instant() }
}

/**
 * Goods whose money was decided without a look are counted: into stock, written off, or not come at all. No money moves.
 * @throws AppError CONFLICT when nothing waits, or somebody was faster
 */
export async function countReturned(tx: Tx, deps: AftersaleDeps, row: CaseRow, inspection: Counted): Promise<void> {
  if (row.toCountAt === null) throw new AppError('CONFLICT', { values: { what: '售后单（没有待清点的退货）' } })
  const counted = await takeIn(tx, deps, row, inspection)
  if (!(await changeCase(tx, row, { toCountAt: null }))) throw new AppError('CONFLICT', { values: { what: '售后单' } })
  const after = { ...row, toCountAt: null, version: row.version + 1 }
  const { actor } = inspection
  const more = inspection.note === '' ? '' : `：${inspection.note}`
  const text = `退回商品已清点，入库 ${counted.restock} 件、报废 ${counted.scrap} 件${more}`
  await note(tx, deps, after, { kind: 'internal', text, actor })
  await tellMoved(tx, after, row.state, deps.clock.instant(), actor)
}

async function takeIn(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  inspection: Counted,
): Promise<{ restock: number; scrap: number }> {
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  const counted = inspection.lines.map((each) => {
    const line = lines.find((one) => one.line === each.line)
    if (line === undefined) throw new AppError('NOT_FOUND', { values: { what: '退回的商品' } })
    if (each.restock + each.scrap > line.quantity)
      throw new AppError('VALIDATION_FAILED', {
        values: { field: '数量', reason: `「${line.title}」退回 ${line.quantity} 件` },
        field: 'lines',
      })
    return { ...each, row: line }
  })
  const { shopId, caseNo } = row
  const { warehouseId, actor } = inspection
  const all = counted.map((each) => ({ skuId: each.row.skuId, quantity: each.restock + each.scrap }))
  const scrapped = counted.map((each) => ({ skuId: each.row.skuId, quantity: each.scrap }))
  await deps.stock.receive(tx, { shopId, reason: 'return', note: `售后 ${caseNo}`, actor, warehouseId, lines: all })
  await deps.stock.writeOff(tx, { shopId, note: `售后 ${caseNo} 报废`, actor, warehouseId, lines: scrapped })
  for (const { row: line, restock, scrap } of counted)
    await changeLine(tx, row, line.line, { ...line, restocked: restock, scrapped: scrap })
  const sum = (of: 'restock' | 'scrap') => counted.reduce((total, each) => total + each[of], 0)
  return { restock: sum('restock'), scrap: sum('scrap') }
}

/** The replacement has left. @throws AppError CONFLICT */
export async function resend(
  tx: Tx,
  deps: AftersaleDeps,
  { order, row }: Locked,
  waybill: Waybill,
  actor: Actor,
): Promise<CaseRow> {
  nextState('resend', row.state)
  await shipReplacement(tx, deps, row, actor)
  const phoneTail = order.phoneMasked.slice(-4)
  const parcel = await follow(tx, deps, row, waybill, { direction: 'replacement', phoneTail })
  const days = await deps.settings.get(confirmDays, { shopId: row.shopId }, tx)
  const by = `${CARRIERS[waybill.carrierCode]} ${waybill.trackingNo}`
  return takeStep(tx, deps, row, 'resend', {
    ...{ text: `换货已寄出：${by}`, actor },
    set: { resendParcel: parcel, dueAt: plusMs(deps.clock.instant(), days * DAY_MS) },
    tell: { title: '换货商品已寄出', text: by },
  })
}

/** The replacement has arrived. @throws AppError CONFLICT */
export const confirm = (tx: Tx, deps: AftersaleDeps, row: CaseRow, actor: Actor): Promise<CaseRow> =>
  settle(tx, deps, row, 'confirm', {
    text: actor === SYSTEM_ACTOR ? '超时自动确认收到换货' : '买家确认收到换货',
    actor,
  })
