import type { ProductMoment, ProductMomentKind } from '@zhanggui/contract'
import { z } from 'zod'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import { decodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import type { CatalogDeps } from './deps.ts'
import type { Change } from './types.ts'

/** Where a timeline goes on: behind this instant and key, newest first. Keys are compared byte by byte. */
export interface MomentCursor {
  at: string
  key: string
}

export interface MomentsWish {
  shopId: string
  productId: string
  before: MomentCursor | undefined
  limit: number
}

/** A module that has something to tell of a product: moments before the cursor, newest first. */
export type MomentSource = (tx: Tx, wish: MomentsWish) => Promise<ProductMoment[]>

const Cursor = z.object({ at: z.iso.datetime(), key: z.string().max(100) })

/** Everything that happened to a product: edits, movements of its stock, rules over its prices; newest first. */
export function productTimeline(
  deps: CatalogDeps,
  shopId: string,
  productId: string,
  input: { cursor?: string | undefined; limit: number; kind?: ProductMomentKind | undefined },
): Promise<Page<ProductMoment>> {
  const before = decodeCursor(input.cursor, Cursor)
  const sources: Record<ProductMomentKind, MomentSource | undefined> = {
    edit: edits,
    stock: deps.moments?.stock,
    price: deps.moments?.price,
  }
  const wanted = input.kind === undefined ? Object.values(sources) : [sources[input.kind]]
  return deps.db.read({ shopId }, async (tx) => {
    const rows: ProductMoment[] = []
    for (const source of wanted) {
      if (source) rows.push(...(await source(tx, { shopId, productId, before, limit: input.limit + 1 })))
    }
    rows.sort((a, b) => (a.at === b.at ? compare(b.key, a.key) : compare(b.at, a.at)))
    return keysetPage(rows.slice(0, input.limit + 1), input.limit, ({ at, key }) => ({ at, key }))
  })
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

interface EditRow {
  key: string
  at: string
  version: number
  actor: { kind: string; name?: string }
  changes: Change[]
}

const edits: MomentSource = async (tx, { shopId, productId, before, limit }) => {
  const rows = await tx.rows<EditRow>(sql`
    select key, at, version, actor, changes from (
      select ('edit:' || lpad(version::text, 9, '0')) collate "C" as key, at, version, actor, changes
      from product_versions where shop_id = ${shopId} and product_id = ${productId}
    ) e ${before ? sql`where (at, key) < (${before.at}::timestamptz, ${before.key})` : empty}
    order by at desc, key desc limit ${limit}`)
  return rows.map(({ key, at, version, actor, changes }) => ({
    ...{ key, at, kind: 'edit', version, changes, quantity: null, text: '' },
    who: actor.name ?? (actor.kind === 'system' ? '系统' : actor.kind),
  }))
}
