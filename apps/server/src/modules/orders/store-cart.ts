import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface CartRow {
  skuId: string
  shopId: string
  productId: string
  quantity: number
  selected: boolean
  addedPriceFen: number
  addedAt: string
}

const COLUMNS = sql`sku_id, shop_id, product_id, quantity, selected, added_price_fen, added_at`
const MAX_QUANTITY = 9999

/** A cart, latest lines first. */
export async function cartLines(tx: Tx, ownerId: string): Promise<CartRow[]> {
  return tx.rows<CartRow>(sql`
    select ${COLUMNS} from cart_lines where buyer_id = ${ownerId} order by added_at desc, sku_id limit 1000`)
}

/** Writes lines; quantities of lines that are there are added up, within what a line may hold. */
export async function addCartLines(tx: Tx, ownerId: string, lines: readonly CartRow[], at: string): Promise<void> {
  if (lines.length === 0) return
  await tx.exec(sql`
    insert into cart_lines (buyer_id, sku_id, shop_id, product_id, quantity, selected, added_price_fen, added_at, updated_at)
    select ${ownerId}, *, ${at} from unnest(${lines.map((line) => line.skuId)}::uuid[],
      ${lines.map((line) => line.shopId)}::uuid[], ${lines.map((line) => line.productId)}::uuid[],
      ${lines.map((line) => line.quantity)}::int[], ${lines.map((line) => line.selected)}::boolean[],
      ${lines.map((line) => line.addedPriceFen)}::bigint[], ${lines.map((line) => line.addedAt)}::timestamptz[])
    on conflict (buyer_id, sku_id) do update set
      quantity = least(cart_lines.quantity + excluded.quantity, ${MAX_QUANTITY}::int),
      selected = cart_lines.selected or excluded.selected, updated_at = excluded.updated_at`)
}

/** Answers whether the line is there. */
export async function updateCartLine(
  tx: Tx,
  ownerId: string,
  skuId: string,
  change: { quantity?: number; selected?: boolean },
  at: string,
): Promise<boolean> {
  const { quantity, selected } = change
  const changed = await tx.exec(sql`
    update cart_lines set updated_at = ${at} ${quantity === undefined ? empty : sql`, quantity = ${quantity}`}
      ${selected === undefined ? empty : sql`, selected = ${selected}`}
    where buyer_id = ${ownerId} and sku_id = ${skuId}`)
  return changed === 1
}

export async function removeCartLines(tx: Tx, ownerId: string, skuIds: readonly string[]): Promise<void> {
  await tx.exec(sql`delete from cart_lines where buyer_id = ${ownerId} and sku_id = any(${skuIds as string[]}::uuid[])`)
}

/** Takes what was ordered out of carts, of any buyers. */
export async function removeOrdered(
  tx: Tx,
  ordered: readonly { buyerId: string; shopId: string; skuId: string }[],
): Promise<void> {
  if (ordered.length === 0) return
  await tx.exec(sql`
    delete from cart_lines c using unnest(${ordered.map((line) => line.buyerId)}::uuid[],
      ${ordered.map((line) => line.shopId)}::uuid[], ${ordered.map((line) => line.skuId)}::uuid[])
      as o(buyer_id, shop_id, sku_id)
    where c.buyer_id = o.buyer_id and c.shop_id = o.shop_id and c.sku_id = o.sku_id`)
}
