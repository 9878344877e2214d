import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestClock } from '../kernel/clock.ts'
import { nameId, newId } from '../kernel/ids.ts'
import { accountId, ensureAccounts, getBalances } from './accounts.ts'
import { auditLedger } from './audit.ts'
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
  ['points', null, 9],
  ['CNY', 0, 20],
  ['CNY', null, null],
]
/** The last one does not exist. */
const ACCOUNTS = [...LIMITS.keys(), LIMITS.length]
const accountOf = (index: number) => accountId('test.account', String(index))
const transferOf = (index: number) => nameId('transfer', String(index))
const START = Date.parse('2026-11-11T00:00:00.000Z')

const idArb = fc.integer({ min: 0, max: 24 })
const amountArb = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 8 }) }, fc.constant(2 ** 52))
const codeArb = fc.constantFrom('a', 'b.c')

const movementArb = fc
  .record({
    kind: fc.constantFrom('posted', 'pending', 'pending'),
    id: idArb,
    sides: fc.shuffledSubarray(ACCOUNTS, { minLength: 2, maxLength: 2 }),
    amount: amountArb,
    unit: fc.oneof({ weight: 6, arbitrary: fc.constant('points') }, fc.constant('CNY')),
    code: codeArb,
    minutes: fc.option(fc.integer({ min: 0, max: 60 })),
  })
  .map(({ kind, id, sides, amount, unit, code, minutes }): TransferCommand => {
    const base = { id: transferOf(id), debit: accountOf(sides[0]!), credit: accountOf(sides[1]!), amount, unit, code }
    if (kind === 'posted') return { kind, ...base }
    return {
      kind: 'pending',
      ...base,
      ...(minutes === null ? {} : { expiresAt: new Date(START + minutes * MINUTE).toISOString() }),
    }
  })

const resolutionArb = fc
  .record({
    kind: fc.constantFrom('post', 'void'),
    id: idArb,
    pending: idArb,
    amount: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    code: codeArb,
  })
  .map(({ kind, id, pending, amount, code }): TransferCommand => {
    const base = { id: transferOf(id), pendingId: transferOf(pending), code }
    return kind === 'post' ? { kind, ...base, amount } : { kind: 'void', ...base }
  })

const groupArb = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.oneof(movementArb, resolutionArb), { minLength: 1, maxLength: 1 }) },
  fc.array(fc.oneof(movementArb, resolutionArb), { minLength: 0, maxLength: 4 }),
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

async function expire(shopId: string, clock: TestClock, reference: ReferenceLedger, limit: number): Promise<void> {
  const expected = reference.due(clock.millis(), limit)
  const expired = await ledger.db.tx({ shopId }, (tx) => expirePendings(tx, clock, limit))
  if (expected.size > 0) expect(new Set(expired.map((pending) => pending.id))).toEqual(expected)
  for (const { id } of expired)
    expect(reference.apply([{ kind: 'expire', id: newId(), pendingId: id, code: 'e' }], clock.millis()).ok).toBe(true)
}

async function compare(shopId: string, reference: ReferenceLedger): Promise<void> {
  const balances = await ledger.db.read({ shopId }, (tx) => getBalances(tx, shopId, ACCOUNTS.map(accountOf)))
  expect(balances.size).toBe(LIMITS.length)
  for (const [id, { debitsPending, debitsPosted, creditsPending, creditsPosted }] of balances)
    expect({ dp: debitsPending, d: debitsPosted, cp: creditsPending, c: creditsPosted }).toEqual(
      reference.sums(reference.log, id),
    )
  const report = await ledger.db.read({ shopId }, auditLedger)
  expect(report.deviations).toEqual([])
  expect(report.transfers).toBe(reference.log.length)
}

test('SYS-01 random programs: the ledger answers, refuses and balances as the reference does', async () => {
  const seen = new Map<string, number>()
  const count = (results: readonly GroupResult[]) => {
    for (const result of results) {
      const what = result.ok ? (result.replayed ? 'replayed' : 'done') : result.refusal.reason
      seen.set(what, (seen.get(what) ?? 0) + 1)
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(stepArb, { minLength: 4, maxLength: 16 }), async (steps) => {
      const shopId = newId()
      const clock = new TestClock(START)
      const reference = new ReferenceLedger()
      await openBook(shopId, clock, reference)
      const past: TransferCommand[][] = []
      for (const step of steps) {
        if (step.step === 'advance') clock.advance(step.minutes * MINUTE)
        else if (step.step === 'expire') await expire(shopId, clock, reference, step.limit)
        else {
          const again = past.length > 0 && step.step === 'again' ? [past[step.pick % past.length]!] : []
          const groups = step.step === 'apply' ? step.groups : again
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
    }),
    { numRuns: 150 },
  )
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
  for (const answer of [...answers, 'exceeds-pending', 'conflict'])
    expect(seen.get(answer) ?? 0, answer).toBeGreaterThan(0)
}, 120_000)
