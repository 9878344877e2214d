import { empty, sql, type Tx } from '../../kernel/db.ts'
import { isUuid } from '../../kernel/ids.ts'
import { containing } from '../../kernel/like.ts'

export interface Shop {
  id: string
  slug: string
  name: string
  logoUrl: string | null
  notice: string
  timeZone: string
  state: 'open' | 'closed'
  createdAt: string
}

const COLUMNS = sql`id, slug, name, logo_url, notice, time_zone, state, created_at`

/** Returns whether the shop was new: the slug may be taken. */
export async function insertShop(
  tx: Tx,
  shop: Pick<Shop, 'id' | 'slug' | 'name' | 'notice' | 'createdAt'>,
): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into shops (id, slug, name, notice, created_at)
    values (${shop.id}, ${shop.slug}, ${shop.name}, ${shop.notice}, ${shop.createdAt}) on conflict do nothing`)
  return inserted === 1
}

/** A shop by id or slug. */
export async function findShop(tx: Tx, idOrSlug: string): Promise<Shop | undefined> {
  const key = isUuid(idOrSlug) ? sql`id = ${idOrSlug}` : sql`slug = ${idOrSlug}`
  return tx.maybe<Shop>(sql`select ${COLUMNS} from shops where ${key}`)
}

export async function shopsByIds(tx: Tx, ids: readonly string[]): Promise<Map<string, Shop>> {
  const rows = await tx.rows<Shop>(sql`select ${COLUMNS} from shops where id = any(${ids as string[]}::uuid[])`)
  return new Map(rows.map((shop) => [shop.id, shop]))
}

export async function listShops(tx: Tx, filter: { q?: string; afterId?: string; limit: number }): Promise<Shop[]> {
  const search = filter.q ? sql`and (name ilike ${containing(filter.q)} or slug = ${filter.q})` : empty
  const after = filter.afterId ? sql`and id < ${filter.afterId}` : empty
  return tx.rows<Shop>(
    sql`select ${COLUMNS} from shops where true ${search} ${after} order by id desc limit ${filter.limit}`,
  )
}

export async function oldestShop(tx: Tx): Promise<Shop | undefined> {
  return tx.maybe<Shop>(sql`select ${COLUMNS} from shops where state = 'open' order by id limit 1`)
}

const MAX_FOUND = 20

/** Open shops whose name holds a text, those whose name begins with it first. Scope `system`. */
export const findShops = (tx: Tx, q: string): Promise<Shop[]> =>
  tx.rows<Shop>(sql`
    select ${COLUMNS} from shops
    where state = 'open' and ${q} <> '' and position(lower(${q}) in lower(name)) > 0
    order by position(lower(${q}) in lower(name)), name, id limit ${MAX_FOUND}`)
