import type { Clock } from '../kernel/clock.ts'
import { withDataScopes } from '../kernel/data-scope.ts'
import { AppError } from '../kernel/errors.ts'
import { LaneMeter, type LaneStats } from './lane-stats.ts'

export interface LaneOptions<C, R> {
  name: string
  clock: Clock
  /** Commands that may wait; one more is refused at once. */
  maxQueue: number
  /** Commands that one batch takes at most. */
  maxBatch: number
  /** Batches that run side by side. */
  concurrency: number
  /** How long a batch waits for company while nothing else runs. 0: only for what arrives in the same turn. */
  maxDelayMs?: number
  /** A command that waited longer is refused instead of carried out; `submit` may say otherwise. */
  maxWaitMs?: number
  /** Commands with the same key that are in the lane together are one command, with one answer. */
  keyOf?: (command: C) => string | undefined
  /** Whether two commands with the same key are the same; if not, the later one is refused. Default: they are. */
  sameCommand?: (a: C, b: C) => boolean
  /** Whose command it is, and how much of the queue one of them may fill (default: half). */
  tenantOf?: (command: C) => string
  maxPerTenant?: number
  /** One answer per command, in their order; an Error refuses that command alone. Must be safe to repeat. */
  process: (batch: readonly C[]) => Promise<readonly (R | Error)[]>
  /**
   * What to do about a batch that failed. 'split': halves, down to single commands, so that one bad command does not
   * disturb the others. 'again': the cause is not in the commands (connection lost); once more, then refuse. Default:
   * 'again' for UNAVAILABLE, else 'split'.
   */
  onFailure?: (error: unknown) => 'split' | 'again'
}

export interface Lane<C, R> {
  readonly name: string
  /**
   * Queues a command and answers once its batch is done. Throws BUSY (with `retryAfterSeconds`) when the queue is full,
   * when it waited too long, or when the lane is closing; IDEMPOTENCY_KEY_REUSED for another command under a key that
   * is in the lane; and whatever the processing refused it with. After BUSY nothing has happened.
   */
  submit(command: C, options?: { maxWaitMs?: number }): Promise<R>
  /** Resolves when nothing waits and nothing runs; commands are still taken. */
  drain(): Promise<void>
  /** Takes no more commands, finishes the accepted ones, and refuses those not begun when `timeoutMs` is over. */
  close(options?: { timeoutMs?: number }): Promise<void>
  stats(): LaneStats
}

interface Entry<C, R> {
  command: C
  key: string | undefined
  tenant: string | undefined
  deadline: number
  queuedAt: number
  answer: PromiseWithResolvers<R>
}

/** While the database is away, single commands would each wait for it anew. */
const whatFailed = (error: unknown): 'split' | 'again' =>
  error instanceof AppError && error.code === 'UNAVAILABLE' ? 'again' : 'split'

/** How often commands whose time is over are looked for while a batch takes long. */
const DEADLINE_CHECK_MS = 250
const MAX_RETRY_AFTER_SECONDS = 30

/** Collects commands that arrive together into batches, in order of arrival. See README.md, "Lanes". */
export function createLane<C, R>(options: LaneOptions<C, R>): Lane<C, R> {
  return new QueueLane(options)
}

class QueueLane<C, R> implements Lane<C, R> {
  readonly #options: LaneOptions<C, R>
  readonly #meter: LaneMeter
  readonly #byKey = new Map<string, Entry<C, R>>()
  readonly #perTenant = new Map<string, number>()
  readonly #idle: (() => void)[] = []
  #queue: Entry<C, R>[] = []
  #running = 0
  #closed = false
  #turn: NodeJS.Immediate | undefined
  #delay: NodeJS.Timeout | undefined
  #deadlines: NodeJS.Timeout | undefined

  constructor(options: LaneOptions<C, R>) {
    for (const name of ['maxQueue', 'maxBatch', 'concurrency'] as const)
      if (!Number.isInteger(options[name]) || options[name] < 1)
        throw new RangeError(`${options.name}: ${name} must be a whole number above 0, not ${options[name]}`)
    this.#options = options
    this.#meter = new LaneMeter(options.name)
  }

  get name(): string {
    return this.#options.name
  }

