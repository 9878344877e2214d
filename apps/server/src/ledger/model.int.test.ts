import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestClock } from '../kernel/clock.ts'
import { nameId, newId } from '../kernel/ids.ts'
import { accountId, ensureAccounts, getBalances } from './accounts.ts'
import { type Ledger, MINUTE, openLedger } from './book.fixture.ts'
import { expirePendings } from './expiry.ts'
import { ReferenceLedger } from './reference.fixture.ts'
import { applyTransfers } from './transfers.ts'
import type { AccountSpec, GroupResult, TransferCommand } from './types.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const LIMITS: [unit: string, minBalance: number | null, maxBalance: number | null][] = [
  ['points', null, null],
  ['points', 0, null],
  ['points', -5, 12],
  ['points', null, null],
  ['CNY', 0, 20],
  ['CNY', null, null],
]
/** The last one does not exist. */
const ACCOUNTS = [...LIMITS.keys(), LIMITS.length]
const accountOf = (index: number) => accountId('test.account', String(index))
const transferOf = (index: number) => nameId('transfer', String(index))
const RUNS = Number(process.env.LEDGER_MODEL_RUNS ?? 200)
const START = Date.parse('2026-11-11T00:00:00.000Z')

/** Which id a command takes: mostly a new one, else one that was used before. `pick` chooses among those. */
const idArb = fc.record({
  fresh: fc.boolean().chain((a) => (a ? fc.constant(true) : fc.integer({ min: 0, max: 4 }).map((n) => n > 0))),
  pick: fc.nat(),
})
const amountArb = fc.oneof(
  { weight: 24, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.constant(2 ** 52) },
)
const codeArb = fc.constantFrom('a', 'b.c')

/** Mostly two accounts of one unit and that unit; now and then anything. */
const sidesArb = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .shuffledSubarray([0, 1, 2, 3], { minLength: 2, maxLength: 2 })
      .map((sides) => ({ sides, unit: 'points' })),
  },
  {
    weight: 2,
    arbitrary: fc.shuffledSubarray([4, 5], { minLength: 2, maxLength: 2 }).map((sides) => ({ sides, unit: 'CNY' })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      sides: fc.shuffledSubarray(ACCOUNTS, { minLength: 2, maxLength: 2 }),
      unit: fc.constant('points'),
    }),
  },
)

const movementArb = fc.record({
  kind: fc.constantFrom('posted' as const, 'pending' as const, 'pending' as const),
  id: idArb,
  to: sidesArb,
  amount: amountArb,
  code: codeArb,
  minutes: fc.option(fc.integer({ min: 0, max: 60 })),
})

const resolutionArb = fc.record({
  kind: fc.constantFrom('post' as const, 'void' as const),
  id: idArb,
  /** Mostly a pending transfer, now and then any id. */
  pending: fc.record({ any: fc.integer({ min: 0, max: 9 }).map((n) => n === 0), pick: fc.nat() }),
  amount: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  code: codeArb,
})

const plannedArb = fc.oneof({ weight: 3, arbitrary: movementArb }, { weight: 2, arbitrary: resolutionArb })
type Planned = typeof plannedArb extends fc.Arbitrary<infer T> ? T : never

/** Turns what was planned into commands, with the ids that are there by then. */
class Ids {
  #count = 0
  readonly #pendings: string[] = []

  command(planned: Planned): TransferCommand {
    const { fresh, pick } = planned.id
    const id = transferOf(fresh || this.#count === 0 ? this.#count++ : pick % this.#count)
    const { code } = planned
    if (!('to' in planned)) {
      const { any, pick: choice } = planned.pending
      const known = this.#pendings.length > 0 && !any
      const pendingId = known ? this.#pendings[choice % this.#pendings.length]! : transferOf(choice % (this.#count + 1))
      return planned.kind === 'post'
        ? { kind: 'post', id, pendingId, code, amount: planned.amount }
        : { kind: 'void', id, pendingId, code }
    }
    const { sides, unit } = planned.to
    const movement = {
      id,
      debit: accountOf(sides[0]!),
      credit: accountOf(sides[1]!),
      amount: planned.amount,
      unit,
      code,
    }
    if (planned.kind === 'posted') return { kind: 'posted', ...movement }
    this.#pendings.push(id)
    if (planned.minutes === null) return { kind: 'pending', ...movement }
    return { kind: 'pending', ...movement, expiresAt: new Date(START + planned.minutes * MINUTE).toISOString() }
  }
}

const groupArb = fc.oneof(
  { weight: 4, arbitrary: fc.array(plannedArb, { minLength: 1, maxLength: 1 }) },
  fc.array(plannedArb, { minLength: 0, maxLength: 4 }),
)

const stepArb = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      step: fc.constant('apply' as const),
      groups: fc.array(groupArb, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('again' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant('advance' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('expire' as const), limit: fc.integer({ min: 1, max: 8 }) }) },
)

