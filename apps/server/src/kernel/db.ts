import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Sql } from 'sql-template-tag'
import { currentDataScopes, dataScopesText, type StaffScopes, withDataScopes } from './data-scope.ts'
import { ifDatabaseAway } from './database-away.ts'
import { isUuid } from './ids.ts'
import { KeptPlans } from './kept-plans.ts'
import { RowArray } from './row-array.ts'
import { instantParser, int8Parser, toCamel } from './rows.ts'
import { writeTogether } from './write-together.ts'
import { tablesWritten } from './written-tables.ts'

export { default as sql, empty, join, raw, type Sql } from 'sql-template-tag'

/**
 * Whose rows a transaction may see: one shop's, one buyer's, both, or (system work only) everybody's.
 * Row-level security enforces it in PostgreSQL, below all code. Inside `withDataScopes` the rows are narrowed further,
 * to what a member of staff may see, in the scope `system` too.
 */
export type Scope = 'system' | { shopId: string; buyerId?: string } | { shopId?: string; buyerId: string }

/** An open transaction. Every function that reads or writes rows takes one as its required first argument. */
export interface Tx {
  readonly scope: Scope
  /**
   * All rows, with columns in camelCase; int8 as a safe integer, timestamptz as an ISO instant. A text that comes again
   * and again is parsed and planned once per connection and ten seconds.
   */
  rows<R = Record<string, unknown>>(query: Sql): Promise<R[]>
  /** Exactly one row; throws when there is none or more than one. */
  one<R = Record<string, unknown>>(query: Sql): Promise<R>
  maybe<R = Record<string, unknown>>(query: Sql): Promise<R | undefined>
  /** Runs a statement and answers how many rows it changed. */
  exec(query: Sql): Promise<number>
  /** As `rows`, planned for these values each time: where a plan for a table that has grown since would be ruinous. */
  anew<R = Record<string, unknown>>(query: Sql): Promise<R[]>
  /**
   * A prepared statement under a name of its own, for hot paths: kept from the first time on. Many rows are one value,
   * a `RowArray`.
   */
  prepared<R = Record<string, unknown>>(name: string, text: string, values: readonly unknown[]): Promise<R[]>
  /**
   * As `prepared`, for a statement whose answer nobody needs: it is carried out in its turn, and what goes wrong with it
   * is thrown by the commit.
   */
  send(name: string, text: string, values: readonly unknown[]): void
  /** Runs `action` once the transaction has committed; never when it rolls back. */
  afterCommit(action: () => void): void
}

export interface DbOptions {
  url: string
  /** Connections for requests (scoped) and for system work, each. */
  maxConnections?: number
  applicationName?: string
  /** How long one statement may run. */
  statementTimeoutMs?: number
  /** How long the plan of a statement is kept (default: ten seconds). */
  maxPlanAgeMs?: number
  /** Called with errors of idle connections, which are replaced by themselves. */
  onError?: (error: Error) => void
}

/** Called after a commit with the tables that the transaction wrote; before the writer goes on. */
export type WrittenListener = (tables: ReadonlySet<string>) => void

const MAX_ATTEMPTS = 4
const RETRY_PAUSE_MS = 20
const CONNECT_TIMEOUT_MS = 5000
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const FAILED_TRANSACTION = '25P02'

/** The door to PostgreSQL: nothing but transactions. */
export class Db {
  readonly #pool: pg.Pool
  readonly #onError: (error: Error) => void
  readonly #plans: KeptPlans
  readonly #writtenListeners = new Set<WrittenListener>()
  /** The numbers that this database has given the composite types of the schema `app`; read once. */
  #rowTypes: ReadonlyMap<string, number> | undefined
  readonly url: string