  submit(command: C, options: { maxWaitMs?: number } = {}): Promise<R> {
    try {
      return this.#accept(command, options.maxWaitMs ?? this.#options.maxWaitMs)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #accept(command: C, maxWaitMs: number | undefined): Promise<R> {
    const { clock, keyOf, sameCommand, tenantOf } = this.#options
    const key = keyOf?.(command)
    const earlier = key === undefined ? undefined : this.#byKey.get(key)
    if (earlier !== undefined) {
      if (sameCommand !== undefined && !sameCommand(earlier.command, command))
        throw new AppError('IDEMPOTENCY_KEY_REUSED')
      this.#meter.joined++
      return earlier.answer.promise
    }
    if (this.#closed) throw this.#busy('closing')
    const tenant = tenantOf?.(command)
    if (!this.#hasRoom(tenant)) this.#refuseOverdue()
    if (!this.#hasRoom(tenant)) {
      this.#meter.refusedFull++
      throw this.#busy('full')
    }
    const entry: Entry<C, R> = {
      command,
      key,
      tenant,
      deadline: maxWaitMs === undefined ? Number.POSITIVE_INFINITY : clock.ticks() + maxWaitMs,
      queuedAt: performance.now(),
      answer: Promise.withResolvers<R>(),
    }
    this.#queue.push(entry)
    this.#meter.accepted++
    if (key !== undefined) this.#byKey.set(key, entry)
    if (tenant !== undefined) this.#perTenant.set(tenant, (this.#perTenant.get(tenant) ?? 0) + 1)
    this.#schedule()
    this.#watchDeadlines()
    return entry.answer.promise
  }

  #hasRoom(tenant: string | undefined): boolean {
    const { maxQueue, maxPerTenant = Math.ceil(maxQueue / 2) } = this.#options
    if (this.#queue.length >= maxQueue) return false
    return tenant === undefined || (this.#perTenant.get(tenant) ?? 0) < maxPerTenant
  }

  #busy(why: 'full' | 'late' | 'closing'): AppError {
    const seconds = Math.ceil(this.#meter.secondsFor(this.#queue.length))
    return new AppError('BUSY', {
      retryAfterSeconds: Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS),
      data: { lane: this.name, why },
    })
  }

  /** Starts batches in the next turn of the event loop, so that what arrives in this one goes together. */
  #schedule(): void {
    const { maxDelayMs = 0, maxBatch, concurrency } = this.#options
    if (this.#running >= concurrency) return
    const patient = maxDelayMs > 0 && this.#queue.length < maxBatch && !this.#closed && this.#running === 0
    if (patient) this.#delay ??= setTimeout(() => this.#start(), maxDelayMs)
    else this.#turn ??= setImmediate(() => this.#start())
  }

  #start(): void {
    clearTimeout(this.#delay)
    clearImmediate(this.#turn)
    this.#delay = undefined
    this.#turn = undefined
    while (this.#running < this.#options.concurrency && this.#queue.length > 0) {
      const batch = this.#take()
      if (batch.length > 0) void this.#run(batch)
    }
    this.#announceIdle()
  }

  /** While a batch takes long, those whose time is over are told so. */
  #watchDeadlines(): void {
    if (this.#queue.length === 0) return
    this.#deadlines ??= setTimeout(() => {
      this.#deadlines = undefined
      this.#refuseOverdue()
      this.#watchDeadlines()
    }, DEADLINE_CHECK_MS).unref()
  }

  /**
   * The next batch, in order of arrival. While several tenants wait for more than a batch holds, each has an equal share
   * of it, and what they leave goes to who came first: a rush in one does not make the others wait behind it.
   */
  #take(): Entry<C, R>[] {
    const now = this.#options.clock.ticks()
    const { maxBatch } = this.#options
    const crowded = this.#queue.length > maxBatch && this.#perTenant.size > 1
    const share = crowded ? Math.ceil(maxBatch / this.#perTenant.size) : maxBatch
    const shares = new Map<string | undefined, number>()
    const batch: Entry<C, R>[] = []
    const beyond: Entry<C, R>[] = []
    let looked = 0
    for (; looked < this.#queue.length && batch.length < maxBatch; looked++) {
      const entry = this.#queue[looked]!
      if (entry.deadline <= now) {
        this.#left(entry)
        this.#refuseLate(entry)
        continue
      }
      const had = crowded ? (shares.get(entry.tenant) ?? 0) : 0
      if (had === share) {
        beyond.push(entry)
        continue
      }
      if (crowded) shares.set(entry.tenant, had + 1)
      batch.push(entry)
    }
    batch.push(...beyond.splice(0, maxBatch - batch.length))
    for (const entry of batch) this.#left(entry)
    this.#queue.splice(0, looked, ...beyond)
    return batch
  }

  async #run(batch: Entry<C, R>[]): Promise<void> {
    this.#running++
    const startedAt = performance.now()
    this.#meter.started(
      batch.length,
      batch.map((entry) => startedAt - entry.queuedAt),
    )
    await this.#process(batch, false)
    this.#meter.finished(batch.length, performance.now() - startedAt)
    this.#running--
    // A turn of the event loop lets the callers just answered come back and be part of the next batch.
    if (this.#queue.length >= this.#options.maxBatch) this.#start()
    else if (this.#queue.length > 0) this.#schedule()
    this.#announceIdle()
  }

  /** Never throws: every command of the batch is answered or refused. */
  async #process(batch: Entry<C, R>[], repeated: boolean): Promise<void> {
    let answers: readonly (R | Error)[]
    try {
      // A batch is everybody's, whoever's command has started it.
      answers = await withDataScopes(null, () => this.#options.process(batch.map((entry) => entry.command)))
      if (answers.length !== batch.length)
        throw new Error(`${this.name}: ${answers.length} answers for ${batch.length} commands`)
    } catch (error) {
      this.#meter.failedBatches++
      return this.#recover(batch, repeated, error)
    }
    for (const [index, entry] of batch.entries()) {
      const answer = answers[index]!
      if (answer instanceof Error) this.#reject(entry, answer)
      else this.#resolve(entry, answer)
    }
  }

  async #recover(batch: Entry<C, R>[], repeated: boolean, error: unknown): Promise<void> {
    const again = (this.#options.onFailure ?? whatFailed)(error) === 'again'
    if (again && !repeated) return this.#process(batch, true)
    if (again || batch.length === 1) {
      for (const entry of batch) this.#reject(entry, error)
      return
    }
    const middle = batch.length >> 1
    await this.#process(batch.slice(0, middle), false)
    await this.#process(batch.slice(middle), false)
  }

  #resolve(entry: Entry<C, R>, answer: R): void {
    this.#forget(entry)
    this.#meter.answered++
    entry.answer.resolve(answer)
  }

  #reject(entry: Entry<C, R>, error: unknown): void {
    this.#forget(entry)
    this.#meter.refusedByProcess++
    entry.answer.reject(error)
  }

