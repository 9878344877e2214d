import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import type { Session as ChdbSession } from 'chdb'
import { ClickHouseFailure } from './failure.ts'

/** What runs one statement: everything a client may say about it besides its text. */
export interface StatementContext {
  database: string | undefined
  /** Query parameters for `{name:Type}`, in the escaped form in which they travel over HTTP. */
  params: ReadonlyMap<string, string>
  settings: ReadonlyMap<string, string>
  /** Output format when the statement names none. */
  format: string
  readOnly: boolean
  signal: AbortSignal
}

export interface StatementResult {
  bytes: Uint8Array
  rows: number
  resultBytes: number
  elapsedMs: number
}

/** Statements that run at once, by kind, and how many may wait. Inserts never wait behind long selects. */
export interface EngineLimits {
  selects: number
  inserts: number
  waiting: number
}

const KILL_AGAIN_MS = 500
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * The embedded ClickHouse. Each statement gets a connection of its own, because settings, query parameters and the
 * current database belong to the connection; opening one costs less than a millisecond. (chDB's own parameter
 * binding shares state between connections, so parameters are set with SET instead.)
 */
export class Engine {
  readonly #open: () => ChdbSession
  readonly #control: ChdbSession
  readonly #selects: Lane
  readonly #inserts: Lane

  constructor(path: string, limits: EngineLimits, connectionArgs: readonly string[]) {
    const { Session } = createRequire(import.meta.url)('chdb') as typeof import('chdb')
    this.#open = () => new Session(path, { connectionArgs })
    this.#control = this.#open()
    this.#selects = new Lane(limits.selects, limits.waiting)
    this.#inserts = new Lane(limits.inserts, limits.waiting)
  }

  get version(): Promise<string> {
    return this.#control.queryAsync('SELECT version()', { format: 'TabSeparatedRaw' }).then((r) => r.text().trim())
  }

  /**
   * Runs one statement; data of an INSERT follows its text.
   * @throws ClickHouseFailure, with the engine's own code and text
   */
  async run(statement: string, context: StatementContext): Promise<StatementResult> {
    if (statement.trim() === '') throw new ClickHouseFailure(62, 'SYNTAX_ERROR', 'Empty query')
    const lane = isInsert(statement) ? this.#inserts : this.#selects
    const release = await lane.enter(context.signal)
    const session = this.#open()
    try {
      return await this.#runIn(session, statement, context)
    } catch (error) {
      throw ClickHouseFailure.from(error)
    } finally {
      session.close()
      release()
    }
  }

  async #runIn(session: ChdbSession, statement: string, context: StatementContext): Promise<StatementResult> {
    const mark = randomUUID()
    if (context.database) await session.queryAsync(`USE ${quoteIdentifier(context.database)}`)
    await session.queryAsync(setStatement(context, mark))
    context.signal.throwIfAborted()
    let killer: NodeJS.Timeout | undefined
    const kill = () => {
      void this.#kill(mark)
      // The first attempt can come before the engine lists the statement.
      killer = setInterval(() => void this.#kill(mark), KILL_AGAIN_MS)
    }
    context.signal.addEventListener('abort', kill, { once: true })
    const startedAt = performance.now()
    try {
      const result = await session.queryAsync(statement, { format: context.format })
      const elapsedMs = performance.now() - startedAt
      return { bytes: result.bytes(), rows: result.rowsRead, resultBytes: result.bytesRead, elapsedMs }
    } finally {
      context.signal.removeEventListener('abort', kill)
      clearInterval(killer)
    }
  }

  /** Ends the statement that carries this mark; called when its client has gone away. */
  async #kill(mark: string): Promise<void> {
    await this.#control
      .queryAsync(`KILL QUERY WHERE startsWith(Settings['log_comment'], '${mark}') ASYNC`)
      .catch((error: Error) => console.error(`cannot end a statement: ${error.message}`))
  }

  /** Refuses new statements, waits for the running ones up to `timeoutMs`, then closes the engine. */
  async close(timeoutMs: number): Promise<void> {
    await Promise.all([this.#selects.drain(timeoutMs), this.#inserts.drain(timeoutMs)])
    this.#control.close()
  }
}

/** INSERT, also after comments and WITH-less parentheses; INSERT … SELECT counts as one. */
export function isInsert(statement: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*insert\b/i.test(statement)
}

function setStatement(context: StatementContext, mark: string): string {
  const pairs: [string, string][] = []
  for (const [name, value] of context.settings) if (name !== 'log_comment') pairs.push([name, value])
  for (const [name, value] of context.params) pairs.push([`param_${name}`, value])
  pairs.push(['log_comment', `${mark} ${context.settings.get('log_comment') ?? ''}`.trim()])
  if (context.readOnly) pairs.push(['readonly', '2'])
  for (const [name] of pairs)
    if (!IDENTIFIER.test(name)) throw new ClickHouseFailure(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'`)
  return `SET ${pairs.map(([name, value]) => `${name} = ${quoteString(value)}`).join(', ')}`
}

function quoteString(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}

/** Lets `width` statements run at once and a bounded number wait, in order of arrival. */
class Lane {
  readonly #width: number
  readonly #waitingLimit: number
  readonly #waiting: (() => void)[] = []
  #running = 0
  #closed = false

  constructor(width: number, waitingLimit: number) {
    this.#width = width
    this.#waitingLimit = waitingLimit
  }

  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#closed) throw new ClickHouseFailure(236, 'ABORTED', 'The server is shutting down')
    if (this.#running >= this.#width) {
      if (this.#waiting.length >= this.#waitingLimit)
        throw new ClickHouseFailure(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many statements are waiting')
      await new Promise<void>((go) => this.#waiting.push(go))
    } else {
      this.#running++
    }
    let left = false
    const leave = () => {
      if (left) return
      left = true
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
    if (signal.aborted) {
      leave()
      signal.throwIfAborted()
    }
    return leave
  }

  async drain(timeoutMs: number): Promise<void> {
    this.#closed = true
    const deadline = Date.now() + timeoutMs
    while (this.#running > 0 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20))
  }
}
