import type {} from '@fastify/cookie'
import {
  type Channel,
  type DataScope,
  type Permission,
  type StepUpMeans,
  type StepUpPurpose,
  scopeFor,
  WHOLE_SHOP,
} from '@zhanggui/contract'
import { isWhole, narrowest, type StaffScopes } from '../data-scope.ts'
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
  /** The roles these come from in that shop, each with the part of its data that it reaches. */
  grants: readonly Grant[]
}

/** One role of a member of staff. Categories in its scope are there with all below them. */
export interface Grant {
  permissions: readonly Permission[]
  scope: DataScope
}

/** One role that reaches the whole shop. */
export const wholeShop = (permissions: Iterable<Permission>): Grant[] => [
  { permissions: [...permissions], scope: WHOLE_SHOP },
]

/**
 * What of the shop somebody sees under a permission: what any of the roles that hold it reaches. Where no permission
 * is asked for (`member` routes), only what all of the roles reach; such a route asks for each part of its answer.
 */
export function scopesFor(
  { staffId, grants }: Pick<StaffCaller, 'staffId' | 'grants'>,
  permission?: Permission,
): StaffScopes | null {
  const scopes =
    permission === undefined
      ? grants.length === 0
        ? []
        : [narrowest(grants.map(({ scope }) => scope))]
      : grants
          .filter(({ permissions }) => permissions.includes(permission))
          .map(({ scope }) => scopeFor(scope, permission))
  return scopes.some(isWhole) ? null : { staffId, scopes }
}

/** What the guard asks the identity module. Every answer is about a live session or undefined. */
export interface Authenticator {
  buyer(token: string): Promise<{ buyerId: string; sessionId: string } | undefined>
  staff(token: string): Promise<{ staffId: string; sessionId: string; name: string } | undefined>
  /** The roles of a member of staff in one shop; none for who does not, or no longer, work there. */
  staffGrants(staffId: string, shopId: string): Promise<readonly Grant[]>
  platformPermissions(staffId: string): Promise<ReadonlySet<Permission>>
  /** Undefined while the session's person is proven for the purpose; otherwise by what means they can be. */
  stepUpAsked(
    session: Pick<StaffCaller, 'staffId' | 'sessionId'>,
    purpose: StepUpPurpose,
  ): Promise<readonly StepUpMeans[] | undefined>
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
