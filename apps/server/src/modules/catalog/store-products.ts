import type { Actor } from '../../kernel/actor.ts'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import { isUuid } from '../../kernel/ids.ts'
import { PLAIN_CONTENT } from './content.ts'
import { activeSkus, priceSummary } from './rules.ts'
import { refreshPopularity } from './search/store.ts'
import type { ProductRecord, SkuRecord } from './types.ts'
import type { Change, Snapshot } from './versions.ts'

const PRODUCT_COLUMNS = sql`id, code, state, version, title, subtitle, category_id, brand, tags, attributes, options, pictures,
  detail, detail_pictures, freight_template_id, content, tag_value_ids, role, channel_exclusive, exclusive_provinces,
  purchase_limit, published_at, created_at, updated_at`
const SKU_COLUMNS = sql`id, product_id, code, barcode, option_values, price_fen, list_price_fen, cost_fen, weight_grams,
  picture, position, archived`

/** Products with all their SKUs, in id order; `lock` holds the products until the transaction ends. */
export async function loadProducts(
  tx: Tx,
  shopId: string,
  ids: readonly string[],
  lock = false,
): Promise<ProductRecord[]> {
  if (ids.length === 0) return []
  const products = await tx.rows<ProductRecord>(sql`
    select ${PRODUCT_COLUMNS} from products where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[])
    order by id ${lock ? sql`for update` : empty}`)
  const skus = await tx.rows<SkuRecord & { productId: string }>(sql`
    select ${SKU_COLUMNS} from skus where shop_id = ${shopId} and product_id = any(${products.map(({ id }) => id)}::uuid[])
    order by product_id, archived, position, id`)
  const byProduct = Map.groupBy(skus, (sku) => sku.productId)
  return products.map((product) => ({
    ...product,
    content: { ...PLAIN_CONTENT, ...product.content },
    skus: (byProduct.get(product.id) ?? []).map(({ productId: _, ...sku }) => sku),
  }))
}

/** Inserts new products. A taken code or id violates a unique constraint. */
export async function insertProducts(tx: Tx, shopId: string, products: readonly ProductRecord[]): Promise<void> {
  if (products.length === 0) return
  await tx.exec(sql`
    insert into products (shop_id, id, code, state, version, title, subtitle, category_id, brand, tags, attributes, options,
      pictures, detail, detail_pictures, freight_template_id, content, tag_value_ids, role, channel_exclusive,
      exclusive_provinces, purchase_limit, published_at, created_at, updated_at, min_price_fen, max_price_fen, list_price_fen, sku_count)
    select ${shopId}, r.id, r.code, r.state, r.version, r.title, r.subtitle, r.category_id, r.brand, r.tags, r.attributes,
      r.options, r.pictures, r.detail, r.detail_pictures, r.freight_template_id, r.content, r.tag_value_ids, r.role,
      r.channel_exclusive, r.exclusive_provinces, r.purchase_limit, r.published_at, r.created_at, r.updated_at,
      r.min_price_fen, r.max_price_fen, r.list_price_fen, r.sku_count
    from ${recordset(products)}`)
}

/** Writes changed products whose version is one less in the database. Answers how many that were. */
export async function updateProducts(tx: Tx, shopId: string, products: readonly ProductRecord[]): Promise<number> {
  if (products.length === 0) return 0
  return tx.exec(sql`
    update products p set code = r.code, state = r.state, version = r.version, title = r.title, subtitle = r.subtitle,
      category_id = r.category_id, brand = r.brand, tags = r.tags, attributes = r.attributes, options = r.options,
      pictures = r.pictures, detail = r.detail, detail_pictures = r.detail_pictures,
      freight_template_id = r.freight_template_id, content = r.content, tag_value_ids = r.tag_value_ids, role = r.role,
      channel_exclusive = r.channel_exclusive, exclusive_provinces = r.exclusive_provinces,
      purchase_limit = r.purchase_limit, published_at = r.published_at, updated_at = r.updated_at,
      min_price_fen = r.min_price_fen, max_price_fen = r.max_price_fen, list_price_fen = r.list_price_fen,
      sku_count = r.sku_count,
      -- an import that puts a product on sale again takes it out of the recycle bin
      deleted_at = case when r.state = 'on-sale' then null else p.deleted_at end,
      hidden_at = case when r.state = 'on-sale' then null else p.hidden_at end
    from ${recordset(products)}
    where p.shop_id = ${shopId} and p.id = r.id and p.version = r.version - 1`)
}

