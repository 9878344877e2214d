import { formatMoney, type RulingOutcome } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import type { Actor } from '../../kernel/actor.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { giveBack, type Locked, toBeSentBack } from './decide.ts'
import type { AftersaleDeps } from './deps.ts'
import { keepReplacement, releaseReplacement } from './exchange.ts'
import { toCount } from './goods.ts'
import { takeStep } from './life.ts'
import { planOf } from './plan-of-case.ts'
import { returnAddress } from './policy.ts'
import { orderNow } from './quote.ts'
import { nextState, spread } from './rules.ts'
import { rulingDays } from './settings.ts'
import { type CaseRow, changeCase, changeLine, linesOfCases } from './store.ts'

/**
 * The platform is asked to decide: by the buyer after a refusal, or when a replacement is late.
 * @throws AppError CONFLICT
 */
export async function dispute(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  { text, fileIds, actor }: { text: string; fileIds: readonly string[]; actor: Actor },
): Promise<CaseRow> {
  nextState('dispute', row.state)
  if (!mayDispute(row, deps.clock.instant()))
    throw new AppError('CONFLICT', { values: { what: '售后单（商家寄出换货的时限还没到）' } })
  return takeStep(tx, deps, row, 'dispute', {
    ...{ text: `买家申请平台介入：${text}`, actor, files: fileIds },
    set: { dueAt: await rulingDue(tx, deps, row) },
  })
}

export const mayDispute = ({ state, dueAt }: CaseRow, now: string): boolean =>
  state === 'rejected' || (state === 'resending' && dueAt !== null && dueAt <= now)

/** Nobody of the shop decided, or what the rule wants cannot be done. */
export async function escalate(
  tx: Tx,
  deps: AftersaleDeps,
  row: CaseRow,
  { text, actor }: { text: string; actor: Actor },
): Promise<CaseRow> {
  return takeStep(tx, deps, row, 'escalate', {
    ...{ text, actor },
    set: { dueAt: await rulingDue(tx, deps, row) },
    tell: { title: '售后已转平台处理', text: '商家没有及时处理，平台会尽快给出结果' },
  })
}

const rulingDue = async (tx: Tx, { settings, clock }: AftersaleDeps, { shopId }: CaseRow): Promise<string> =>
  plusMs(clock.instant(), (await settings.get(rulingDays, { shopId }, tx)) * DAY_MS)

export interface Ruling {
  outcome: RulingOutcome
  /** Of a refund; left out: what was asked for. */
  amountFen?: number | undefined
  reason: string
  actor: Actor
}

/**
 * The platform decides; both sides are bound.
 * @throws AppError CONFLICT, REFUND_TOO_LARGE, ORDER_STATE, VALIDATION_FAILED, OUT_OF_STOCK
 */
export async function rule(tx: Tx, deps: AftersaleDeps, { order, row }: Locked, ruling: Ruling): Promise<CaseRow> {
  const { outcome, reason, actor } = ruling
  const step = `rule-${outcome}` as const
  nextState(step, row.state)
  const set = { ruledAt: deps.clock.instant() }
  if (outcome === 'return') {
    if (row.type === 'refund' || row.returnParcel !== null)
      throw new AppError('VALIDATION_FAILED', {
        values: { field: '裁定', reason: '这个售后不需要再退货，请选直接退款或关闭' },
        field: 'outcome',
      })
    const address = await returnAddress(tx, row.shopId, undefined)
    if (row.type === 'exchange') await keepReplacement(tx, deps, row, actor)
    return toBeSentBack(
      tx,
      deps,
      row,
      'rule-return',
      { text: `平台裁定：支持买家退货。${reason}`, actor, set },
      address,
    )
  }
  await releaseReplacement(tx, deps, row, actor)
  if (outcome === 'reject')
    return takeStep(tx, deps, row, 'rule-reject', {
      ...{ text: `平台裁定：支持商家，售后关闭。${reason}`, actor, set },
      tell: { title: '平台已给出售后结果', text: `售后关闭：${reason}` },
    })
  const priced = await setAmount(tx, deps, { order, row }, ruling.amountFen)
  return giveBack(tx, deps, { order, row: priced }, 'rule-refund', {
    text: `平台裁定：支持买家。${reason}`,
    actor,
    set: { ...set, ...(await toCount(tx, deps, row)) },
  })
}

/** The amount that was ruled, over the units of the case; never more than they have left. */
async function setAmount(
  tx: Tx,
  deps: AftersaleDeps,
  { order, row }: Locked,
  ruled: number | undefined,
): Promise<CaseRow> {
  if (row.stage === 'unshipped') return row
  const lines = (await linesOfCases(tx, [row])).get(row.id)!
  const plan = await planOf(tx, deps, await orderNow(tx, deps, order, row.id), row, lines)
  const amountFen = ruled ?? (row.type === 'exchange' ? plan.ceilingFen : row.amountFen)
  if (amountFen > plan.ceilingFen || amountFen <= 0)
    throw new AppError('REFUND_TOO_LARGE', { values: { limit: formatMoney(fen(plan.ceilingFen)) } })
  const parts = spread(
    Math.min(amountFen, plan.unitsFen),
    plan.lines.flatMap(({ units }) => units),
  )
  let at = 0
  for (const [number, line] of lines.entries()) {
    const units = parts.slice(at, at + plan.lines[number]!.units.length)
    at += units.length
    await changeLine(tx, row, line.line, {
      ...{ ...line, exchangeParts: null, units },
      amountFen: units.reduce((sum, [, each]) => sum + each, 0),
    })
  }
  const change = { amountFen, freightFen: Math.max(0, amountFen - plan.unitsFen) }
  if (!(await changeCase(tx, row, change))) throw new AppError('CONFLICT', { values: { what: '售后单' } })
  return { ...row, ...change, version: row.version + 1 }
}
