import type { ImportJob } from '@zhanggui/contract'
import type { Actor } from '../../../kernel/actor.ts'
import type { StaffScopes } from '../../../kernel/data-scope.ts'
import { empty, sql, type Tx } from '../../../kernel/db.ts'
import type { Mapping } from './columns.ts'

export type ImportState = ImportJob['state']
export type ImportOptions = ImportJob['options']

/** An import as it is stored. */
export interface ImportRecord extends Omit<ImportJob, 'mapping' | 'options'> {
  mapping: Mapping
  options: ImportOptions
  fileId: string | null
  signature: string
  grouped: boolean
  position: number
  attempts: number
  actor: Actor
}

/** Which import of which shop. */
export interface ImportRef {
  shopId: string
  importId: string
}

const COLUMNS = sql`id, file_name, file_id, state, encoding, sheet, columns, signature, mapping, mapping_remembered, options,
  sample, total_rows, done_rows, created_products, updated_products, refused_rows, grouped, position, attempts, failure, actor,
  created_at, finished_at`

export async function insertImport(
  tx: Tx,
  shopId: string,
  job: Pick<
    ImportRecord,
    | 'id'
    | 'fileName'
    | 'encoding'
    | 'sheet'
    | 'columns'
    | 'signature'
    | 'mapping'
    | 'mappingRemembered'
    | 'options'
    | 'sample'
    | 'actor'
  > & { fileId: string | null; at: string },
): Promise<void> {
  await tx.exec(sql`
    insert into import_jobs (shop_id, id, file_name, file_id, state, encoding, sheet, columns, signature, mapping,
      mapping_remembered, options, sample, actor, created_at, progressed_at)
    values (${shopId}, ${job.id}, ${job.fileName}, ${job.fileId}, 'reading', ${job.encoding}, ${job.sheet},
      ${JSON.stringify(job.columns)}::jsonb, ${job.signature}, ${JSON.stringify(job.mapping)}::jsonb,
      ${job.mappingRemembered}, ${JSON.stringify(job.options)}::jsonb, ${JSON.stringify(job.sample)}::jsonb,
      ${JSON.stringify(job.actor)}::jsonb, ${job.at}, ${job.at})`)
}

export async function findImport(tx: Tx, shopId: string, id: string, lock = false): Promise<ImportRecord | undefined> {
  return tx.maybe<ImportRecord>(sql`
    select ${COLUMNS} from import_jobs where shop_id = ${shopId} and id = ${id} ${lock ? sql`for update` : empty}`)
}

/** Newest first. */
export async function listImports(
  tx: Tx,
  shopId: string,
  page: { before: string | undefined; limit: number },
): Promise<ImportRecord[]> {
  const before = page.before === undefined ? empty : sql`and id < ${page.before}::uuid`
  return tx.rows<ImportRecord>(sql`
    select ${COLUMNS} from import_jobs where shop_id = ${shopId} ${before} order by id desc limit ${page.limit}`)
}

/** In whose scopes an import that runs may touch goods; null: all of the shop. */
export const scopesOfImport = async (tx: Tx, { shopId, importId }: ImportRef): Promise<StaffScopes | null> =>
  (
    await tx.maybe<{ dataScopes: StaffScopes | null }>(
      sql`select data_scopes from import_jobs where shop_id = ${shopId} and id = ${importId}`,
    )
  )?.dataScopes ?? null

export async function deleteImport(tx: Tx, shopId: string, id: string): Promise<void> {
  await tx.exec(sql`delete from import_jobs where shop_id = ${shopId} and id = ${id}`)
}

/** From `reading` to `mapping`, with the number of rows. */
export async function finishReading(tx: Tx, shopId: string, id: string, totalRows: number, at: string): Promise<void> {
  await tx.exec(sql`
    update import_jobs set state = 'mapping', total_rows = ${totalRows}, progressed_at = ${at}
    where shop_id = ${shopId} and id = ${id} and state = 'reading'`)
}

