import type { AftersaleFault, AftersaleState, AftersaleType, ReturnAddress } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface ParcelRow {
  id: string
  carrierCode: string
  trackingNo: string
  at: string
  signedAt?: string
}

export interface CaseRow {
  shopId: string
  id: string
  caseNo: string
  orderId: string
  orderNo: string
  buyerId: string
  version: number
  type: AftersaleType
  state: AftersaleState
  stage: 'unshipped' | 'shipped'
  openedBy: 'buyer' | 'merchant'
  reasonCode: string
  reason: string
  fault: AftersaleFault
  quality: boolean
  note: string
  evidence: string[]
  amountFen: number
  freightFen: number
  freightBy: 'merchant' | 'buyer' | 'nobody'
  refundedFen: number
  whole: boolean
  returnAddress: Omit<ReturnAddress, 'id' | 'isDefault'> | null
  returnParcel: ParcelRow | null
  resendParcel: ParcelRow | null
  rejectReason: string
  openedAt: string
  dueAt: string | null
  remindAt: string | null
  ruledAt: string | null
  endedAt: string | null
  /** Since when goods that nobody has looked at wait to be counted. */
  toCountAt: string | null
  receiptLeftMs: number | null
}

export interface StockPart {
  skuId: string
  warehouseId: string
  quantity: number
}

export interface LineRow {
  caseId: string
  line: number
  skuId: string
  productId: string
  title: string
  options: string
  pictureFileId: string | null
  quantity: number
  amountFen: number
  units: [index: number, fen: number][]
  exchangeSkuId: string | null
  exchangeOptions: string | null
  exchangeParts: StockPart[] | null
  restocked: number
  scrapped: number
}

export const COLUMNS = sql`c.shop_id, c.id, c.case_no, c.order_id, c.order_no, c.buyer_id, c.version, c.type, c.state,
  c.stage, c.opened_by, c.reason_code, c.reason, c.fault, c.quality, c.note, c.evidence, c.amount_fen, c.freight_fen,
  c.freight_by, c.refunded_fen, c.whole, c.return_address, c.return_parcel, c.resend_parcel, c.reject_reason,
  c.opened_at, c.due_at, c.remind_at, c.ruled_at, c.ended_at, c.to_count_at, c.receipt_left_ms`

export async function insertCase(tx: Tx, row: CaseRow, lines: readonly Omit<LineRow, 'caseId'>[]): Promise<void> {
  await tx.exec(sql`
    insert into aftersale_cases (shop_id, id, case_no, order_id, order_no, buyer_id, version, type, state, stage, opened_by,
      reason_code, reason, fault, quality, note, evidence, amount_fen, freight_fen, freight_by, opened_at, due_at, remind_at,
      receipt_left_ms)
    values (${row.shopId}, ${row.id}, ${row.caseNo}, ${row.orderId}, ${row.orderNo}, ${row.buyerId}, ${row.version},
      ${row.type}, ${row.state}, ${row.stage}, ${row.openedBy}, ${row.reasonCode}, ${row.reason}, ${row.fault},
      ${row.quality}, ${row.note}, ${row.evidence}::uuid[], ${row.amountFen}, ${row.freightFen}, ${row.freightBy},
      ${row.openedAt}, ${row.dueAt}, ${row.remindAt}, ${row.receiptLeftMs})`)
  for (const line of lines)
    await tx.exec(sql`
      insert into aftersale_lines (shop_id, case_id, order_id, buyer_id, line, sku_id, product_id, title, options,
        picture_file_id, quantity, amount_fen, units, exchange_sku_id, exchange_options)
      values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.buyerId}, ${line.line}, ${line.skuId}, ${line.productId},
        ${line.title}, ${line.options}, ${line.pictureFileId}, ${line.quantity}, ${line.amountFen},
        ${JSON.stringify(line.units)}::jsonb, ${line.exchangeSkuId}, ${line.exchangeOptions})`)
}

interface CaseKey {
  shopId: string
  caseId: string
  /** Only if it is this buyer's. */
  buyerId?: string
}

const matches = ({ shopId, caseId, buyerId }: CaseKey) => sql`
  c.shop_id = ${shopId} and c.id = ${caseId} ${buyerId === undefined ? empty : sql`and c.buyer_id = ${buyerId}`}`