async function openBook(shopId: string, clock: TestClock, reference: ReferenceLedger): Promise<void> {
  const specs = LIMITS.map(
    ([unit, minBalance, maxBalance], index): AccountSpec => ({
      shopId,
      code: 'test.account',
      owners: [String(index)],
      unit,
      minBalance,
      maxBalance,
    }),
  )
  const ids = await ledger.db.tx('system', (tx) => ensureAccounts(tx, clock, specs))
  for (const [index, spec] of specs.entries()) reference.accounts.set(ids[index]!, spec)
}

async function expire(shopId: string, clock: TestClock, reference: ReferenceLedger, limit: number) {
  const expected = reference.due(clock.millis(), limit)
  const expired = await ledger.db.tx({ shopId }, (tx) => expirePendings(tx, clock, limit))
  if (expected.size > 0) expect(new Set(expired.map((pending) => pending.id))).toEqual(expected)
  for (const { id } of expired)
    expect(reference.apply([{ kind: 'expire', id: newId(), pendingId: id, code: 'e' }], clock.millis()).ok).toBe(true)
  return expired.length
}

async function compare(shopId: string, reference: ReferenceLedger): Promise<void> {
  const balances = await ledger.db.read({ shopId }, (tx) => getBalances(tx, shopId, ACCOUNTS.map(accountOf)))
  expect(balances.size).toBe(LIMITS.length)
  for (const [id, { debitsPending, debitsPosted, creditsPending, creditsPosted }] of balances)
    expect({ dp: debitsPending, d: debitsPosted, cp: creditsPending, c: creditsPosted }).toEqual(
      reference.sums(reference.log, id),
    )
}

test(
  'PAY-05 random programs: the ledger answers, refuses and balances as the reference does',
  async () => {
    let written = 0
    const seen = new Map<string, number>()
    const count = (results: readonly GroupResult[]) => {
      for (const result of results) {
        const what = result.ok ? (result.replayed ? 'replayed' : 'done') : result.refusal.reason
        seen.set(what, (seen.get(what) ?? 0) + 1)
      }
    }
    await fc.assert(
      fc.asyncProperty(fc.array(stepArb, { minLength: 6, maxLength: 24 }), async (steps) => {
        const shopId = newId()
        const clock = new TestClock(START)
        const reference = new ReferenceLedger()
        await openBook(shopId, clock, reference)
        const ids = new Ids()
        const past: TransferCommand[][] = []
        for (const step of steps) {
          if (step.step === 'advance') clock.advance(step.minutes * MINUTE)
          else if (step.step === 'expire') {
            const swept = await expire(shopId, clock, reference, step.limit)
            seen.set('swept', (seen.get('swept') ?? 0) + swept)
          } else {
            const again = past.length > 0 && step.step === 'again' ? [past[step.pick % past.length]!] : []
            const groups =
              step.step === 'apply' ? step.groups.map((group) => group.map((planned) => ids.command(planned))) : again
            past.push(...groups)
            const results = await ledger.db.tx({ shopId }, (tx) =>
              applyTransfers(
                tx,
                clock,
                groups.map((transfers) => ({ shopId, transfers })),
              ),
            )
            expect(results).toEqual(groups.map((transfers) => reference.apply(transfers, clock.millis())))
            count(results)
          }
        }
        await compare(shopId, reference)
        written += reference.log.length
      }),
      { numRuns: RUNS },
    )
    // One audit over the books of all programs.
    expect(await ledger.audit()).toMatchObject({ deviations: [], transfers: written })
    // The programs reach every answer there is; otherwise they prove less than they seem to.
    const answers = [
      'done',
      'replayed',
      'limit',
      'not-found',
      'unit-mismatch',
      'expired',
      'already-posted',
      'already-voided',
    ]
    for (const answer of [...answers, 'exceeds-pending', 'conflict', 'swept'])
      expect(seen.get(answer) ?? 0, answer).toBeGreaterThan(0)
  },
  60_000 + RUNS * 500,
)