/** To `running`; with `restart` the rows are to be grouped anew. */
export async function setRunning(
  tx: Tx,
  shopId: string,
  id: string,
  run: {
    mapping: Mapping
    options: ImportOptions
    restart: boolean
    actor: Actor
    at: string
    /** What of the shop the import may touch; null: all of it. */
    scopes: StaffScopes | null
  },
): Promise<void> {
  await tx.exec(sql`
    update import_jobs set state = 'running', mapping = ${JSON.stringify(run.mapping)}::jsonb,
      options = ${JSON.stringify(run.options)}::jsonb, grouped = grouped and not ${run.restart}, attempts = 0,
      failure = null, finished_at = null, actor = ${JSON.stringify(run.actor)}::jsonb, progressed_at = ${run.at},
      data_scopes = ${run.scopes === null ? null : JSON.stringify(run.scopes)}::jsonb
    where shop_id = ${shopId} and id = ${id}`)
}

/** To an end state. */
export async function setEnded(
  tx: Tx,
  shopId: string,
  id: string,
  state: 'done' | 'failed' | 'cancelled',
  failure: string | null,
  at: string,
): Promise<void> {
  await tx.exec(sql`
    update import_jobs set state = ${state}, failure = ${failure?.slice(0, 500) ?? null}, finished_at = ${at}, progressed_at = ${at}
    where shop_id = ${shopId} and id = ${id}`)
}

/** Notes a failed attempt of a running import and answers how many there were since it last moved. */
export async function countAttempt(tx: Tx, shopId: string, id: string, failure: string): Promise<number> {
  const row = await tx.maybe<{ attempts: number }>(sql`
    update import_jobs set attempts = attempts + 1, failure = ${failure.slice(0, 500)}
    where shop_id = ${shopId} and id = ${id} and state = 'running' returning attempts`)
  return row?.attempts ?? 0
}

export interface Progress {
  position: number
  doneRows: number
  createdProducts: number
  updatedProducts: number
  refusedRows: number
}

/** Moves the position and adds to the counters. */
export async function addProgress(tx: Tx, shopId: string, id: string, progress: Progress, at: string): Promise<void> {
  await tx.exec(sql`
    update import_jobs set position = ${progress.position}, done_rows = done_rows + ${progress.doneRows},
      created_products = created_products + ${progress.createdProducts},
      updated_products = updated_products + ${progress.updatedProducts},
      refused_rows = refused_rows + ${progress.refusedRows}, attempts = 0, failure = null, progressed_at = ${at}
    where shop_id = ${shopId} and id = ${id}`)
}

export async function touchProgress(tx: Tx, shopId: string, id: string, at: string): Promise<void> {
  await tx.exec(sql`
    update import_jobs set progressed_at = ${at}, attempts = 0, failure = null where shop_id = ${shopId} and id = ${id}`)
}

export async function rememberedMapping(tx: Tx, shopId: string, signature: string): Promise<Mapping | undefined> {
  const row = await tx.maybe<{ mapping: Mapping }>(sql`
    select mapping from import_mappings where shop_id = ${shopId} and signature = ${signature}`)
  return row?.mapping
}

export async function rememberMapping(
  tx: Tx,
  shopId: string,
  signature: string,
  mapping: Mapping,
  at: string,
): Promise<void> {
  await tx.exec(sql`
    insert into import_mappings (shop_id, signature, mapping, used_at)
    values (${shopId}, ${signature}, ${JSON.stringify(mapping)}::jsonb, ${at})
    on conflict (shop_id, signature) do update set mapping = excluded.mapping, used_at = excluded.used_at`)
}

/** Imports of all shops that have not moved since `before`. Scope `system`. */
export async function stalledImports(
  tx: Tx,
  before: string,
): Promise<{ shopId: string; id: string; state: ImportState }[]> {
  return tx.rows(sql`
    select shop_id, id, state from import_jobs where state in ('reading', 'running') and progressed_at < ${before}
    order by progressed_at limit 100`)
}

/** Shops that have imports older than `before`. Scope `system`. */
export async function shopsWithImportsBefore(tx: Tx, before: string): Promise<string[]> {
  const rows = await tx.rows<{ shopId: string }>(sql`
    select distinct shop_id from import_jobs where created_at < ${before} limit 1000`)
  return rows.map(({ shopId }) => shopId)
}

/** Removes ended imports of a shop with their rows; at most a hundred at once. */
export async function deleteImportsBefore(tx: Tx, shopId: string, before: string): Promise<number> {
  return tx.exec(sql`
    delete from import_jobs where shop_id = ${shopId} and id in (
      select id from import_jobs where shop_id = ${shopId} and created_at < ${before} and state not in ('reading', 'running')
      order by id limit 100)`)
}
