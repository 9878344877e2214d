import type { ExportInput } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'

export interface ExportRow {
  id: string
  staffId: string
  spec: ExportInput
  expiresAt: string
}

export const insertExport = (tx: Tx, shopId: string, row: ExportRow, at: string) =>
  tx.exec(sql`
    insert into list_exports (shop_id, id, staff_id, spec, created_at, expires_at)
    values (${shopId}, ${row.id}, ${row.staffId}, ${JSON.stringify(row.spec)}, ${at}, ${row.expiresAt})`)

export const exportById = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<ExportRow>(sql`
    select id, staff_id, spec, expires_at from list_exports where shop_id = ${shopId} and id = ${id}`)

/** Scope `system`. Answers how many went. */
export const deleteExpired = (tx: Tx, at: string): Promise<number> =>
  tx.exec(sql`delete from list_exports where expires_at < ${at}`)