  constructor(options: DbOptions) {
    this.url = options.url
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.maxConnections ?? 10,
      application_name: options.applicationName ?? 'zhanggui',
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      options: '-c timezone=UTC -c datestyle=ISO',
      types: { getTypeParser },
      // Statements that do not wait for one another's answers are sent at once and carried out in order.
      pipeline: true,
    })
    this.#onError = options.onError ?? (() => {})
    this.#plans = new KeptPlans(options.maxPlanAgeMs)
    this.#pool.on('error', this.#onError)
    // A connection lost while in use rejects its query; without a listener it would end the process as well.
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  /** Runs `work` in one transaction; retried from the start when PostgreSQL asks for it (deadlock, serialization). */
  async tx<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#attempt(`begin; ${scopeSql(scope, currentDataScopes())}`, scope, work)
  }

  /** Like `tx`, but PostgreSQL refuses any write and all statements see one snapshot. */
  async read<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const begin = `begin isolation level repeatable read read only; ${scopeSql(scope, currentDataScopes())}`
    return this.#attempt(begin, scope, work, true)
  }

  /** A connection of one's own, outside any transaction (LISTEN, advisory session locks). Release it. */
  async connect(): Promise<pg.PoolClient> {
    return this.#pool.connect()
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  /** Tells of every commit of this process that wrote something. Answers how to stop it. */
  onWritten(listener: WrittenListener): () => void {
    this.#writtenListeners.add(listener)
    return () => void this.#writtenListeners.delete(listener)
  }

  /** Connections in use, idle and requests waiting for one. */
  stats(): { total: number; idle: number; waiting: number } {
    return { total: this.#pool.totalCount, idle: this.#pool.idleCount, waiting: this.#pool.waitingCount }
  }

  async #attempt<T>(begin: string, scope: Scope, work: (tx: Tx) => Promise<T>, isRead = false): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await (isRead ? this.#runRead(begin, scope, work) : this.#run(begin, scope, work))
      } catch (error) {
        const code = (error as { code?: string }).code
        if (attempt >= MAX_ATTEMPTS || (code !== SERIALIZATION_FAILURE && code !== DEADLOCK)) throw error
        await delay(Math.random() * RETRY_PAUSE_MS * attempt)
      }
    }
  }

  /** Nothing waits for the end of a transaction that only read: its answer is known before. */
  async #runRead<T>(begin: string, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await ifDatabaseAway(this.#pool.connect())
    let tx: ClientTx | undefined
    try {
      this.#rowTypes ??= await ifDatabaseAway(readRowTypes(client))
      tx = new ClientTx(client, scope, this.#rowTypes, this.#plans)
      // Sent together with the first statement of `work`, as in `#run`.
      writeTogether(client)
      this.#plans.refresh(client)
      const begun = ifDatabaseAway(client.query(begin))
      begun.catch(() => {})
      const result = await work(tx)
      tx.end()
      await begun
      if (tx.failure !== undefined) throw new Error('The transaction was rolled back: one of its statements had failed')
      for (const action of tx.afterCommitActions) withDataScopes(null, action)
      return result
    } catch (error) {
      tx?.end()
      throw whyOf(error, tx)
    } finally {
      void client.query('rollback').then(
        () => client.release(),
        (failure: Error) => client.release(failure),
      )
    }
  }

  async #run<T>(begin: string, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await ifDatabaseAway(this.#pool.connect())
    let broken: Error | undefined
    let result: T
    let tx: ClientTx | undefined
    try {
      this.#rowTypes ??= await ifDatabaseAway(readRowTypes(client))
      tx = new ClientTx(client, scope, this.#rowTypes, this.#plans)
      // Sent together with the first statement of `work`. Should it fail, no scope is set and all tables are shut.
      writeTogether(client)
      this.#plans.refresh(client)
      const begun = ifDatabaseAway(client.query(begin))
      begun.catch(() => {})
      result = await work(tx)
      tx.end()
      writeTogether(client)
      const [{ command }] = await Promise.all([ifDatabaseAway(client.query('commit')), begun])
      // A transaction in which a statement failed ends in a rollback, even when `work` passed over the error.
      if (command !== 'COMMIT') {
        await Promise.all(tx.unwatched)
        throw new Error('The transaction was rolled back: one of its statements had failed')
      }
    } catch (error) {
      tx?.end()
      await client.query('rollback').catch((failure: Error) => {
        broken = failure
      })
      throw whyOf(error, tx)
    } finally {
      client.release(broken)
    }
    if (tx.written.size > 0) for (const listener of this.#writtenListeners) listener(tx.written)
    // Committed: what an action does wrong must not look like a failed transaction, which would be repeated.
    for (const action of tx.afterCommitActions)
      try {
        // What follows from a commit (waking workers, telling others) is the program's work, not the caller's.
        withDataScopes(null, action)
      } catch (error) {
        this.#onError(error as Error)
      }
    return result
  }
}

/** Of statements that were sent together, the first that failed says why; the others say that it did. */
const whyOf = (error: unknown, tx: ClientTx | undefined): unknown =>
  (error as { code?: string }).code === FAILED_TRANSACTION ? (tx?.failure ?? error) : error

async function readRowTypes(client: pg.PoolClient): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ name: string; oid: number }>(
    `select typname as name, oid from pg_type where typnamespace = to_regnamespace('app') and typtype = 'c'`,
  )
  return new Map(rows.map(({ name, oid }) => [name, oid]))
}

function getTypeParser(oid: number, format?: string): unknown {
  if (oid === pg.types.builtins.INT8) return int8Parser
  if (oid === pg.types.builtins.TIMESTAMPTZ) return instantParser
  if (oid === pg.types.builtins.DATE) return String
  return pg.types.getTypeParser(oid, format as 'text')
}

