import { raw, sql, type Tx } from './db.ts'

/**
 * Where a file may be named: found in the database's own catalogue, so that a table which is added tomorrow is asked
 * too and nobody can forget to register it.
 */
interface UseColumn {
  table: string
  column: string
  kind: 'uuid' | 'uuid[]' | 'json' | 'text'
  /** The table has a column `shop_id`; one of all shops, such as shops themselves, is asked as a whole. */
  ofShop: boolean
}

/** Large tables that never show a file: what happened, what was done, what is reckoned, what only search reads. */
const NEVER_SHOW = [
  'files',
  'outbox_%',
  'audit%',
  'ledger_%',
  'stock_movements',
  'product_search',
  'import_rows',
  'raw_%',
]
const FILE_WORDS = '(file|picture|image|photo|video|logo|poster|cover|avatar|media|asset|attachment|icon|banner|proof)'
const TEXT_WORDS = '(url|html|body|content|markdown|link)'

/**
 * Which of the ids some row still names: in columns of ids whose name speaks of files, in lists of ids, in everything
 * that is kept as JSON (versions of products, pages, settings), and in texts that hold addresses. Scope `system`.
 */
export async function usedFiles(tx: Tx, shopId: string, ids: readonly string[]): Promise<Set<string>> {
  const used = new Set<string>()
  if (ids.length === 0) return used
  for (const use of await useColumns(tx)) {
    const left = ids.filter((id) => !used.has(id))
    if (left.length === 0) break
    for (const { id } of await tx.rows<{ id: string }>(namedIn(use, shopId, left))) used.add(id)
  }
  return used
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

function namedIn({ table, column, kind, ofShop }: UseColumn, shopId: string, ids: readonly string[]) {
  // Names come from PostgreSQL's catalogue, quoted by it.
  const [from, value] = [raw(table), raw(`t.${column}`)]
  const wanted = ids as string[]
  const here = ofShop ? sql`t.shop_id = ${shopId}` : sql`true`
  if (kind === 'uuid')
    return sql`select distinct ${value} as id from ${from} t where ${here} and ${value} = any(${wanted}::uuid[])`
  if (kind === 'uuid[]')
    return sql`
      select distinct u.id from ${from} t cross join unnest(${value}) as u(id)
      where ${here} and ${value} && ${wanted}::uuid[] and u.id = any(${wanted}::uuid[])`
  return sql`
    select distinct m[1] as id from ${from} t cross join regexp_matches(lower(${value}::text), ${UUID}, 'g') as m
    where ${here} and m[1] = any(${wanted})`
}

async function useColumns(tx: Tx): Promise<UseColumn[]> {
  return tx.rows<UseColumn>(sql`
    select quote_ident(t.relname) as table, quote_ident(a.attname) as column, k.kind,
      exists (select from pg_attribute s where s.attrelid = t.oid and s.attname = 'shop_id' and not s.attisdropped) as of_shop
    from pg_class t
    join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    cross join lateral (select case a.atttypid
      when 'uuid'::regtype then case when a.attname !~ '(^|_)id$' or a.attname ~ ${FILE_WORDS} then 'uuid' end
      when 'uuid[]'::regtype then 'uuid[]'
      when 'jsonb'::regtype then 'json'
      when 'json'::regtype then 'json'
      when 'text'::regtype then case when a.attname ~ ${`${FILE_WORDS}|${TEXT_WORDS}`} then 'text' end
      when 'text[]'::regtype then case when a.attname ~ ${`${FILE_WORDS}|${TEXT_WORDS}`} then 'text' end
      end as kind) k
    where t.relkind in ('r', 'p') and not t.relispartition and k.kind is not null and not t.relname like any (${NEVER_SHOW})
    order by t.relname, a.attnum`)
}
