import type { ProductMoment } from '@zhanggui/contract'
import { empty, sql, type Tx } from '../../kernel/db.ts'
import type { PricesDeps } from './deps.ts'
import { levelNames } from './read-rules.ts'
import type { RuleRow } from './store-rules.ts'
import { ruleText } from './words.ts'

interface Row extends RuleRow {
  key: string
  at: string
  what: 'set' | 'starts' | 'ends' | 'stopped'
}

const WORDS: Record<Row['what'], string> = {
  set: '设置了价格规则',
  starts: '价格规则开始生效',
  ends: '价格规则到期',
  stopped: '停用了价格规则',
}

/** What rules did to a product's prices, newest first: set, begun, ended, stopped; what is still to come is left out. */
export async function priceMoments(
  tx: Tx,
  deps: PricesDeps,
  wish: {
    shopId: string
    productId: string
    before: { at: string; key: string } | undefined
    limit: number
  },
): Promise<ProductMoment[]> {
  const { shopId, productId, before, limit } = wish
  const rows = await tx.rows<Row>(sql`
    select * from (
      select ('price:' || r.id || ':' || happened.what) collate "C" as key, happened.at, happened.what, r.*
      from (select distinct rule_id from price_rule_items where shop_id = ${shopId} and product_id = ${productId}) i
      join price_rules r on r.shop_id = ${shopId} and r.id = i.rule_id
      cross join lateral (values ('set', r.created_at), ('starts', r.starts_at),
        ('ends', case when r.stopped then null else r.ends_at end),
        ('stopped', case when r.stopped then r.updated_at end)) as happened(what, at)
      where happened.at <= ${deps.clock.instant()}
    ) moments ${before ? sql`where (at, key) < (${before.at}::timestamptz, ${before.key})` : empty}
    order by at desc, key desc limit ${limit}`)
  if (rows.length === 0) return []
  const names = await levelNames(tx, deps, shopId)
  return rows.map((row) => ({
    ...{ key: row.key, at: row.at, kind: 'price', version: null, changes: [], quantity: null },
    who: row.what === 'set' ? (row.createdBy.name ?? '') : '',
    text: `${WORDS[row.what]}「${row.label}」：${ruleText(row, names)}`,
  }))
}