export const findCase = (tx: Tx, key: CaseKey) =>
  tx.maybe<CaseRow>(sql`select ${COLUMNS} from aftersale_cases c where ${matches(key)}`)

export const lockCase = (tx: Tx, key: CaseKey) =>
  tx.maybe<CaseRow>(sql`select ${COLUMNS} from aftersale_cases c where ${matches(key)} for update`)

/** All cases of an order, oldest first. */
export const casesOfOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<CaseRow>(sql`
    select ${COLUMNS} from aftersale_cases c where c.shop_id = ${shopId} and c.order_id = ${orderId}
    order by c.opened_at, c.id`)

const LINE = sql`l.case_id, l.line, l.sku_id, l.product_id, l.title, l.options, l.picture_file_id, l.quantity, l.amount_fen,
  l.units, l.exchange_sku_id, l.exchange_options, l.exchange_parts, l.restocked, l.scrapped`

export const linesOfOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<LineRow>(sql`
    select ${LINE} from aftersale_lines l where l.shop_id = ${shopId} and l.order_id = ${orderId}
    order by l.case_id, l.line`)

export async function linesOfCases(
  tx: Tx,
  rows: readonly { shopId: string; id: string }[],
): Promise<Map<string, LineRow[]>> {
  const byCase = new Map<string, LineRow[]>(rows.map(({ id }) => [id, []]))
  if (rows.length === 0) return byCase
  const lines = await tx.rows<LineRow>(sql`
    select ${LINE} from unnest(${rows.map((row) => row.shopId)}::uuid[], ${rows.map((row) => row.id)}::uuid[])
      as want(shop_id, id)
    join aftersale_lines l on l.shop_id = want.shop_id and l.case_id = want.id order by l.case_id, l.line`)
  for (const line of lines) byCase.get(line.caseId)!.push(line)
  return byCase
}

export type Change = Partial<
  Pick<
    CaseRow,
    | 'state'
    | 'amountFen'
    | 'freightFen'
    | 'refundedFen'
    | 'whole'
    | 'returnAddress'
    | 'returnParcel'
    | 'resendParcel'
    | 'rejectReason'
    | 'dueAt'
    | 'remindAt'
    | 'ruledAt'
    | 'endedAt'
    | 'toCountAt'
  >
>

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

/** Compare-and-set on the version that was read. */
export async function changeCase(tx: Tx, row: CaseRow, change: Change): Promise<boolean> {
  const next = { ...row, ...change }
  return (
    (await tx.exec(sql`
      update aftersale_cases set version = version + 1, state = ${next.state}, amount_fen = ${next.amountFen},
        freight_fen = ${next.freightFen}, refunded_fen = ${next.refundedFen}, whole = ${next.whole},
        return_address = ${json(next.returnAddress)}::jsonb, return_parcel = ${json(next.returnParcel)}::jsonb,
        resend_parcel = ${json(next.resendParcel)}::jsonb, reject_reason = ${next.rejectReason}, due_at = ${next.dueAt},
        remind_at = ${next.remindAt}, ruled_at = ${next.ruledAt}, ended_at = ${next.endedAt},
        to_count_at = ${next.toCountAt}
      where shop_id = ${row.shopId} and id = ${row.id} and version = ${row.version}`)) === 1
  )
}

export async function changeLine(
  tx: Tx,
  row: CaseRow,
  line: number,
  change: Pick<LineRow, 'amountFen' | 'units' | 'exchangeParts' | 'restocked' | 'scrapped'>,
): Promise<void> {
  await tx.exec(sql`
    update aftersale_lines set amount_fen = ${change.amountFen}, units = ${JSON.stringify(change.units)}::jsonb,
      exchange_parts = ${json(change.exchangeParts)}::jsonb, restocked = ${change.restocked}, scrapped = ${change.scrapped}
    where shop_id = ${row.shopId} and case_id = ${row.id} and line = ${line}`)
}

export interface EntryRow {
  caseId: string
  at: string
  kind: 'step' | 'message' | 'internal'
  text: string
  actorKind: string
  actorName: string
  files: string[]
}