function recordset(products: readonly ProductRecord[]) {
  const rows = products.map((product) => {
    const { skus, ...plain } = product
    const active = activeSkus(product)
    return {
      ...snake(plain),
      ...snake(priceSummary(skus)),
      sku_count: active.length,
    }
  })
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, code text, state text, version integer, title text,
    subtitle text, category_id uuid, brand text, tags text[], attributes jsonb, options jsonb, pictures uuid[], detail text,
    detail_pictures uuid[], freight_template_id uuid, content jsonb, tag_value_ids uuid[], role text,
    channel_exclusive boolean, exclusive_provinces text[], purchase_limit integer, published_at timestamptz, created_at timestamptz,
    updated_at timestamptz, min_price_fen bigint, max_price_fen bigint, list_price_fen bigint, sku_count integer)`
}

const snake = (record: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )

export interface SkuWrite {
  productId: string
  sku: SkuRecord
}

/** Inserts new SKUs and writes changed ones, by id. A code that another SKU holds violates `skus_code`. */
export async function upsertSkus(tx: Tx, shopId: string, writes: readonly SkuWrite[], at: string): Promise<void> {
  if (writes.length === 0) return
  const rows = writes.map(({ productId, sku }) => ({ ...snake(sku), product_id: productId }))
  const changed = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, product_id uuid, code text, barcode text,
    option_values text[], price_fen bigint, list_price_fen bigint, cost_fen bigint, weight_grams integer, picture uuid,
    position integer, archived boolean)`
  // Codes may be swapped within one edit: those that change are set free first.
  await tx.exec(sql`
    update skus s set code = s.id::text from ${changed} where s.shop_id = ${shopId} and s.id = r.id and s.code <> r.code`)
  await tx.exec(sql`
    insert into skus (shop_id, id, product_id, code, barcode, option_values, price_fen, list_price_fen, cost_fen,
      weight_grams, picture, position, archived, created_at, updated_at)
    select ${shopId}, r.id, r.product_id, r.code, r.barcode, r.option_values, r.price_fen, r.list_price_fen, r.cost_fen,
      r.weight_grams, r.picture, r.position, r.archived, ${at}, ${at}
    from ${changed}
    on conflict (shop_id, id) do update set code = excluded.code, barcode = excluded.barcode,
      option_values = excluded.option_values, price_fen = excluded.price_fen, list_price_fen = excluded.list_price_fen,
      cost_fen = excluded.cost_fen, weight_grams = excluded.weight_grams, picture = excluded.picture,
      position = excluded.position, archived = excluded.archived, updated_at = excluded.updated_at`)
}

export interface VersionWrite {
  productId: string
  version: number
  snapshot: Snapshot
  changes: Change[]
}

export async function insertVersions(
  tx: Tx,
  shopId: string,
  versions: readonly VersionWrite[],
  actor: Actor,
  at: string,
): Promise<void> {
  if (versions.length === 0) return
  await tx.exec(sql`
    insert into product_versions (shop_id, product_id, version, at, actor, snapshot, changes)
    select ${shopId}, r."productId", r.version, ${at}, ${JSON.stringify(actor)}::jsonb, r.snapshot, r.changes
    from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb)
      as r("productId" uuid, version integer, snapshot jsonb, changes jsonb)`)
}

export interface VersionRow {
  version: number
  at: string
  actor: Actor
  changes: Change[]
}

/** Versions of a product, newest first. */
export async function listVersions(
  tx: Tx,
  shopId: string,
  productId: string,
  page: { before?: number; limit: number },
): Promise<VersionRow[]> {
  const before = page.before === undefined ? empty : sql`and version < ${page.before}`
  return tx.rows<VersionRow>(sql`
    select version, at, actor, changes from product_versions
    where shop_id = ${shopId} and product_id = ${productId} ${before} order by version desc limit ${page.limit}`)
}

/** Adds units sold; ids that are unknown are ignored. */
export async function addSold(
  tx: Tx,
  shopId: string,
  sold: readonly { productId: string; units: number }[],
): Promise<void> {
  const units = new Map<string, number>()
  for (const each of sold) units.set(each.productId, (units.get(each.productId) ?? 0) + each.units)
  // Rows are locked in id order, as everywhere.
  const ids = [...units.keys()].sort()
  await tx.exec(sql`
    with wanted as (
      select p.shop_id, p.id from products p where p.shop_id = ${shopId} and p.id = any(${ids}::uuid[]) order by p.id for update
    )
    update products p set sold_count = greatest(p.sold_count + r.units, 0)
    from wanted w join unnest(${ids}::uuid[], ${ids.map((id) => units.get(id)!)}::bigint[]) as r(id, units) on r.id = w.id
    where p.shop_id = w.shop_id and p.id = w.id`)
  await refreshPopularity(tx, shopId, ids)
}

export async function soldCount(tx: Tx, shopId: string, productId: string): Promise<number> {
  const row = await tx.maybe<{ soldCount: number }>(sql`
    select sold_count from products where shop_id = ${shopId} and id = ${productId}`)
  return row?.soldCount ?? 0
}

/** Ids of products by their code or, since our export calls a product without a code so, by their id. */
export async function productIdsByCodes(tx: Tx, shopId: string, codes: readonly string[]): Promise<string[]> {
  if (codes.length === 0) return []
  const rows = await tx.rows<{ id: string }>(sql`
    select id from products where shop_id = ${shopId} and code = any(${codes as string[]}::text[])
    union
    select id from products where shop_id = ${shopId} and id = any(${codes.filter(isUuid)}::uuid[])`)
  return rows.map(({ id }) => id)
}

/** The categories of products; those without one, and unknown ones, are absent. */
export async function categoriesOf(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; categoryId: string }>(sql`
    select id, category_id from products
    where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[]) and category_id is not null`)
  return new Map(rows.map(({ id, categoryId }) => [id, categoryId]))
}
