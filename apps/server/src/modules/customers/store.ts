import type { Consent, LegalKind, PrivacyChoices } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'

interface Owner {
  shopId: string
  buyerId: string
}
interface Place {
  at: string
  id: string
}

export const isFavourite = async (tx: Tx, { shopId, buyerId }: Owner, productId: string): Promise<boolean> =>
  (await tx.maybe(sql`
    select 1 from favourites where shop_id = ${shopId} and buyer_id = ${buyerId} and product_id = ${productId}`)) !==
  undefined

export const countFavourites = async (tx: Tx, { shopId, buyerId }: Owner): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from favourites where shop_id = ${shopId} and buyer_id = ${buyerId}`,
    )
  ).count

export async function insertFavourite(
  tx: Tx,
  { shopId, buyerId }: Owner,
  productId: string,
  priceFen: number,
  at: string,
): Promise<void> {
  await tx.exec(sql`
    insert into favourites (shop_id, buyer_id, product_id, price_fen, added_at)
    values (${shopId}, ${buyerId}, ${productId}, ${priceFen}, ${at}) on conflict do nothing`)
}

export async function deleteFavourite(tx: Tx, { shopId, buyerId }: Owner, productId: string): Promise<void> {
  await tx.exec(sql`
    delete from favourites where shop_id = ${shopId} and buyer_id = ${buyerId} and product_id = ${productId}`)
}

export const listFavourites = (
  tx: Tx,
  { shopId, buyerId }: Owner,
  before: Place | undefined,
  limit: number,
): Promise<{ productId: string; priceFen: number; at: string }[]> =>
  tx.rows(sql`
    select product_id, price_fen, added_at as at from favourites where shop_id = ${shopId} and buyer_id = ${buyerId}
      ${before ? sql`and (added_at, product_id) < (${before.at}::timestamptz, ${before.id}::uuid)` : empty}
    order by added_at desc, product_id desc limit ${limit}`)

export async function rememberSeen(tx: Tx, { shopId, buyerId }: Owner, productId: string, at: string): Promise<void> {
  await tx.exec(sql`
    insert into seen_products (shop_id, buyer_id, product_id, seen_at)
    values (${shopId}, ${buyerId}, ${productId}, ${at})
    on conflict (shop_id, buyer_id, product_id) do update set seen_at = greatest(seen_products.seen_at, excluded.seen_at)`)
}

export const listSeen = (
  tx: Tx,
  { shopId, buyerId }: Owner,
  page: { since: string; before: Place | undefined; limit: number },
): Promise<{ productId: string; at: string }[]> =>
  tx.rows(sql`
    select product_id, seen_at as at from seen_products
    where shop_id = ${shopId} and buyer_id = ${buyerId} and seen_at >= ${page.since}
      ${page.before ? sql`and (seen_at, product_id) < (${page.before.at}::timestamptz, ${page.before.id}::uuid)` : empty}
    order by seen_at desc, product_id desc limit ${page.limit}`)

export async function clearSeen(tx: Tx, buyerId: string, shopId?: string): Promise<void> {
  await tx.exec(sql`
    delete from seen_products where buyer_id = ${buyerId} ${shopId === undefined ? empty : sql`and shop_id = ${shopId}`}`)
}

/** Removes what was seen before an instant; answers how much. Scope `system`. */
export const deleteOldSeen = (tx: Tx, before: string): Promise<number> =>
  tx.exec(sql`delete from seen_products where seen_at < ${before}`)

const CHOICES_AT_FIRST: PrivacyChoices = { marketing: false, personalised: true, keepsHistory: true }

export const choicesOf = async (tx: Tx, buyerId: string): Promise<PrivacyChoices> =>
  (await tx.maybe<PrivacyChoices>(sql`
    select marketing, personalised, keeps_history from privacy_choices where buyer_id = ${buyerId}`)) ??
  CHOICES_AT_FIRST

export async function writeChoices(tx: Tx, buyerId: string, choices: PrivacyChoices, at: string): Promise<void> {
  const { marketing, personalised, keepsHistory } = choices
  await tx.exec(sql`
    insert into privacy_choices (buyer_id, marketing, personalised, keeps_history, updated_at)
    values (${buyerId}, ${marketing}, ${personalised}, ${keepsHistory}, ${at})
    on conflict (buyer_id) do update set marketing = excluded.marketing, personalised = excluded.personalised,
      keeps_history = excluded.keeps_history, updated_at = excluded.updated_at`)
}

export interface TextRow {
  kind: LegalKind
  version: number
  title: string
  body: string
  publishedAt: string
  publishedBy: string
}

/** The newest version of each kind, or of one. */
export const textsInForce = (tx: Tx, shopId: string, kind?: LegalKind): Promise<TextRow[]> =>
  tx.rows<TextRow>(sql`
    select distinct on (kind) kind, version, title, body, published_at, published_by from legal_texts
    where shop_id = ${shopId} ${kind === undefined ? empty : sql`and kind = ${kind}`} order by kind, version desc`)

/** Answers whether nobody was faster with this version. */
export async function insertText(tx: Tx, shopId: string, row: TextRow): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into legal_texts (shop_id, kind, version, title, body, published_at, published_by)
    values (${shopId}, ${row.kind}, ${row.version}, ${row.title}, ${row.body}, ${row.publishedAt}, ${row.publishedBy})
    on conflict do nothing`)
  return inserted === 1
}

