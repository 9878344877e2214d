import type { z } from 'zod'
import type { ErrorCode } from './errors.ts'
import type { Permission } from './permissions.ts'
import type { StepUpPurpose } from './step-up-purposes.ts'

/**
 * Who may call a route.
 * - `public`: anybody, signed in or not
 * - `guest`: anybody; a guest is given a guest cookie so that a cart can follow
 * - `buyer`: a signed-in buyer, who sees only what is the buyer's own
 * - `staff`: staff of the shop named in the path, holding the permission there
 * - `member`: staff of the shop named in the path, whatever they may do there; the handler asks for more
 * - `staff-self`: any signed-in member of staff, about themselves
 * - `platform`: platform staff holding the permission
 * - `wechat`: WeChat's servers; the body's own signature is the proof
 */
export type Access =
  | { audience: 'public' | 'guest' | 'buyer' | 'member' | 'staff-self' | 'wechat' }
  | { audience: 'staff' | 'platform'; permission: Permission }

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RouteSpec {
  method: Method
  /** With `:name` parameters, under `/api`. */
  path: `/api/${string}`
  summary: string
  access: Access
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Shape of a 200 answer in JSON; absent for 204 and for streams. */
  response?: z.ZodType
  /** `file`: multipart with one file; `raw`: the bytes as sent; `json` is the default. */
  consumes?: 'json' | 'file' | 'raw'
  /** Media type of an answer that is not JSON, or a redirect. */
  produces?: 'csv' | 'xlsx' | 'binary' | 'redirect' | 'text'
  /** The caller must send an Idempotency-Key; the same key answers the same result. */
  idempotent?: boolean
  /**
   * The answer is the same for all who are not signed in and come through the same channel; it may be kept until
   * something is written. Not where one of the `unless` parameters is given. The handler must do nothing but read.
   */
  kept?: { unless?: readonly string[] }
  /** Staff prove who they are anew before the handler is called: STEP_UP_REQUIRED until then (ACC-08). */
  stepUp?: StepUpPurpose
  /** The same, where the handler finds that this call is a large one; it asks with `call.stepUp()`. */
  stepUpAbove?: StepUpPurpose
  /** The answer is a few hundred bytes and many ask at once: nothing looks at whether to compress it. */
  small?: boolean
  errors?: readonly ErrorCode[]
}

/** Identity, with the literal types kept. */
export const routes = <const T extends Record<string, RouteSpec>>(table: T): T => table