/** The settings that row-level security reads. Ids are checked before they become part of the statement. */
function scopeSql(scope: Scope, narrowed: StaffScopes | null): string {
  if (scope === 'system') return `set local app.scope = 'system'${narrowSql(narrowed)}`
  const shopId = scope.shopId ?? ''
  const buyerId = scope.buyerId ?? ''
  for (const id of [shopId, buyerId]) if (id !== '' && !isUuid(id)) throw new TypeError(`Not an id: ${id}`)
  return `set local app.scope = ''; set local app.shop_id = '${shopId}'; set local app.buyer_id = '${buyerId}'${narrowSql(narrowed)}`
}

/** What a member of staff sees of it; the wall of the shop stays where it is. */
function narrowSql(narrowed: StaffScopes | null): string {
  if (narrowed === null) return ''
  const { staffId, scopes } = narrowed
  for (const id of [staffId, ...scopes.flatMap((each) => Object.values(each).flatMap((ids) => ids ?? []))])
    if (!isUuid(id)) throw new TypeError(`Not an id: ${id}`)
  return `; set local app.staff_id = '${staffId}'; set local app.data_scopes = '${dataScopesText(scopes)}'`
}

class ClientTx implements Tx {
  readonly #client: pg.PoolClient
  readonly scope: Scope
  readonly afterCommitActions: (() => void)[] = []
  readonly written = new Set<string>()
  readonly #rowTypes: ReadonlyMap<string, number>
  readonly #plans: KeptPlans
  #isOver = false
  /** Why the first statement that failed did so. */
  failure: unknown
  /** Statements whose answers nobody waits for. */
  readonly unwatched: Promise<unknown>[] = []

  constructor(client: pg.PoolClient, scope: Scope, rowTypes: ReadonlyMap<string, number>, plans: KeptPlans) {
    this.#client = client
    this.scope = scope
    this.#rowTypes = rowTypes
    this.#plans = plans
  }

  #bound(values: readonly unknown[]): unknown[] {
    return values.map((value) => {
      if (!(value instanceof RowArray)) return value
      const oid = this.#rowTypes.get(value.type.name)
      if (oid === undefined)
        throw new Error(`There is no composite type app.${value.type.name}: is the database migrated?`)
      return value.encode(oid)
    })
  }

  /**
   * From now on nothing more is sent: what asks side by side goes on in one branch when another has failed, and the
   * connection is somebody else's by then.
   */
  end(): void {
    this.#isOver = true
  }

  #note(text: string): void {
    if (this.#isOver) throw new Error(`The transaction is over: ${text.trim().slice(0, 120)}`)
    for (const table of tablesWritten(text)) this.written.add(table)
  }

  async #answer<Result>(answer: Promise<Result>): Promise<Result> {
    try {
      return await ifDatabaseAway(answer)
    } catch (error) {
      this.failure ??= error
      throw error
    }
  }

  rows<R>(query: Sql): Promise<R[]> {
    return this.#rows(this.#plans.nameOf(query.text), query.text, query.values)
  }

  anew<R>(query: Sql): Promise<R[]> {
    return this.#rows(undefined, query.text, query.values)
  }

  async #rows<R>(name: string | undefined, text: string, values: readonly unknown[]): Promise<R[]> {
    this.#note(text)
    const bound = this.#bound(values)
    writeTogether(this.#client)
    return toObjects<R>(
      await this.#answer(this.#client.query({ ...(name && { name }), text, values: bound, rowMode: 'array' })),
    )
  }

  async one<R>(query: Sql): Promise<R> {
    const rows = await this.rows<R>(query)
    if (rows.length !== 1) throw new Error(`Expected one row, got ${rows.length}: ${query.text.slice(0, 120)}`)
    return rows[0]!
  }

  async maybe<R>(query: Sql): Promise<R | undefined> {
    const rows = await this.rows<R>(query)
    if (rows.length > 1) throw new Error(`Expected at most one row, got ${rows.length}: ${query.text.slice(0, 120)}`)
    return rows[0]
  }

  async exec(query: Sql): Promise<number> {
    this.#note(query.text)
    const { text } = query
    const name = this.#plans.nameOf(text)
    const values = this.#bound(query.values)
    writeTogether(this.#client)
    const result = await this.#answer(this.#client.query({ ...(name && { name }), text, values }))
    return result.rowCount ?? 0
  }

  prepared<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
    return this.#rows(name, text, values)
  }

  send(name: string, text: string, values: readonly unknown[]): void {
    const answer = this.#rows(name, text, values)
    answer.catch(() => {})
    this.unwatched.push(answer)
  }

  afterCommit(action: () => void): void {
    this.afterCommitActions.push(action)
  }
}

function toObjects<R>(result: pg.QueryArrayResult): R[] {
  const names = result.fields.map((field) => toCamel(field.name))
  return result.rows.map((row: unknown[]) => {
    const object: Record<string, unknown> = {}
    for (let i = 0; i < names.length; i++) object[names[i]!] = row[i]
    return object as R
  })
}
