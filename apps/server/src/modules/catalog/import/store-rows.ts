import { empty, sql, type Tx } from '../../../kernel/db.ts'
import type { Refusal, SourceRow } from './rows.ts'

export async function stageRows(tx: Tx, shopId: string, importId: string, rows: readonly SourceRow[]): Promise<void> {
  await tx.exec(sql`
    insert into import_rows (shop_id, import_id, line, group_line, cells)
    select ${shopId}, ${importId}, r.line, r.line, r.cells
    from unnest(${rows.map(({ line }) => line)}::integer[], ${rows.map(({ cells }) => JSON.stringify(cells))}::jsonb[])
      as r(line, cells)`)
}

/** Rows in the order of the file. */
export async function rowsAfter(
  tx: Tx,
  shopId: string,
  importId: string,
  after: number,
  limit: number,
): Promise<SourceRow[]> {
  return tx.rows<SourceRow>(sql`
    select line, cells from import_rows where shop_id = ${shopId} and import_id = ${importId} and line > ${after}
    order by line limit ${limit}`)
}

/** Brings rows of one product together: each is given the line of the product's first row. */
export async function setGroups(
  tx: Tx,
  shopId: string,
  importId: string,
  groups: readonly { line: number; groupLine: number }[],
): Promise<void> {
  await tx.exec(sql`
    update import_rows set group_line = line
    where shop_id = ${shopId} and import_id = ${importId} and group_line <> line`)
  await tx.exec(sql`
    update import_rows r set group_line = g.group_line
    from unnest(${groups.map(({ line }) => line)}::integer[], ${groups.map(({ groupLine }) => groupLine)}::integer[])
      as g(line, group_line)
    where r.shop_id = ${shopId} and r.import_id = ${importId} and r.line = g.line`)
  await tx.exec(sql`update import_jobs set grouped = true where shop_id = ${shopId} and id = ${importId}`)
}

export interface GroupedRow extends SourceRow {
  groupLine: number
}

/**
 * The rows of the next products after `position`: about `limit` rows, but never a product in part. At least one
 * product, however many rows it has, while there are any.
 */
export async function nextGroups(
  tx: Tx,
  shopId: string,
  importId: string,
  position: number,
  limit: number,
): Promise<GroupedRow[]> {
  const rows = await tx.rows<GroupedRow>(sql`
    select line, group_line, cells from import_rows
    where shop_id = ${shopId} and import_id = ${importId} and group_line > ${position}
    order by group_line, line limit ${limit + 1}`)
  if (rows.length <= limit) return rows
  const last = rows.at(-1)!.groupLine
  const whole = rows.filter(({ groupLine }) => groupLine !== last)
  if (whole.length > 0) return whole
  return tx.rows<GroupedRow>(sql`
    select line, group_line, cells from import_rows
    where shop_id = ${shopId} and import_id = ${importId} and group_line = ${last} order by line`)
}

/** `taken`: the row went in, but something did not come about. */
export async function insertRefusals(
  tx: Tx,
  shopId: string,
  importId: string,
  refusals: readonly Refusal[],
  taken: boolean,
): Promise<void> {
  if (refusals.length === 0) return
  await tx.exec(sql`
    insert into import_refusals (shop_id, import_id, line, column_name, value, reason, taken)
    select ${shopId}, ${importId}, r.line, r."column", r.value, r.reason, ${taken}
    from jsonb_to_recordset(${JSON.stringify(refusals)}::jsonb) as r(line integer, "column" text, value text, reason text)`)
}

export type RefusalRow = Refusal & { number: number }

/** Refusals in the order of the file. */
export async function listRefusals(
  tx: Tx,
  shopId: string,
  importId: string,
  page: { after: [number, number] | undefined; limit: number },
): Promise<RefusalRow[]> {
  const after = page.after ? sql`and (line, number) > (${page.after[0]}, ${page.after[1]})` : empty
  return tx.rows<RefusalRow>(sql`
    select line, number, column_name as column, value, reason from import_refusals
    where shop_id = ${shopId} and import_id = ${importId} ${after} order by line, number limit ${page.limit}`)
}

/** Rows with everything that was said against them, as they came. */
export async function refusedRowsAfter(
  tx: Tx,
  shopId: string,
  importId: string,
  after: number,
  limit: number,
): Promise<(SourceRow & { reasons: string[] })[]> {
  return tx.rows(sql`
    select r.line, r.cells, array_agg(coalesce(f.column_name || '：', '') || f.reason order by f.number) as reasons
    from import_rows r join import_refusals f
      on f.shop_id = r.shop_id and f.import_id = r.import_id and f.line = r.line
    where r.shop_id = ${shopId} and r.import_id = ${importId} and r.line > ${after}
    group by r.line, r.cells order by r.line limit ${limit}`)
}

/** Rows that went in without a word are not needed any more. */
export async function dropTakenRows(tx: Tx, shopId: string, importId: string): Promise<void> {
  await tx.exec(sql`
    delete from import_rows r where r.shop_id = ${shopId} and r.import_id = ${importId} and not exists (
      select 1 from import_refusals f where f.shop_id = r.shop_id and f.import_id = r.import_id and f.line = r.line)`)
}