  #refuseLate(entry: Entry<C, R>, why: 'late' | 'closing' = 'late'): void {
    this.#forget(entry)
    this.#meter.refusedLate++
    entry.answer.reject(this.#busy(why))
  }

  /** The entry no longer waits. */
  #left(entry: Entry<C, R>): void {
    if (entry.tenant === undefined) return
    const count = this.#perTenant.get(entry.tenant)! - 1
    if (count === 0) this.#perTenant.delete(entry.tenant)
    else this.#perTenant.set(entry.tenant, count)
  }

  #forget(entry: Entry<C, R>): void {
    if (entry.key !== undefined) this.#byKey.delete(entry.key)
  }

  #refuseOverdue(): void {
    const now = this.#options.clock.ticks()
    this.#refuseWaiting((entry) => entry.deadline <= now, 'late')
  }

  #refuseWaiting(which: (entry: Entry<C, R>) => boolean, why: 'late' | 'closing'): void {
    const refused = this.#queue.filter(which)
    if (refused.length === 0) return
    this.#queue = this.#queue.filter((entry) => !which(entry))
    for (const entry of refused) {
      this.#left(entry)
      this.#refuseLate(entry, why)
    }
  }

  #announceIdle(): void {
    if (this.#running > 0 || this.#queue.length > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  async drain(): Promise<void> {
    if (this.#running === 0 && this.#queue.length === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  async close(options: { timeoutMs?: number } = {}): Promise<void> {
    this.#closed = true
    if (this.#queue.length > 0) this.#schedule()
    let timer: NodeJS.Timeout | undefined
    if (options.timeoutMs !== undefined)
      timer = setTimeout(() => {
        this.#refuseWaiting(() => true, 'closing')
        this.#announceIdle()
      }, options.timeoutMs)
    await this.drain()
    clearTimeout(timer)
    clearTimeout(this.#deadlines)
    this.#deadlines = undefined
  }

  stats(): LaneStats {
    return this.#meter.read(this.#queue.length, this.#running)
  }
}
