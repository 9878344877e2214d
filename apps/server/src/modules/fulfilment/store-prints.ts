import type { PrintKind } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'

export interface PrintRow {
  id: string
  kind: PrintKind
  subjectId: string
  label: string
  nth: number
  printedAt: string
  printedBy: string
}

/** The last print of each subject. */
export async function lastPrints(
  tx: Tx,
  shopId: string,
  kind: PrintKind,
  subjectIds: readonly string[],
): Promise<Map<string, PrintRow>> {
  const rows = await tx.rows<PrintRow>(sql`
    select distinct on (subject_id) id, kind, subject_id, label, nth, printed_at, printed_by from prints
    where shop_id = ${shopId} and kind = ${kind} and subject_id = any(${subjectIds as string[]}::uuid[])
    order by subject_id, nth desc`)
  return new Map(rows.map((row) => [row.subjectId, row]))
}

/** How often slips and labels of parcels were printed. */
export async function printCounts(
  tx: Tx,
  shopId: string,
  parcelIds: readonly string[],
): Promise<Map<string, { slip: number; label: number }>> {
  const rows = await tx.rows<{ subjectId: string; slip: number; label: number }>(sql`
    select subject_id, count(*) filter (where kind = 'slip') as slip, count(*) filter (where kind = 'label') as label
    from prints where shop_id = ${shopId} and subject_id = any(${parcelIds as string[]}::uuid[]) group by subject_id`)
  return new Map(rows.map((row) => [row.subjectId, row]))
}

export async function insertPrints(tx: Tx, shopId: string, prints: readonly Omit<PrintRow, 'id'>[]): Promise<void> {
  const column = <K extends keyof Omit<PrintRow, 'id'>>(name: K) => prints.map((print) => print[name])
  await tx.exec(sql`
    insert into prints (shop_id, id, kind, subject_id, label, nth, printed_at, printed_by)
    select ${shopId}, * from unnest(${prints.map(() => newId())}::uuid[], ${column('kind')}::text[],
      ${column('subjectId')}::uuid[], ${column('label')}::text[], ${column('nth')}::int[],
      ${column('printedAt')}::timestamptz[], ${column('printedBy')}::text[])`)
}

/** Who printed what, newest first. */
export async function listPrints(
  tx: Tx,
  shopId: string,
  page: { beforeId?: string | undefined; limit: number },
): Promise<PrintRow[]> {
  return tx.rows<PrintRow>(sql`
    select id, kind, subject_id, label, nth, printed_at, printed_by from prints where shop_id = ${shopId}
      ${page.beforeId === undefined ? empty : sql`and id < ${page.beforeId}`}
    order by id desc limit ${page.limit}`)
}

/** In which bins SKUs lie, by `warehouse/sku`. */
export async function binsOf(tx: Tx, shopId: string, skuIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ warehouseId: string; skuId: string; bin: string }>(sql`
    select warehouse_id, sku_id, bin from sku_bins
    where shop_id = ${shopId} and sku_id = any(${skuIds as string[]}::uuid[])`)
  return new Map(rows.map(({ warehouseId, skuId, bin }) => [`${warehouseId}/${skuId}`, bin]))
}

/** Notes bins; an empty one takes the note away. */
export async function saveBins(
  tx: Tx,
  shopId: string,
  warehouseId: string,
  bins: readonly { skuId: string; bin: string }[],
): Promise<void> {
  // The last word on a SKU counts, should it be named twice.
  const byId = new Map(bins.map((each) => [each.skuId, each]))
  const all = [...byId.values()].sort((a, b) => (a.skuId < b.skuId ? -1 : 1))
  const kept = all.filter((each) => each.bin !== '')
  await tx.exec(sql`
    delete from sku_bins where shop_id = ${shopId} and warehouse_id = ${warehouseId}
      and sku_id = any(${all.filter((each) => each.bin === '').map((each) => each.skuId)}::uuid[])`)
  await tx.exec(sql`
    insert into sku_bins (shop_id, warehouse_id, sku_id, bin)
    select ${shopId}, ${warehouseId}, * from unnest(${kept.map((each) => each.skuId)}::uuid[],
      ${kept.map((each) => each.bin)}::text[])
    on conflict (shop_id, warehouse_id, sku_id) do update set bin = excluded.bin`)
}
