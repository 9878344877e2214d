import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts'

interface Table {
  name: string
  comment: string | null
  secured: boolean
  forced: boolean
  policies: number
}
interface Key {
  table: string
  name: string
  columns: string[]
}
interface ForeignKey extends Key {
  target: string
  targetColumns: string[]
}
interface Catalogue {
  tables: Table[]
  keys: Key[]
  foreignKeys: ForeignKey[]
  /** Columns of every index, in order; partial indexes are not among them. */
  indexes: Key[]
}

const COMMENTS = ['distribute: shop_id', 'distribute: buyer_id', 'reference', 'local']
/** The record of migrations is read by the launcher before any policy exists. */
const UNSECURED = ['schema_migrations']

let database: TestDatabase
let admin: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin?.end()
  await database?.drop()
})

async function readCatalogue(): Promise<Catalogue> {
  const rows = async <R>(text: string) => (await admin.query(text)).rows as R[]
  const names = (attributes: string, relation: string) => `(
    select coalesce(array_agg(a.attname::text order by place), '{}') from unnest(${attributes}) with ordinality as k(number, place)
    join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number)`
  const ours = `n.nspname = 'public' and t.relkind in ('r', 'p') and not t.relispartition`
  return {
    tables: await rows(`
      select t.relname as name, obj_description(t.oid, 'pg_class') as comment, t.relrowsecurity as secured,
        t.relforcerowsecurity as forced, (select count(*)::int from pg_policy p where p.polrelid = t.oid) as policies
      from pg_class t join pg_namespace n on n.oid = t.relnamespace where ${ours} order by 1`),
    keys: await rows(`
      select t.relname as table, i.relname as name, ${names('x.indkey::int2[]', 't.oid')} as columns
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      join pg_namespace n on n.oid = t.relnamespace where ${ours} and x.indisunique order by 1, 2`),
    foreignKeys: await rows(`
      select t.relname as table, c.conname as name, ${names('c.conkey', 't.oid')} as columns,
        r.relname as target, ${names('c.confkey', 'r.oid')} as "targetColumns"
      from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid
      join pg_namespace n on n.oid = t.relnamespace where ${ours} and c.contype = 'f' order by 1, 2`),
    indexes: await rows(`
      select t.relname as table, i.relname as name, ${names('x.indkey::int2[]', 't.oid')} as columns
      from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
      join pg_namespace n on n.oid = t.relnamespace where ${ours} and x.indpred is null order by 1, 2`),
  }
}

const distributionOf = (catalogue: Catalogue, table: string): string | undefined =>
  /^distribute: (\w+)$/.exec(catalogue.tables.find((each) => each.name === table)?.comment ?? '')?.[1]

function unprotected({ tables }: Catalogue): string[] {
  return tables
    .filter((table) => !UNSECURED.includes(table.name))
    .filter((table) => !table.secured || !table.forced || table.policies === 0)
    .map((table) => table.name)
}

const undistributed = ({ tables }: Catalogue): string[] =>
  tables.filter((table) => !COMMENTS.includes(table.comment ?? '')).map((table) => table.name)

function keysWithoutDistribution(catalogue: Catalogue): string[] {
  return catalogue.keys
    .filter((key) => {
      const column = distributionOf(catalogue, key.table)
      return column !== undefined && !key.columns.includes(column)
    })
    .map((key) => `${key.table}.${key.name} (${key.columns.join(', ')})`)
}

function foreignKeysApart(catalogue: Catalogue): string[] {
  return catalogue.foreignKeys
    .filter((key) => {
      const target = catalogue.tables.find((table) => table.name === key.target)
      if (target?.comment === 'reference') return false
      const column = distributionOf(catalogue, key.table)
      if (column === undefined)
        return target?.comment !== 'local' || distributionOf(catalogue, key.target) !== undefined
      const place = key.columns.indexOf(column)
      return distributionOf(catalogue, key.target) !== column || place < 0 || key.targetColumns[place] !== column
    })
    .map((key) => `${key.table}.${key.name} → ${key.target}`)
}

function foreignKeysWithoutIndex({ foreignKeys, indexes }: Catalogue): string[] {
  return foreignKeys
    .filter((key) => {
      const own = indexes.filter((index) => index.table === key.table)
      return !own.some((index) =>
        index.columns.slice(0, key.columns.length).every((column) => key.columns.includes(column)),
      )
    })
    .map((key) => `${key.table}.${key.name} (${key.columns.join(', ')})`)
}

test('SYS-01 every table names its distribution in a comment', async () => {
  expect(undistributed(await readCatalogue())).toEqual([])
})

test('ACC-05 every table stands behind row-level security, for its owner too', async () => {
  expect(unprotected(await readCatalogue())).toEqual([])
})

test('SYS-01 every primary and unique key of a distributed table contains its distribution column', async () => {
  expect(keysWithoutDistribution(await readCatalogue())).toEqual([])
})

test('SYS-01 every foreign key stays within one shop or buyer, or points to a reference table', async () => {
  expect(foreignKeysApart(await readCatalogue())).toEqual([])
})

test('SYS-01 every foreign key has an index, so that deleting what it points to does not read the whole table', async () => {
  expect(foreignKeysWithoutIndex(await readCatalogue())).toEqual([])
})

test('ACC-05 the role the program works as is no superuser, owns no table and cannot pass by row-level security', async () => {
  const { rows } = await admin.query(`
    select rolsuper, rolbypassrls, rolcreaterole, (select count(*)::int from pg_class t
      join pg_namespace n on n.oid = t.relnamespace where n.nspname = 'public' and t.relowner = r.oid) as owned
    from pg_roles r where rolname = 'zhanggui_app'`)
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, owned: 0 }])
})

test('SYS-01 the catalogue test itself finds what it is there for', async () => {
  await admin.query(`
    begin;
    create table bad_plain (id uuid primary key);
    create table bad_parent (shop_id uuid, id uuid, code text unique, primary key (shop_id, id));
    call app.protect('bad_parent', 'shop_id');
    create table bad_child (shop_id uuid, id uuid, parent_id uuid, code text references bad_parent (code),
      buyer_id uuid, primary key (shop_id, id), foreign key (shop_id, parent_id) references bad_parent);
    call app.protect('bad_child', 'shop_id')`)
  try {
    const catalogue = await readCatalogue()
    expect(undistributed(catalogue)).toEqual(['bad_plain'])
    expect(unprotected(catalogue)).toEqual(['bad_plain'])
    expect(keysWithoutDistribution(catalogue)).toEqual(['bad_parent.bad_parent_code_key (code)'])
    expect(foreignKeysApart(catalogue)).toEqual(['bad_child.bad_child_code_fkey → bad_parent'])
    expect(foreignKeysWithoutIndex(catalogue)).toEqual([
      'bad_child.bad_child_code_fkey (code)',
      'bad_child.bad_child_shop_id_parent_id_fkey (shop_id, parent_id)',
    ])
  } finally {
    await admin.query('rollback')
  }
})
