import type { RelationKind } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'
import type { ProductState } from './types.ts'

/** Ids of the goods beside a product, in the shop's order. */
export async function relationIds(
  tx: Tx,
  shopId: string,
  productId: string,
): Promise<{ kind: RelationKind; relatedId: string; state: ProductState }[]> {
  return tx.rows(sql`
    select r.kind, r.related_id, p.state from product_relations r
    join products p on p.shop_id = r.shop_id and p.id = r.related_id
    where r.shop_id = ${shopId} and r.product_id = ${productId} order by r.kind, r.position, r.related_id`)
}

/** Puts `relatedIds` in the place of what stood beside the product. The product's row is held by the caller. */
export async function replaceRelations(
  tx: Tx,
  shopId: string,
  productId: string,
  kind: RelationKind,
  relatedIds: readonly string[],
): Promise<void> {
  await tx.exec(sql`
    delete from product_relations where shop_id = ${shopId} and product_id = ${productId} and kind = ${kind}`)
  if (relatedIds.length === 0) return
  await tx.exec(sql`
    insert into product_relations (shop_id, product_id, kind, related_id, position)
    select ${shopId}, ${productId}, ${kind}, id, place
    from unnest(${relatedIds as string[]}::uuid[]) with ordinality as r(id, place)`)
}