/** Keeps the first time that a version was agreed to. */
export const insertConsent = (
  tx: Tx,
  { shopId, buyerId }: Owner,
  consent: { kind: LegalKind; version: number; at: string },
): Promise<Consent> =>
  tx.one<Consent>(sql`
    insert into buyer_consents (shop_id, buyer_id, kind, version, agreed_at)
    values (${shopId}, ${buyerId}, ${consent.kind}, ${consent.version}, ${consent.at})
    on conflict (shop_id, buyer_id, kind, version) do update set agreed_at = buyer_consents.agreed_at
    returning kind, version, agreed_at`)

export const consentsOf = (tx: Tx, { shopId, buyerId }: Owner): Promise<Consent[]> =>
  tx.rows<Consent>(sql`
    select kind, version, agreed_at from buyer_consents where shop_id = ${shopId} and buyer_id = ${buyerId}
    order by agreed_at desc, kind limit 200`)

/** What a buyer has goes to the buyer that it was merged into; what both have stays once. */
export async function moveCustomer(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    insert into favourites (shop_id, buyer_id, product_id, price_fen, added_at)
    select shop_id, ${buyerId}, product_id, price_fen, added_at from favourites where buyer_id = ${fromBuyerId}
    on conflict do nothing`)
  await tx.exec(sql`delete from favourites where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    insert into seen_products (shop_id, buyer_id, product_id, seen_at)
    select shop_id, ${buyerId}, product_id, seen_at from seen_products where buyer_id = ${fromBuyerId}
    on conflict do nothing`)
  await tx.exec(sql`delete from seen_products where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`
    insert into buyer_consents (shop_id, buyer_id, kind, version, agreed_at)
    select shop_id, ${buyerId}, kind, version, agreed_at from buyer_consents where buyer_id = ${fromBuyerId}
    on conflict do nothing`)
  await tx.exec(sql`delete from buyer_consents where buyer_id = ${fromBuyerId}`)
  // whoever forbade something on one side has forbidden it
  await tx.exec(sql`
    insert into privacy_choices as c (buyer_id, marketing, personalised, keeps_history, updated_at)
    select ${buyerId}, marketing, personalised, keeps_history, updated_at from privacy_choices
    where buyer_id = ${fromBuyerId}
    on conflict (buyer_id) do update set marketing = c.marketing and excluded.marketing,
      personalised = c.personalised and excluded.personalised,
      keeps_history = c.keeps_history and excluded.keeps_history`)
  await tx.exec(sql`delete from privacy_choices where buyer_id = ${fromBuyerId}`)
}
