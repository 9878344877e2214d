import { isDeepStrictEqual } from 'node:util'
import type { Clock, Instant } from '../kernel/clock.ts'
import type { Db, Tx } from '../kernel/db.ts'
import { checkGroup } from './checks.ts'
import { createLane } from './lane.ts'
import type { LaneStats } from './lane-stats.ts'
import { decide } from './rules.ts'
import { openBooks, writeDecision } from './transfers.ts'
import type { GroupResult, Refusal, TransferGroup } from './types.ts'

/** A use case that moves something scarce: an order, a payment, a coupon to be claimed. */
export interface LedgerCommand<P> extends TransferGroup {
  /** The same key in the same shop is carried out once. */
  idempotencyKey: string
  /** What `find` and `write` need to know. Two commands with one key must have equal payloads. */
  payload: P
}

export type LedgerAnswer<R> =
  /** `duplicate`: the key had been used before; the answer is that of the first time. */
  { ok: true; answer: R; duplicate: boolean } | { ok: false; refusal: Refusal }

export interface LedgerLaneOptions<P, R> {
  name: string
  db: Db
  clock: Clock
  /** Commands that may wait (default 5000). */
  maxQueue?: number
  /** Commands in one transaction (default 500). */
  maxBatch?: number
  /** Transactions side by side (default 2). */
  concurrency?: number
  maxDelayMs?: number
  /** A command that waited longer is refused with BUSY (default 5000). */
  maxWaitMs?: number
  /** How much of the queue one shop may fill (default: half). */
  maxPerShop?: number
  /**
   * Looks for what earlier commands with these keys left behind: a map from `commandKey(command)` to its answer. An
   * Error in the map refuses that command alone. Called once a batch; its statements run when the accounts are locked.
   * `raced`: the batch runs again because somebody else used one of its ids or keys at the same moment. Who has looked
   * for the keys before submitting them need only look then.
   */
  find: (tx: Tx, commands: readonly LedgerCommand<P>[], raced: boolean) => Promise<ReadonlyMap<string, R | Error>>
  /** Every transfer's id was made for its command and never used before, so that none of them is looked for. */
  newIds?: boolean
  /**
   * Writes what comes with the transfers (orders, lines, outbox rows), set-based, in the same transaction; one answer
   * per command, in their order. A unique constraint on (shop_id, idempotency key) must be there: when another process
   * was faster it fails, the batch is repeated and `find` sees the other's row. Runs again after a failure, so nothing
   * but `tx` may be touched. `now` is the transfers' `createdAt`. Its statements follow the transfers' on the same
   * connection without waiting for their answer; the commit waits for all.
   */
  write: (tx: Tx, accepted: readonly LedgerCommand<P>[], now: Instant) => Promise<readonly R[]>
  /**
   * The answer for transfers that had all been carried out before though `find` knows nothing of the key: only right
   * where transfers are all that is written. Left out, that is refused as a conflict.
   */
  replay?: (command: LedgerCommand<P>) => R
}

export interface LedgerLane<P, R> {
  readonly name: string
  /**
   * Queues a command; answers after the commit. Throws as `Lane.submit` does, UNAVAILABLE when the database cannot be
   * reached (whether it was carried out is then unknown: submit it again under the same key), and a TypeError or
   * RangeError for transfers that could never be right.
   */
  submit(command: LedgerCommand<P>, options?: { maxWaitMs?: number }): Promise<LedgerAnswer<R>>
  drain(): Promise<void>
  close(options?: { timeoutMs?: number }): Promise<void>
  stats(): LaneStats
}

/** The key of a command among all shops. */
export const commandKey = (command: { shopId: string; idempotencyKey: string }): string =>
  `${command.shopId}/${command.idempotencyKey}`

/**
 * A lane whose batches are one transaction each: lock the accounts of all commands once, find duplicates, decide every
 * command in order of arrival, write the accepted ones, commit, answer.
 */
export function createLedgerLane<P, R>(options: LedgerLaneOptions<P, R>): LedgerLane<P, R> {
  const { name, db, clock, maxQueue = 5000, maxBatch = 500, concurrency = 2, maxDelayMs, maxWaitMs = 5000 } = options
  const lane = createLane<LedgerCommand<P>, LedgerAnswer<R>>({
    name,
    clock,
    maxQueue,
    maxBatch,
    concurrency,
    maxDelayMs,
    maxWaitMs,
    keyOf: commandKey,
    sameCommand: (a, b) => isDeepStrictEqual(a.payload, b.payload),
    tenantOf: (command) => command.shopId,
    maxPerTenant: options.maxPerShop,
    process: async (batch) => {
      const run = (raced: boolean) => db.tx('system', (tx) => runBatch(tx, options, batch, raced))
      // Another process may have used the same key at the same moment; then `find` sees its row the second time.
      return run(false).catch((error) => (isUniqueViolation(error) ? run(true) : Promise.reject(error)))
    },
  })
  return {
    name,
    submit(command, submitOptions) {
      try {
        checkGroup(command)
      } catch (error) {
        return Promise.reject(error)
      }
      return lane.submit(command, submitOptions)
    },
    drain: () => lane.drain(),
    close: (closeOptions) => lane.close(closeOptions),
    stats: () => lane.stats(),
  }
}

async function runBatch<P, R>(
  tx: Tx,
  options: LedgerLaneOptions<P, R>,
  batch: readonly LedgerCommand<P>[],
  raced: boolean,
): Promise<(LedgerAnswer<R> | Error)[]> {
  let found: ReadonlyMap<string, R | Error> = new Map()
  const loaded = await openBooks(tx, options.clock, batch, {
    newIds: options.newIds === true,
    underLocks: async () => {
      found = await options.find(tx, batch, raced)
    },
  })
  const fresh = found.size === 0 ? batch : batch.filter((command) => !found.has(commandKey(command)))
  const now = options.clock.instant()
  const decision = decide(loaded.books, now, fresh)
  const accepted = fresh.filter((_, index) => isNew(decision.results[index]!))
  const [, answers] = await Promise.all([
    writeDecision(tx, loaded, decision),
    accepted.length === 0 ? [] : options.write(tx, accepted, now),
  ])
  if (answers.length !== accepted.length)
    throw new Error(`${options.name}: ${answers.length} answers for ${accepted.length} accepted commands`)

  let decided = 0
  let written = 0
  return batch.map((command): LedgerAnswer<R> | Error => {
    const earlier = found.get(commandKey(command))
    if (earlier instanceof Error) return earlier
    if (earlier !== undefined) return { ok: true, answer: earlier, duplicate: true }
    const result = decision.results[decided++]!
    if (isNew(result)) return { ok: true, answer: answers[written++]!, duplicate: false }
    return result.ok ? replayed(options, command) : result
  })
}

const isNew = (result: GroupResult): boolean => result.ok && !result.replayed

function replayed<P, R>(options: LedgerLaneOptions<P, R>, command: LedgerCommand<P>): LedgerAnswer<R> {
  if (options.replay !== undefined) return { ok: true, answer: options.replay(command), duplicate: true }
  return { ok: false, refusal: { reason: 'conflict', transferId: command.transfers[0]!.id, index: 0 } }
}

const isUniqueViolation = (error: unknown): boolean => (error as { code?: string }).code === '23505'
