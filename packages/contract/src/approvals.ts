import { z } from 'zod'
import { Id, Instant, optionalText, PageQuery, page, ShopParams, shopParams } from './common.ts'
import { routes } from './route.ts'
import type { StepUpPurpose } from './step-up-purposes.ts'

/** Operations that a second person can be asked to agree to, by what they are proven for. */
export const APPROVAL_PURPOSES = [
  'withdrawal',
  'payout',
  'credentials',
  'refund',
  'adjustment',
  'export',
] as const satisfies readonly StepUpPurpose[]
export type ApprovalPurpose = (typeof APPROVAL_PURPOSES)[number]

/**
 * `pending` waits for a colleague, `approved` for the one who asked to do it again, `done` was carried out; an approval
 * that nobody used in time is `expired`.
 */
export const ApprovalState = z.enum(['pending', 'approved', 'refused', 'cancelled', 'done', 'expired'])
export type ApprovalState = z.infer<typeof ApprovalState>
export const APPROVAL_STATES: Record<ApprovalState, { zh: string; en: string }> = {
  pending: { zh: '待审批', en: 'Waits' },
  approved: { zh: '已同意，待执行', en: 'Agreed, not yet done' },
  refused: { zh: '已拒绝', en: 'Refused' },
  cancelled: { zh: '已撤回', en: 'Withdrawn' },
  done: { zh: '已执行', en: 'Done' },
  expired: { zh: '已过期', en: 'Expired' },
}

export const Approval = z
  .object({
    id: Id,
    purpose: z.enum(APPROVAL_PURPOSES),
    state: ApprovalState,
    /** What will be done, with its amounts. */
    summary: z.string(),
    summaryEn: z.string(),
    /** The screen of the thing it is about, behind `/console/s/<shop>/`. */
    to: z.string().nullable(),
    askedBy: z.string(),
    askedAt: Instant,
    expiresAt: Instant,
    decidedBy: z.string().nullable(),
    decidedAt: Instant.nullable(),
    reason: z.string(),
    doneAt: Instant.nullable(),
    isOwn: z.boolean(),
    mayDecide: z.boolean(),
  })
  .meta({ id: 'Approval' })
export type Approval = z.infer<typeof Approval>

/** What an error APPROVAL_REQUIRED carries. */
export interface ApprovalAsked {
  shopId: string
  approvalId: string
  purpose: ApprovalPurpose
}

const MEMBER = { audience: 'member' } as const
const ApprovalParams = shopParams({ approvalId: Id })

export const approvalRoutes = routes({
  'console.approvals': {
    method: 'GET',
    path: '/api/console/shops/:shopId/approvals',
    summary: 'Operations that wait, or waited, for a second person: the own ones and those one may decide',
    access: MEMBER,
    params: ShopParams,
    query: PageQuery.extend({ state: ApprovalState.optional(), own: z.enum(['true', 'false']).optional() }),
    response: page(Approval),
  },
  'console.approval': {
    method: 'GET',
    path: '/api/console/shops/:shopId/approvals/:approvalId',
    summary: 'One of them',
    access: MEMBER,
    params: ApprovalParams,
    response: Approval,
    errors: ['NOT_FOUND'],
  },
  'console.decideApproval': {
    method: 'POST',
    path: '/api/console/shops/:shopId/approvals/:approvalId/decision',
    summary: 'Agree to an operation that a colleague asks for, or refuse it',
    access: MEMBER,
    stepUp: 'approval',
    params: ApprovalParams,
    body: z
      .object({ decision: z.enum(['approve', 'refuse']), reason: optionalText(200) })
      .refine(({ decision, reason }) => decision === 'approve' || reason !== '', {
        path: ['reason'],
        message: '请写明拒绝的原因',
      }),
    response: Approval,
    errors: ['NOT_FOUND', 'APPROVAL_OWN', 'APPROVAL_STATE', 'FORBIDDEN'],
  },
  'console.cancelApproval': {
    method: 'POST',
    path: '/api/console/shops/:shopId/approvals/:approvalId/cancel',
    summary: 'Take back what one has asked for',
    access: MEMBER,
    params: ApprovalParams,
    response: Approval,
    errors: ['NOT_FOUND', 'APPROVAL_STATE'],
  },
})
