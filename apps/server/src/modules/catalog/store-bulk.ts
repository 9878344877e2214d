import type { BulkChange } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export type BulkState = 'running' | 'done' | 'undoing' | 'undone'
export type ItemState = 'waiting' | 'changed' | 'same' | 'refused' | 'undone' | 'kept'

export interface BulkRow {
  id: string
  change: BulkChange
  summary: string
  state: BulkState
  total: number
  done: number
  changed: number
  refused: number
  undone: number
  actor: Actor
  createdAt: string
  finishedAt: string | null
}

export interface BulkItem {
  number: number
  productId: string
  state: ItemState
  title: string
  reason: string
  version: number | null
}

const COLUMNS = sql`id, change, summary, state, total, done, changed, refused, undone, actor, created_at, finished_at`

export async function insertBulk(
  tx: Tx,
  shopId: string,
  row: Pick<BulkRow, 'id' | 'change' | 'summary' | 'actor' | 'createdAt'>,
  productIds: readonly string[],
): Promise<void> {
  await tx.exec(sql`
    insert into bulk_edits (shop_id, id, change, summary, state, total, actor, created_at)
    values (${shopId}, ${row.id}, ${JSON.stringify(row.change)}::jsonb, ${row.summary}, 'running', ${productIds.length},
      ${JSON.stringify(row.actor)}::jsonb, ${row.createdAt})`)
  await tx.exec(sql`
    insert into bulk_edit_items (shop_id, bulk_edit_id, number, product_id)
    select ${shopId}, ${row.id}, number, id from unnest(${productIds as string[]}::uuid[]) with ordinality as i(id, number)`)
}

export const findBulk = (tx: Tx, shopId: string, id: string, lock = false): Promise<BulkRow | undefined> =>
  tx.maybe<BulkRow>(sql`
    select ${COLUMNS} from bulk_edits where shop_id = ${shopId} and id = ${id} ${lock ? sql`for update` : empty}`)

/** Newest first. */
export const listBulk = (
  tx: Tx,
  shopId: string,
  page: { before?: { createdAt: string; id: string } | undefined; limit: number },
): Promise<BulkRow[]> =>
  tx.rows<BulkRow>(sql`
    select ${COLUMNS} from bulk_edits where shop_id = ${shopId}
    ${page.before === undefined ? empty : sql`and (created_at, id) < (${page.before.createdAt}::timestamptz, ${page.before.id}::uuid)`}
    order by created_at desc, id desc limit ${page.limit}`)

/** The next items in one of these states. */
export const itemsIn = (
  tx: Tx,
  shopId: string,
  id: string,
  states: readonly ItemState[],
  page: { after: number; limit: number },
): Promise<BulkItem[]> =>
  tx.rows<BulkItem>(sql`
    select number, product_id, state, title, reason, version from bulk_edit_items
    where shop_id = ${shopId} and bulk_edit_id = ${id} and state = any(${states as string[]}::text[])
      and number > ${page.after} order by number limit ${page.limit}`)

export async function writeItems(tx: Tx, shopId: string, id: string, items: readonly BulkItem[]): Promise<void> {
  if (items.length === 0) return
  await tx.exec(sql`
    update bulk_edit_items i set state = r.state, title = r.title, reason = r.reason, version = r.version
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
      as r(number integer, state text, title text, reason text, version integer)
    where i.shop_id = ${shopId} and i.bulk_edit_id = ${id} and i.number = r.number`)
}

export async function writeProgress(
  tx: Tx,
  shopId: string,
  id: string,
  row: Pick<BulkRow, 'state' | 'done' | 'changed' | 'refused' | 'undone' | 'finishedAt'>,
): Promise<void> {
  await tx.exec(sql`
    update bulk_edits set state = ${row.state}, done = ${row.done}, changed = ${row.changed}, refused = ${row.refused},
      undone = ${row.undone}, finished_at = ${row.finishedAt}
    where shop_id = ${shopId} and id = ${id}`)
}

/** Edits that are not at their end. Scope `system`. */
export const openBulks = (tx: Tx): Promise<{ shopId: string; id: string }[]> =>
  tx.rows(sql`select shop_id, id from bulk_edits where state in ('running', 'undoing') order by created_at limit 100`)

/** What products were before a version, as versions keep it. */
export async function snapshotsBefore(
  tx: Tx,
  shopId: string,
  wanted: readonly { productId: string; version: number }[],
): Promise<Map<string, unknown>> {
  const rows = await tx.rows<{ productId: string; snapshot: unknown }>(sql`
    select v.product_id, v.snapshot from unnest(${wanted.map((each) => each.productId)}::uuid[],
      ${wanted.map((each) => each.version - 1)}::int[]) as w(product_id, version)
    join product_versions v on v.shop_id = ${shopId} and v.product_id = w.product_id and v.version = w.version`)
  return new Map(rows.map(({ productId, snapshot }) => [productId, snapshot]))
}
