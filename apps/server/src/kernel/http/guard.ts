import { randomUUID } from 'node:crypto'
import { type Access, CHANNELS, type Channel, type StepUpAsked, type StepUpPurpose } from '@zhanggui/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { isUuid } from '../ids.ts'
import {
  type Authenticator,
  BUYER_COOKIE,
  type Caller,
  CHANNEL_HEADER,
  GUEST_COOKIE,
  GUEST_HEADER,
  STAFF_COOKIE,
  staffOf,
} from './caller.ts'

const GUEST_COOKIE_SECONDS = 180 * 24 * 3600

/**
 * Establishes who calls and refuses who may not. A guest id is a random UUIDv4 (122 bits): it cannot be guessed, and
 * stands for a cart, nothing more.
 */
export async function admit(
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
  authenticator: Authenticator,
  publicUrl: string,
): Promise<Caller> {
  switch (access.audience) {
    case 'wechat':
      return { kind: 'wechat' }
    case 'public':
      return admitBuyer(request, authenticator, publicUrl)
    case 'guest':
      return withGuest(await admitBuyer(request, authenticator, publicUrl), request, reply, publicUrl)
    case 'buyer': {
      const caller = await admitBuyer(request, authenticator, publicUrl)
      if (caller.kind !== 'buyer') throw new AppError('SIGN_IN_REQUIRED')
      return caller
    }
    default:
      return admitStaff(access, request, authenticator, publicUrl)
  }
}

async function admitBuyer(request: FastifyRequest, authenticator: Authenticator, publicUrl: string): Promise<Caller> {
  const bearer = /^Bearer (\S{20,200})$/.exec(request.headers.authorization ?? '')?.[1]
  const token = bearer ?? cookieToken(request, BUYER_COOKIE, publicUrl)
  const guestId = guestIdOf(request)
  const guest = { ...(guestId === undefined ? {} : { guestId }), channel: channelOf(request, bearer !== undefined) }
  if (token === undefined) return { kind: 'anonymous', ...guest }
  const session = await authenticator.buyer(token)
  return session ? { kind: 'buyer', ...session, ...guest } : { kind: 'anonymous', ...guest }
}

function channelOf(request: FastifyRequest, isMini: boolean): Channel {
  const named = request.headers[CHANNEL_HEADER]
  if (typeof named === 'string' && Object.hasOwn(CHANNELS, named)) return named as Channel
  return isMini ? 'mini' : 'h5'
}

function withGuest(caller: Caller, request: FastifyRequest, reply: FastifyReply, publicUrl: string): Caller {
  if (caller.kind !== 'anonymous' || caller.guestId !== undefined || request.method === 'GET') return caller
  const guestId = randomUUID()
  reply.setCookie(GUEST_COOKIE, guestId, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: GUEST_COOKIE_SECONDS,
  })
  return { ...caller, guestId }
}

async function admitStaff(
  access: Access,
  request: FastifyRequest,
  authenticator: Authenticator,
  publicUrl: string,
): Promise<Caller> {
  const token = cookieToken(request, STAFF_COOKIE, publicUrl)
  const session = token === undefined ? undefined : await authenticator.staff(token)
  if (!session) throw new AppError(token === undefined ? 'SIGN_IN_REQUIRED' : 'SESSION_EXPIRED')
  if (access.audience === 'staff-self') return { kind: 'staff', ...session, permissions: new Set(), grants: [] }
  const isShops = access.audience === 'staff' || access.audience === 'member'
  const shopId = isShops ? (request.params as { shopId?: string }).shopId : undefined
  if (isShops && (shopId === undefined || !isUuid(shopId)))
    throw new AppError('NOT_FOUND', { values: { what: '店铺' } })
  const grants = shopId === undefined ? [] : await authenticator.staffGrants(session.staffId, shopId)
  const permissions =
    shopId === undefined
      ? await authenticator.platformPermissions(session.staffId)
      : new Set(grants.flatMap((grant) => grant.permissions))
  const permission = 'permission' in access ? access.permission : undefined
  if (permission === undefined ? permissions.size === 0 : !permissions.has(permission))
    throw new AppError('FORBIDDEN', { values: { permission: permission ?? '本店员工' } })
  return { kind: 'staff', ...session, ...(shopId === undefined ? {} : { shopId }), permissions, grants }
}

/**
 * Refuses until the person behind the session has proved who they are, for this purpose, minutes ago.
 * @throws AppError STEP_UP_REQUIRED, STEP_UP_NOT_ENROLLED
 */
export async function requireStepUp(
  purpose: StepUpPurpose,
  caller: Caller,
  authenticator: Pick<Authenticator, 'stepUpAsked'>,
): Promise<void> {
  const means = await authenticator.stepUpAsked(staffOf(caller), purpose)
  if (means === undefined) return
  const asked: StepUpAsked = { purpose, means: [...means] }
  throw new AppError(means.length === 0 ? 'STEP_UP_NOT_ENROLLED' : 'STEP_UP_REQUIRED', { data: { ...asked } })
}

function guestIdOf(request: FastifyRequest): string | undefined {
  const header = request.headers[GUEST_HEADER]
  const guestId = typeof header === 'string' ? header : request.cookies[GUEST_COOKIE]
  return guestId !== undefined && isUuid(guestId) && guestId[14] === '4' ? guestId : undefined
}

/** A session cookie counts only on requests that our own pages make. */
function cookieToken(request: FastifyRequest, name: string, publicUrl: string): string | undefined {
  const token = request.cookies[name]
  if (token === undefined) return undefined
  if (request.method !== 'GET' && isCrossSite(request, publicUrl)) throw new AppError('CROSS_SITE')
  return token
}

function isCrossSite(request: FastifyRequest, publicUrl: string): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return isForeignOrigin(request, publicUrl)
}

/** Whether a page of another site made the request: its Origin is neither where we are reached nor who was asked. */
export function isForeignOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const origin = request.headers.origin
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const { host } = new URL(origin)
  return host !== request.headers.host && host !== new URL(publicUrl).host
}
