import type { Vault } from './crypto.ts'
import { type Db, join, raw, type Sql, sql } from './db.ts'

/** A column of sealed texts, and what each is bound to. */
export interface SealedColumn {
  table: string
  column: string
  /** A field of a `jsonb` column. */
  field?: string
  /** The primary key, with the type of each part. */
  key: readonly (readonly [name: string, type: 'uuid' | 'text'])[]
  /** What the text was sealed with, of the key's values in order. */
  context: (...key: string[]) => string
}

export interface RotatedColumn {
  table: string
  column: string
  /** Sealed anew, and opened again to be sure. */
  resealed: number
  /** Rows that are still under an older key: none, unless they could not be opened. */
  left: number
  /** Keys of the first rows that could not be opened. */
  refused: string[]
}

const BATCH = 200
const SHOWN = 10

/**
 * Seals everything anew that is not under the newest key, a batch a transaction, while the program runs: a row that
 * somebody writes meanwhile is under the newest key anyway and is left as it is. It can be stopped and started again.
 */
export async function rotateKeys(
  db: Db,
  vault: Vault,
  columns: readonly SealedColumn[],
  onBatch: (column: SealedColumn, resealed: number) => void = () => {},
): Promise<RotatedColumn[]> {
  const report: RotatedColumn[] = []
  for (const column of columns) {
    const done = await rotateColumn(db, vault, column, (resealed) => onBatch(column, resealed))
    const left = await db.read('system', (tx) =>
      tx.one<{ count: number }>(
        sql`select count(*) as count from ${raw(column.table)} where ${isStale(vault, column)}`,
      ),
    )
    report.push({ table: column.table, column: nameOf(column), left: left.count, ...done })
  }
  return report
}

async function rotateColumn(db: Db, vault: Vault, column: SealedColumn, onBatch: (resealed: number) => void) {
  const keys = join(
    column.key.map(([name]) => raw(name)),
    ', ',
  )
  let after: string[] | undefined
  let resealed = 0
  const refused: string[] = []
  for (;;) {
    const behind = after === undefined ? sql`true` : sql`(${keys}) > (${values(column, after)})`
    const rows = await db.read('system', (tx) =>
      tx.rows<{ key: string[]; sealed: string }>(sql`
        select array[${join(
          column.key.map(([name]) => sql`${raw(name)}::text`),
          ', ',
        )}] as key, ${textOf(column)} as sealed
        from ${raw(column.table)} where ${isStale(vault, column)} and ${behind}
        order by ${keys} limit ${BATCH}`),
    )
    const sealedAnew = rows.flatMap(({ key, sealed }) => {
      const next = resealedText(vault, sealed, column.context(...key))
      if (next === undefined && refused.length < SHOWN) refused.push(key.join('/'))
      return next === undefined ? [] : [{ key, sealed, next }]
    })
    if (sealedAnew.length > 0) resealed += await db.tx('system', (tx) => tx.exec(writeAll(column, sealedAnew)))
    onBatch(resealed)
    if (rows.length < BATCH) return { resealed, refused }
    after = rows.at(-1)!.key
  }
}

/** The same text under the newest key, opened once more to be sure; undefined when it cannot be opened. */
function resealedText(vault: Vault, sealed: string, context: string): string | undefined {
  try {
    const plain = vault.decrypt(sealed, context)
    const next = vault.encrypt(plain, context)
    return vault.decrypt(next, context) === plain ? next : undefined
  } catch {
    return undefined
  }
}

/** Writes what still is as it was read: what somebody changed meanwhile stays theirs. */
function writeAll(column: SealedColumn, rows: readonly { key: string[]; sealed: string; next: string }[]): Sql {
  const names = column.key.map(([name]) => name)
  const parts = column.key.map(([, type], at) => sql`${rows.map(({ key }) => key[at]!)}::${raw(`${type}[]`)}`)
  const mine = join(
    names.map((name) => sql`t.${raw(name)} = n.${raw(name)}`),
    ' and ',
  )
  const next =
    column.field === undefined
      ? sql`n.next`
      : sql`jsonb_set(t.${raw(column.column)}, array[${column.field}], to_jsonb(n.next))`
  return sql`
    update ${raw(column.table)} t set ${raw(column.column)} = ${next}
    from unnest(${join(parts, ', ')}, ${rows.map(({ sealed }) => sealed)}::text[], ${rows.map((row) => row.next)}::text[])
      as n (${raw(names.join(', '))}, sealed, next)
    where ${mine} and ${textOf(column, 't.')} = n.sealed`
}

const nameOf = ({ column, field }: SealedColumn): string => (field === undefined ? column : `${column}.${field}`)
const textOf = ({ column, field }: SealedColumn, of = ''): Sql =>
  field === undefined ? raw(`${of}${column}`) : sql`${raw(`${of}${column}`)}->>${field}::text`
const values = ({ key }: SealedColumn, of: readonly string[]): Sql =>
  join(
    of.map((value, at) => sql`${value}::${raw(key[at]![1])}`),
    ', ',
  )

/** Sealed, and not by the newest key. */
function isStale(vault: Vault, column: SealedColumn): Sql {
  const newest = vault.encrypt('').split('.').slice(0, 2).join('.')
  return sql`${textOf(column)} is not null and not starts_with(${textOf(column)}, ${`${newest}.`})`
}