export async function addEntry(tx: Tx, row: CaseRow, entry: Omit<EntryRow, 'caseId'>): Promise<void> {
  await tx.exec(sql`
    insert into aftersale_timeline (shop_id, case_id, order_id, buyer_id, number, at, kind, text, actor_kind, actor_name, files)
    select ${row.shopId}, ${row.id}, ${row.orderId}, ${row.buyerId}, coalesce(max(number), 0) + 1, ${entry.at},
      ${entry.kind}, ${entry.text.slice(0, 300)}, ${entry.actorKind}, ${entry.actorName}, ${entry.files}::uuid[]
    from aftersale_timeline where shop_id = ${row.shopId} and case_id = ${row.id}`)
}

export const countEntries = async (tx: Tx, row: CaseRow): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from aftersale_timeline where shop_id = ${row.shopId} and case_id = ${row.id}`,
    )
  ).count

/** Newest first. */
export const entriesOf = (tx: Tx, row: CaseRow, withInternal: boolean) =>
  tx.rows<EntryRow>(sql`
    select case_id, at, kind, text, actor_kind, actor_name, files from aftersale_timeline
    where shop_id = ${row.shopId} and case_id = ${row.id} ${withInternal ? empty : sql`and kind <> 'internal'`}
    order by number desc limit 200`)

/** Cases whose clock does something by itself; only read, since their orders have to be locked first. */
export const dueCases = (tx: Tx, now: string, limit: number) =>
  tx.rows<CaseRow>(sql`
    select ${COLUMNS} from aftersale_cases c
    where c.due_at <= ${now} and c.ended_at is null
      and c.state in ('requested', 'returning', 'inspecting', 'resent', 'rejected', 'refunding')
    order by c.due_at limit ${limit}`)

/** Cases somebody is to be reminded of, locked; the reminder is taken off. */
export const takeReminders = (tx: Tx, now: string, limit: number) =>
  tx.rows<CaseRow>(sql`
    update aftersale_cases c set remind_at = null from (
      select shop_id, id from aftersale_cases where remind_at <= ${now}
      order by remind_at limit ${limit} for update skip locked) due
    where c.shop_id = due.shop_id and c.id = due.id returning ${COLUMNS}`)

/** Whether goods of an order wait for a decision before they may leave. */
export const holdsOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.maybe<{ caseNo: string }>(sql`
    select case_no from aftersale_cases where shop_id = ${shopId} and order_id = ${orderId} and stage = 'unshipped'
      and state in ('requested', 'disputed') limit 1`)

/** Everything that names a buyer goes over to another. Scope `system`. */
export async function moveCases(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update aftersale_cases set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update aftersale_lines set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update aftersale_timeline set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}

export interface PolicyRow {
  version: number
  reasons: unknown[] | null
  addresses: ReturnAddress[]
}

export const findPolicy = (tx: Tx, shopId: string) =>
  tx.maybe<PolicyRow>(sql`select version, reasons, addresses from aftersale_policies where shop_id = ${shopId}`)

/** Compare-and-set; version 0: there was none. Answers whether it was still so. */
export async function savePolicy(tx: Tx, shopId: string, policy: PolicyRow): Promise<boolean> {
  const [reasons, addresses] = [json(policy.reasons), json(policy.addresses)]
  if (policy.version === 0)
    return (
      (await tx.exec(sql`
        insert into aftersale_policies (shop_id, version, reasons, addresses)
        values (${shopId}, 1, ${reasons}::jsonb, ${addresses}::jsonb) on conflict do nothing`)) === 1
    )
  return (
    (await tx.exec(sql`
      update aftersale_policies set version = version + 1, reasons = ${reasons}::jsonb, addresses = ${addresses}::jsonb
      where shop_id = ${shopId} and version = ${policy.version}`)) === 1
  )
}

/** What went back for units that had left, by line; units that had not are no longer in the order. */
export async function givenBack(tx: Tx, shopId: string, orderId: string): Promise<Map<number, number>> {
  const rows = await tx.rows<{ line: number; backFen: number }>(sql`
    select l.line, sum(l.amount_fen * c.refunded_fen / c.amount_fen)::bigint as back_fen
    from aftersale_lines l join aftersale_cases c on c.shop_id = l.shop_id and c.id = l.case_id
    where l.shop_id = ${shopId} and l.order_id = ${orderId} and c.stage = 'shipped' and c.refunded_fen > 0
    group by l.line`)
  return new Map(rows.map(({ line, backFen }) => [line, backFen]))
}
