import { plainArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { FreightRule } from '../pricing/index.ts'

export interface FreightRow {
  shopId: string
  id: string
  name: string
  isDefault: boolean
  version: number
  basis: 'piece' | 'weight'
  rules: FreightRule[]
}

export type FreightData = Omit<FreightRow, 'shopId' | 'id' | 'version'>

const COLUMNS = sql`shop_id, id, name, is_default, version, basis, rules`

export async function freightTemplates(tx: Tx, shopId: string): Promise<FreightRow[]> {
  return tx.rows<FreightRow>(sql`
    select ${COLUMNS} from freight_templates where shop_id = ${shopId} order by is_default desc, name limit 100`)
}

/** The default templates of shops, and those named. */
export async function freightTerms(
  tx: Tx,
  shopIds: readonly string[],
  templateIds: readonly string[],
): Promise<FreightRow[]> {
  return tx.prepared<FreightRow>('orders-freight-terms', FREIGHT_TERMS, [plainArray(shopIds), plainArray(templateIds)])
}

// `offset 0`: one look-up by index for each shop, also with a plan that was made when there was only one.
const FREIGHT_TERMS = `
  select f.* from unnest($1::uuid[]) as want(shop_id)
  cross join lateral (
    select shop_id, id, name, is_default, version, basis, rules from freight_templates
    where shop_id = want.shop_id and (is_default or id = any($2::uuid[])) offset 0
  ) f`

export async function freightTemplate(tx: Tx, shopId: string, id: string): Promise<FreightRow | undefined> {
  return tx.maybe<FreightRow>(sql`
    select ${COLUMNS} from freight_templates where shop_id = ${shopId} and id = ${id} for update`)
}

/** Answers whether the name was free. */
export async function insertFreight(
  tx: Tx,
  shopId: string,
  id: string,
  data: FreightData,
  at: string,
): Promise<boolean> {
  const { name, isDefault, basis, rules } = data
  const inserted = await tx.exec(sql`
    insert into freight_templates (shop_id, id, name, is_default, version, basis, rules, created_at, updated_at)
    values (${shopId}, ${id}, ${name}, ${isDefault}, 1, ${basis}, ${JSON.stringify(rules)}, ${at}, ${at})
    on conflict (shop_id, name) do nothing`)
  return inserted === 1
}

/** Answers whether the template still had that version. */
export async function updateFreight(
  tx: Tx,
  shopId: string,
  id: string,
  version: number,
  data: FreightData,
  at: string,
): Promise<boolean> {
  const { name, isDefault, basis, rules } = data
  const changed = await tx.exec(sql`
    update freight_templates set name = ${name}, is_default = ${isDefault}, basis = ${basis},
      rules = ${JSON.stringify(rules)}, version = version + 1, updated_at = ${at}
    where shop_id = ${shopId} and id = ${id} and version = ${version}`)
  return changed === 1
}

export async function freightNameTaken(tx: Tx, shopId: string, name: string, exceptId: string): Promise<boolean> {
  const rows = await tx.rows(sql`
    select id from freight_templates where shop_id = ${shopId} and name = ${name} and id <> ${exceptId}`)
  return rows.length > 0
}

export async function clearDefaultFreight(tx: Tx, shopId: string, exceptId: string): Promise<void> {
  await tx.exec(sql`
    update freight_templates set is_default = false where shop_id = ${shopId} and is_default and id <> ${exceptId}`)
}

export async function deleteFreight(tx: Tx, shopId: string, id: string): Promise<void> {
  await tx.exec(sql`delete from freight_templates where shop_id = ${shopId} and id = ${id}`)
}
