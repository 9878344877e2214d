import { APPROVAL_STATES, type Approval, type ApprovalState, type Permission } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Instant } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { type StaffCaller, scopesFor, staffOf } from '../../kernel/http/caller.ts'
import type { ApprovedCall } from '../../kernel/http/consent.ts'
import { record } from './ask.ts'
import type { ApprovalsDeps } from './deps.ts'
import { type ApprovalRow, decided, findApproval, moveApproval } from './store.ts'

type ByStaff = Pick<ApprovedCall, 'caller' | 'ip' | 'requestId'>

const notFound = () => new AppError('NOT_FOUND', { values: { what: '审批' } })

export function stateOf({ state, expiresAt }: ApprovalRow, now: Instant): ApprovalState {
  return (state === 'pending' || state === 'approved') && expiresAt <= now ? 'expired' : state
}

/** What somebody may decide on: permissions that they hold over the whole shop. */
export const decidable = (staff: StaffCaller): Permission[] =>
  [...staff.permissions].filter((permission) => scopesFor(staff, permission) === null)

export function approvalView(row: ApprovalRow, staff: StaffCaller, now: Instant): z.input<typeof Approval> {
  const state = stateOf(row, now)
  const isOwn = row.askedById === staff.staffId
  return {
    ...{ id: row.id, purpose: row.purpose, state, summary: row.summary, summaryEn: row.summaryEn, to: row.link },
    ...{ askedBy: row.askedBy, askedAt: row.askedAt, expiresAt: row.expiresAt, doneAt: row.doneAt, isOwn },
    ...{ decidedBy: row.decidedBy, decidedAt: row.decidedAt, reason: row.reason },
    mayDecide: state === 'pending' && !isOwn && decidable(staff).includes(row.permission),
  }
}

/** One that the person has asked for or may decide on. @throws AppError NOT_FOUND */
export async function visible(tx: Tx, staff: StaffCaller, shopId: string, id: string): Promise<ApprovalRow> {
  const row = await findApproval(tx, shopId, id)
  if (!row || (row.askedById !== staff.staffId && !decidable(staff).includes(row.permission))) throw notFound()
  return row
}

const closed = (state: ApprovalState) =>
  new AppError('APPROVAL_STATE', { values: { state: APPROVAL_STATES[state].zh } })

/** @throws AppError NOT_FOUND, APPROVAL_OWN, APPROVAL_STATE */
export function decide(
  deps: ApprovalsDeps,
  call: ByStaff & { shopId: string; approvalId: string; decision: 'approve' | 'refuse'; reason: string },
): Promise<z.input<typeof Approval>> {
  const { shopId, approvalId, decision, reason } = call
  const staff = staffOf(call.caller)
  return deps.db.tx({ shopId }, async (tx) => {
    const row = await visible(tx, staff, shopId, approvalId)
    if (row.askedById === staff.staffId) throw new AppError('APPROVAL_OWN')
    const now = deps.clock.instant()
    const state = stateOf(row, now)
    if (state !== 'pending') throw closed(state)
    const to = decision === 'approve' ? 'approved' : 'refused'
    const by = { id: staff.staffId, name: staff.name }
    if (!(await moveApproval(tx, row, 'pending', to, decided(by, now, reason))))
      throw closed((await findApproval(tx, shopId, approvalId))!.state)
    const verb = decision === 'approve' ? '同意' : '拒绝'
    await record(deps, tx, row, call, `approvals.${decision}`, `${verb} ${row.askedBy} 的操作：${row.summary}`)
    return approvalView((await findApproval(tx, shopId, approvalId))!, staff, now)
  })
}

/** Takes back what one has asked for, also when it was agreed to already. @throws AppError NOT_FOUND, APPROVAL_STATE */
export function cancel(
  deps: ApprovalsDeps,
  call: ByStaff & { shopId: string; approvalId: string },
): Promise<z.input<typeof Approval>> {
  const { shopId, approvalId } = call
  const staff = staffOf(call.caller)
  return deps.db.tx({ shopId }, async (tx) => {
    const row = await findApproval(tx, shopId, approvalId)
    if (row?.askedById !== staff.staffId) throw notFound()
    const now = deps.clock.instant()
    const state = stateOf(row, now)
    if (state !== 'pending' && state !== 'approved') throw closed(state)
    if (!(await moveApproval(tx, row, state, 'cancelled')))
      throw closed((await findApproval(tx, shopId, approvalId))!.state)
    await record(deps, tx, row, call, 'approvals.cancel', `撤回审批：${row.summary}`)
    return approvalView({ ...row, state: 'cancelled' }, staff, now)
  })
}
