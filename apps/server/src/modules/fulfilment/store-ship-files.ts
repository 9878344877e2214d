import type { CarrierCode, ShipRow } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface ShipFileRow {
  id: string
  fileName: string
  createdAt: string
  createdBy: Actor
  total: number
  ready: number
  shipped: number
  same: number
  refused: number
}

export async function insertShipFile(
  tx: Tx,
  shopId: string,
  file: { id: string; fileName: string; createdAt: string; createdBy: Actor; rows: readonly ShipRow[] },
): Promise<void> {
  await tx.exec(sql`
    insert into ship_files (shop_id, id, file_name, created_at, created_by)
    values (${shopId}, ${file.id}, ${file.fileName}, ${file.createdAt}, ${JSON.stringify(file.createdBy)})`)
  const column = <K extends keyof ShipRow>(name: K) => file.rows.map((row) => row[name])
  await tx.exec(sql`
    insert into ship_rows (shop_id, file_id, line, code, carrier_text, carrier_code, tracking_no, state, reason)
    select ${shopId}, ${file.id}, * from unnest(${column('line')}::int[], ${column('code')}::text[],
      ${column('carrierText')}::text[], ${column('carrierCode')}::text[], ${column('trackingNo')}::text[],
      ${column('state')}::text[], ${column('reason')}::text[])`)
}

/** Uploaded spreadsheets with how far they are, newest first. */
export async function listShipFiles(
  tx: Tx,
  shopId: string,
  filter: { id?: string; beforeId?: string | undefined; limit: number },
): Promise<ShipFileRow[]> {
  return tx.rows<ShipFileRow>(sql`
    select f.id, f.file_name, f.created_at, f.created_by, n.* from ship_files f cross join lateral (
      select count(*) as total, count(*) filter (where r.state = 'ready') as ready,
        count(*) filter (where r.state = 'shipped') as shipped, count(*) filter (where r.state = 'same') as same,
        count(*) filter (where r.state = 'refused') as refused
      from ship_rows r where r.shop_id = f.shop_id and r.file_id = f.id
    ) n
    where f.shop_id = ${shopId} ${filter.id === undefined ? empty : sql`and f.id = ${filter.id}`}
      ${filter.beforeId === undefined ? empty : sql`and f.id < ${filter.beforeId}`}
    order by f.id desc limit ${filter.limit}`)
}

/** Rows of a spreadsheet in their order. */
export async function listShipRows(
  tx: Tx,
  shopId: string,
  fileId: string,
  filter: { state?: string | undefined; afterLine?: number | undefined; limit: number },
): Promise<ShipRow[]> {
  return tx.rows<ShipRow>(sql`
    select line, code, carrier_text, carrier_code, tracking_no, state, reason from ship_rows
    where shop_id = ${shopId} and file_id = ${fileId}
      ${filter.state === undefined ? empty : sql`and state = ${filter.state}`}
      and line > ${filter.afterLine ?? 0} order by line limit ${filter.limit}`)
}

/** The row, locked, if it still waits: whoever comes second finds nothing. */
export async function lockReadyRow(
  tx: Tx,
  shopId: string,
  fileId: string,
  line: number,
): Promise<{ code: string; carrierCode: CarrierCode | null; trackingNo: string } | undefined> {
  return tx.maybe(sql`
    select code, carrier_code, tracking_no from ship_rows
    where shop_id = ${shopId} and file_id = ${fileId} and line = ${line} and state = 'ready' for update`)
}

export async function finishRow(
  tx: Tx,
  shopId: string,
  fileId: string,
  row: { line: number; state: ShipRow['state']; reason: string },
): Promise<void> {
  await tx.exec(sql`
    update ship_rows set state = ${row.state}, reason = ${row.reason.slice(0, 300)}
    where shop_id = ${shopId} and file_id = ${fileId} and line = ${row.line} and state = 'ready'`)
}
