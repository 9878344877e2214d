import { createHash } from 'node:crypto'
import {
  APPROVAL_PURPOSES,
  type ApprovalAsked,
  type ApprovalPurpose,
  type Permission,
  type RouteId,
  type RouteSpec,
  type StepUpPurpose,
} from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import type { ApprovedCall, Consent } from '../../kernel/http/consent.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { redactText } from '../../kernel/redact.ts'
import type { ApprovalsDeps } from './deps.ts'
import { approvalHours, approvalNeeded } from './settings.ts'
import { type ApprovalRow, doneAt, insertApproval, lastOfCall, moveApproval } from './store.ts'
import { APPROVAL_WORDS } from './words.ts'

/** Whoever manages staff decides on what every member may do. */
const FOR_MEMBERS: Permission = 'staff.write'

export const permissionOf = (route: RouteSpec): Permission =>
  'permission' in route.access && route.access.permission !== undefined ? route.access.permission : FOR_MEMBERS

const isNeedable = (purpose: StepUpPurpose): purpose is ApprovalPurpose =>
  (APPROVAL_PURPOSES as readonly StepUpPurpose[]).includes(purpose)

/** The same for equal calls: what is agreed to is this, and nothing that is like it. */
const digestOf = (id: RouteId, { params, query, body }: ApprovedCall): string =>
  createHash('sha256')
    .update(canonicalJson([id, params, query, body]))
    .digest('base64url')

/**
 * Lets a call pass that a colleague has agreed to, once; asks for agreement otherwise. (ACC-08)
 * @returns undefined where the shop asks nobody else
 * @throws AppError APPROVAL_REQUIRED, APPROVAL_NOBODY
 */
export async function requireConsent(
  deps: ApprovalsDeps,
  id: RouteId,
  route: RouteSpec,
  purpose: StepUpPurpose,
  call: ApprovedCall,
): Promise<Consent | undefined> {
  const { db, settings } = deps
  const staff = staffOf(call.caller)
  const { shopId } = staff
  if (shopId === undefined || !isNeedable(purpose)) return undefined
  if (!(await settings.get(approvalNeeded[purpose], { shopId }))) return undefined
  const asked = { shopId, askedById: staff.staffId, digest: digestOf(id, call) }
  const outcome = await db.tx({ shopId }, async (tx) => {
    await lockInOrder(tx, [`approval:${asked.askedById}:${asked.digest}`])
    const last = await lastOfCall(tx, asked)
    const now = deps.clock.instant()
    const isLive = last !== undefined && last.expiresAt > now
    // The answer was lost and the same call comes again: what it does, it does once by its own key.
    if (isLive && last.state === 'done' && call.idempotencyKey !== '' && last.idempotencyKey === call.idempotencyKey)
      return { consent: undefined }
    if (isLive && last.state === 'approved') {
      await moveApproval(tx, last, 'approved', 'done', doneAt(now))
      await record(deps, tx, last, call, 'approvals.use', `执行审批通过的操作：${last.summary}`)
      return { consent: last }
    }
    if (isLive && last.state === 'pending') return { approvalId: last.id }
    const permission = permissionOf(route)
    if (!(await deps.hasAnother(tx, shopId, permission, staff.staffId)))
      throw new AppError('APPROVAL_NOBODY', { values: { permission } })
    return { approvalId: await ask(deps, tx, { id, purpose, permission, call, digest: asked.digest }) }
  })
  if (outcome.approvalId !== undefined) {
    const data: ApprovalAsked = { shopId, approvalId: outcome.approvalId, purpose }
    throw new AppError('APPROVAL_REQUIRED', { data: { ...data } })
  }
  return outcome.consent && consentTo(deps, outcome.consent)
}

interface Ask {
  id: RouteId
  purpose: ApprovalPurpose
  permission: Permission
  call: ApprovedCall
  digest: string
}

async function ask(deps: ApprovalsDeps, tx: Tx, { id, purpose, permission, call, digest }: Ask): Promise<string> {
  const { staffId, name, shopId } = staffOf(call.caller)
  const words = APPROVAL_WORDS[id]!({
    params: (call.params ?? {}) as Record<string, string>,
    body: (call.body ?? {}) as Record<string, unknown>,
  })
  const askedAt = deps.clock.instant()
  const hours = await deps.settings.get(approvalHours, { shopId: shopId! }, tx)
  const row = {
    ...{ shopId: shopId!, id: newId(), route: id, purpose, permission, digest },
    idempotencyKey: call.idempotencyKey === '' ? null : call.idempotencyKey,
    ...{ summary: redactText(words.zh), summaryEn: redactText(words.en), link: words.to },
    ...{ askedById: staffId, askedBy: name, askedAt, expiresAt: plusMs(askedAt, hours * HOUR_MS) },
  }
  await insertApproval(tx, row)
  await record(deps, tx, row, call, 'approvals.ask', `提交审批：${row.summary}`)
  return row.id
}

/** A call that was refused has done nothing: it may be made again. What broke otherwise is asked for anew. */
const consentTo = (deps: ApprovalsDeps, row: ApprovalRow): Consent => ({
  async failed(error) {
    if (!(error instanceof AppError) || error.status >= 500) return
    await deps.db.tx({ shopId: row.shopId }, (tx) => moveApproval(tx, row, 'done', 'approved', doneAt(null)))
  },
})

export const record = (
  deps: Pick<ApprovalsDeps, 'clock'>,
  tx: Tx,
  { shopId, id }: Pick<ApprovalRow, 'shopId' | 'id'>,
  { caller, ip, requestId }: Pick<ApprovedCall, 'caller' | 'ip' | 'requestId'>,
  action: string,
  summary: string,
) => {
  const { staffId, name } = staffOf(caller)
  return audit(tx, deps.clock, {
    ...{ shopId, actor: { kind: 'staff', id: staffId, name }, action, entity: 'approval', entityId: id },
    ...{ summary, ip, requestId },
  })
}
