import type { Actor } from '../../kernel/actor.ts'
import { plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { emit } from '../../kernel/outbox.ts'
import type { OrderRow } from '../orders/index.ts'
import type { AftersaleDeps } from './deps.ts'
import { aftersaleMoved, aftersaleSettled, aftersaleTold } from './events.ts'
import { type CaseStep, isOver, nextState } from './rules.ts'
import {
  addEntry,
  type CaseRow,
  type Change,
  casesOfOrder,
  changeCase,
  findCase,
  linesOfCases,
  lockCase,
} from './store.ts'

export interface CaseKey {
  shopId: string
  caseId: string
  buyerId?: string
}

/** Order and case, locked in this order by everybody who decides. @throws AppError NOT_FOUND */
export async function lockBoth(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'orders'>,
  key: CaseKey,
): Promise<{ order: OrderRow; row: CaseRow }> {
  const found = await findCase(tx, key)
  if (found === undefined) throw caseNotFound()
  const order = await deps.orders.lockOrder(tx, { shopId: key.shopId, orderId: found.orderId })
  const row = (await lockCase(tx, key))!
  return { order, row }
}

export const caseNotFound = (): AppError => new AppError('NOT_FOUND', { values: { what: '售后单' } })

export const aboutCase = ({ id, caseNo, orderId, orderNo, buyerId, type }: CaseRow) => ({
  ...{ caseId: id, caseNo, orderId, orderNo, buyerId, type },
})

export interface StepInput {
  text: string
  actor: Actor
  set?: Change
  files?: readonly string[]
  /** What the buyer is told at once; nothing unless given. */
  tell?: { title: string; text: string }
}

/** One step of a case that the caller has locked: state, timeline and event together. Answers the case as it is then. */
export async function takeStep(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'clock' | 'orders'>,
  row: CaseRow,
  step: CaseStep,
  { text, actor, set = {}, files = [], tell }: StepInput,
): Promise<CaseRow> {
  const at = deps.clock.instant()
  const state = nextState(step, row.state)
  const over = isOver(state)
  const change: Change = { dueAt: null, remindAt: null, ...set, state, endedAt: over ? at : null }
  if (!(await changeCase(tx, row, change))) throw new AppError('CONFLICT', { values: { what: '售后单' } })
  const after: CaseRow = { ...row, ...change, version: row.version + 1 }
  await note(tx, deps, after, { kind: 'step', text, actor, files })
  await tellMoved(tx, after, row.state, at, actor)
  if (tell) await tellBuyer(tx, deps, after, tell)
  if (over) await letReceiptRun(tx, deps, after)
  return after
}

export async function tellMoved(
  tx: Tx,
  row: CaseRow,
  before: string | null,
  occurredAt: string,
  actor: Actor,
): Promise<void> {
  await emit(tx, aftersaleMoved, {
    ...{ shopId: row.shopId, aggregate: 'aftersale', aggregateId: row.id, occurredAt, actor },
    payload: { ...aboutCase(row), state: row.state, before, dueAt: row.dueAt },
  })
}

export async function note(
  tx: Tx,
  { clock }: Pick<AftersaleDeps, 'clock'>,
  row: CaseRow,
  entry: { kind: 'step' | 'message' | 'internal'; text: string; actor: Actor; files?: readonly string[] },
): Promise<void> {
  const { kind, text, actor, files = [] } = entry
  const by = { actorKind: actor.kind, actorName: (actor.name ?? '').slice(0, 200) }
  await addEntry(tx, row, { at: clock.instant(), kind, text, files: [...files], ...by })
}

export async function tellBuyer(
  tx: Tx,
  { clock }: Pick<AftersaleDeps, 'clock'>,
  row: CaseRow,
  { title, text }: { title: string; text: string },
): Promise<void> {
  await emit(tx, aftersaleTold, {
    ...{ shopId: row.shopId, aggregate: 'aftersale', aggregateId: row.id, occurredAt: clock.instant() },
    payload: { ...aboutCase(row), title, text, amountFen: row.amountFen },
  })
}

/** The money is back, or the replacement has arrived: tells what it was, and takes with it what the goods brought. */
export async function settle(
  tx: Tx,
  deps: Pick<AftersaleDeps, 'clock' | 'orders' | 'reversals'>,
  row: CaseRow,
  step: 'paid' | 'confirm',
  input: StepInput,
): Promise<CaseRow> {
  const after = await takeStep(tx, deps, row, step, input)
  const lines = (await linesOfCases(tx, [after])).get(after.id)!
  for (const reversal of deps.reversals) {
    const text = await reversal.reverse(tx, { row: after, lines })
    if (text !== undefined) await note(tx, deps, after, { kind: 'step', text, actor: { kind: 'system' } })
  }
  const { shopId, id, reasonCode, fault, quality, refundedFen } = after
  await emit(tx, aftersaleSettled, {
    ...{ shopId, aggregate: 'aftersale', aggregateId: id, occurredAt: deps.clock.instant(), actor: input.actor },
    payload: {
      ...aboutCase(after),
      ...{ refundedFen, reasonCode, fault, quality },
      lines: lines.map(({ skuId, productId, quantity, amountFen, restocked }) => {
        return { skuId, productId, quantity, amountFen, restocked }
      }),
    },
  })
  return after
}

/** Receipt of an order waits while one of its cases is open, at most this long. */
export const RECEIPT_WAITS_MS = 90 * 24 * 3_600_000

/** The last open case of an order is over: receipt is confirmed by itself when it would have been. */
async function letReceiptRun(tx: Tx, deps: Pick<AftersaleDeps, 'clock' | 'orders'>, row: CaseRow): Promise<void> {
  if (row.receiptLeftMs === null) return
  const cases = await casesOfOrder(tx, row.shopId, row.orderId)
  if (cases.some((each) => each.id !== row.id && !isOver(each.state))) return
  await deps.orders.receiveAt(
    tx,
    { shopId: row.shopId, orderId: row.orderId },
    plusMs(deps.clock.instant(), row.receiptLeftMs),
  )
}
