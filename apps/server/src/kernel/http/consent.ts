import type { RouteId, RouteSpec, StepUpPurpose } from '@zhanggui/contract'
import type { Caller } from './caller.ts'

/** What a second person agrees to. */
export interface ApprovedCall {
  params: unknown
  query: unknown
  body: unknown
  caller: Caller
  /** Empty on routes that have none. */
  idempotencyKey: string
  ip: string
  requestId: string
}

/** The agreement that a call passes by, used up unless the call fails. */
export interface Consent {
  failed(error: unknown): Promise<void>
}

/** Asks whether a second person has to agree, and has. Undefined: none has to. @throws AppError APPROVAL_REQUIRED */
export type RequireConsent = (
  id: RouteId,
  route: RouteSpec,
  purpose: StepUpPurpose,
  call: ApprovedCall,
) => Promise<Consent | undefined>
