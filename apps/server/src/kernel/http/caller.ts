import type {} from '@fastify/cookie'
import type { Channel, Permission } from '@zhanggui/contract'
import { AppError } from '../errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** A JSON body as it came, for signatures. */
    rawBody: string
  }
  interface FastifyContextConfig {
    routeId?: string
  }
}

/** Who makes a request, as the guard has established. */
export type Caller =
  | { kind: 'anonymous'; guestId?: string; channel?: Channel }
  | { kind: 'buyer'; buyerId: string; sessionId: string; guestId?: string; channel?: Channel }
  | StaffCaller
  | { kind: 'wechat' }

export interface StaffCaller {
  kind: 'staff'
  staffId: string
  sessionId: string
  name: string
  /** The shop named in the path, on staff routes. */
  shopId?: string
  /** Permissions in that shop, or on the platform for platform routes. */
  permissions: ReadonlySet<Permission>
}

/** What the guard asks the identity module. Every answer is about a live session or undefined. */
export interface Authenticator {
  buyer(token: string): Promise<{ buyerId: string; sessionId: string } | undefined>
  staff(token: string): Promise<{ staffId: string; sessionId: string; name: string } | undefined>
  /** Permissions of a member of staff in one shop. */
  staffPermissions(staffId: string, shopId: string): Promise<ReadonlySet<Permission>>
  platformPermissions(staffId: string): Promise<ReadonlySet<Permission>>
}

export const BUYER_COOKIE = 'zg_buyer'
export const STAFF_COOKIE = 'zg_staff'
export const GUEST_COOKIE = 'zg_guest'
export const GUEST_HEADER = 'x-guest-token'
/** Through which channel the client says it comes; what it says only chooses among prices that anybody may have. */
export const CHANNEL_HEADER = 'x-channel'

/** The buyer that the guard has admitted. */
export function buyerOf(caller: Caller): string {
  if (caller.kind !== 'buyer') throw new AppError('SIGN_IN_REQUIRED')
  return caller.buyerId
}

/** The member of staff that the guard has admitted. */
export function staffOf(caller: Caller): StaffCaller {
  if (caller.kind !== 'staff') throw new AppError('SIGN_IN_REQUIRED')
  return caller
}
