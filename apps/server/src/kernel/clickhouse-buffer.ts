import type { ClickHouse } from './clickhouse.ts'
import { AppError } from './errors.ts'

export interface InsertBuffer {
  /** Takes rows, all or none: false when the buffer is full, so that the caller can refuse its own caller. */
  add(rows: readonly Record<string, unknown>[]): boolean
  /** Writes everything taken so far; rejects when the store does not take it within the time. */
  flush(timeoutMs?: number): Promise<void>
  /** Stops the timer and writes what is left, as far as the store takes it. Answers how many rows were lost. */
  close(timeoutMs?: number): Promise<number>
  stats(): { waiting: number; written: number; failures: number; refused: number }
}

export interface InsertBufferOptions {
  table: string
  /** Rows of one request. */
  batchRows?: number
  /** Rows held at most, including those being written. */
  maxRows?: number
  /** How long a row waits for others. */
  maxWaitMs?: number
  retryBaseMs?: number
  retryMaxMs?: number
  onError?: (error: unknown) => void
}

/**
 * Collects rows and inserts them in large requests, one after the other. While the store cannot be reached a request
 * is tried again with the same rows, so a table that must hold each row once replaces by its key. Rows that the store
 * refuses are found by halving the batch and left out, so that one bad row stops nobody else's.
 */
export function createInsertBuffer(clickhouse: Pick<ClickHouse, 'insert'>, options: InsertBufferOptions): InsertBuffer {
  return new Buffered(clickhouse, options)
}

class Buffered implements InsertBuffer {
  readonly #clickhouse: Pick<ClickHouse, 'insert'>
  readonly #options: Required<Omit<InsertBufferOptions, 'onError'>> & Pick<InsertBufferOptions, 'onError'>
  #rows: Record<string, unknown>[] = []
  #writing: Record<string, unknown>[] = []
  #timer: NodeJS.Timeout | undefined
  #loop: Promise<void> | undefined
  #hurry: (() => void) | undefined
  #closed = false
  #written = 0
  #failures = 0
  #refused = 0

  constructor(clickhouse: Pick<ClickHouse, 'insert'>, options: InsertBufferOptions) {
    this.#clickhouse = clickhouse
    this.#options = {
      batchRows: 5_000,
      maxRows: 100_000,
      maxWaitMs: 500,
      retryBaseMs: 200,
      retryMaxMs: 10_000,
      ...options,
    }
  }

  add(rows: readonly Record<string, unknown>[]): boolean {
    if (this.#closed || this.#waiting() + rows.length > this.#options.maxRows) return false
    for (const row of rows) this.#rows.push(row)
    if (this.#rows.length >= this.#options.batchRows) this.#start()
    else if (!this.#loop) this.#timer ??= setTimeout(() => this.#start(), this.#options.maxWaitMs)
    return true
  }

  async flush(timeoutMs = 30_000): Promise<void> {
    this.#start()
    this.#hurry?.()
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, timeoutMs, 'late').unref())
    if ((await Promise.race([this.#loop, late])) === 'late')
      throw new Error(`${this.#waiting()} rows are not written yet`)
  }

  async close(timeoutMs = 5_000): Promise<number> {
    this.#closed = true
    await this.flush(timeoutMs).catch(() => {})
    const lost = this.#waiting()
    this.#rows = []
    this.#writing = []
    this.#hurry?.()
    return lost
  }

  stats(): { waiting: number; written: number; failures: number; refused: number } {
    return { waiting: this.#waiting(), written: this.#written, failures: this.#failures, refused: this.#refused }
  }

  #waiting(): number {
    return this.#rows.length + this.#writing.length
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#loop ??= this.#writeAll().finally(() => {
      this.#loop = undefined
      if (this.#rows.length > 0 && !this.#closed) this.#start()
    })
  }

  async #writeAll(): Promise<void> {
    let failures = 0
    while (this.#waiting() > 0) {
      if (this.#writing.length === 0) this.#writing = this.#rows.splice(0, this.#options.batchRows)
      try {
        await this.#insert(this.#writing)
        this.#writing = []
        failures = 0
      } catch (error) {
        this.#failures++
        this.#options.onError?.(error)
        await this.#pause(Math.min(this.#options.retryBaseMs * 2 ** failures++, this.#options.retryMaxMs))
      }
    }
  }

  async #insert(rows: Record<string, unknown>[]): Promise<void> {
    try {
      await this.#clickhouse.insert(this.#options.table, rows)
      this.#written += rows.length
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAVAILABLE') throw error
      if (rows.length > 1) {
        const half = rows.length >> 1
        await this.#insert(rows.slice(0, half))
        await this.#insert(rows.slice(half))
        return
      }
      this.#refused++
      this.#options.onError?.(error)
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
