import { DATA_SCOPE_DIMENSIONS, type DataScope, type Permission, type StaffSession } from '@zhanggui/contract'
import QRCode from 'qrcode'
import { z } from 'zod'
import { MINUTE_MS } from '../../kernel/clock.ts'
import { hashToken } from '../../kernel/crypto.ts'
import { isWhole } from '../../kernel/data-scope.ts'
import { AppError } from '../../kernel/errors.ts'
import { BUYER_COOKIE, buyerOf, type Caller, GUEST_COOKIE, STAFF_COOKIE, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { isUuid, PLATFORM_SHOP_ID } from '../../kernel/ids.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { createRateLimit } from '../../kernel/rate-limit.ts'
import { type AddressInput, createAddressBook } from './addresses.ts'
import type { createAuthenticator } from './authenticator.ts'
import type { IdentityDeps } from './deps.ts'
import { addRole, changeRole, type RoleInput, removeRole } from './manage-roles.ts'
import { createStaff, updateStaff } from './manage-staff.ts'
import { passkeyHandlers } from './passkey-routes.ts'
import { changeProfile, toBuyer, uploadAvatar } from './profile.ts'
import { bindPhone, signInBuyer } from './sign-in-buyer.ts'
import { changePassword, confirmTotp, signInStaff, startTotp } from './sign-in-staff.ts'
import { staffAccess } from './staff-access.ts'
import { buyerById, endBuyerSession } from './store-buyers.ts'
import { listMembers, listRoles } from './store-members.ts'
import { endStaffSession, membershipsOf, staffById } from './store-staff.ts'
import { finishWebSignIn, OAUTH_COOKIE, OAUTH_COOKIE_SECONDS, startWebSignIn } from './web-sign-in.ts'

const SIGN_INS_PER_ADDRESS = 300
const SIGN_IN_WINDOW_MS = 5 * MINUTE_MS
const AVATARS_PER_BUYER = 20
const AVATAR_WINDOW_MS = 60 * MINUTE_MS

type RoutesDeps = IdentityDeps & { authenticator: ReturnType<typeof createAuthenticator> }

export function identityHandlers(deps: RoutesDeps): Handlers {
  return {
    ...buyerSignInHandlers(deps),
    ...buyerHandlers(deps),
    ...staffSignInHandlers(deps),
    ...passkeyHandlers(deps, (staffId) => sessionOf(deps, staffId)),
    ...staffHandlers(deps),
    ...platformHandlers(deps),
  }
}

function buyerSignInHandlers(deps: RoutesDeps): Handlers {
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: deps.secureCookies } as const
  return {
    'auth.miniSignIn': async ({ body, caller }) => {
      const guestId =
        guestOf(caller) ?? (body.guestToken !== undefined && isUuid(body.guestToken) ? body.guestToken : undefined)
      const signIn = await signInBuyer(deps, 'mini', await deps.wechat.miniPerson(body.code), guestId)
      return {
        token: signIn.token,
        expiresAt: signIn.expiresAt,
        buyer: toBuyer(deps, signIn.buyer),
        isNew: signIn.isNew,
      }
    },
    'auth.webStart': async ({ query, reply }) => {
      const start = startWebSignIn(deps, query.returnTo)
      reply.setCookie(OAUTH_COOKIE, start.cookie, { ...cookie, maxAge: OAUTH_COOKIE_SECONDS })
      return reply.redirect(start.authorizeUrl)
    },
    'auth.webCallback': async ({ query, caller, request, reply }) => {
      const returnTo = finishWebSignIn(request.cookies[OAUTH_COOKIE], query.state)
      const signIn = await signInBuyer(deps, 'mp', await deps.wechat.webPerson(query.code), guestOf(caller))
      reply.clearCookie(OAUTH_COOKIE, cookie).clearCookie(GUEST_COOKIE, cookie)
      reply.setCookie(BUYER_COOKIE, signIn.token, { ...cookie, expires: new Date(signIn.expiresAt) })
      return reply.redirect(returnTo)
    },
    'auth.buyerSignOut': async ({ request, reply }) => {
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? request.cookies[BUYER_COOKIE]
      if (token !== undefined) {
        await deps.db.tx('system', (tx) => endBuyerSession(tx, hashToken(token)))
        deps.authenticator.forget(token)
      }
      reply.clearCookie(BUYER_COOKIE, cookie)
      return { ok: true }
    },
  }
}

function buyerHandlers(deps: RoutesDeps): Handlers {
  const addresses = createAddressBook(deps)
  const countAvatar = createRateLimit({ clock: deps.clock, limit: AVATARS_PER_BUYER, windowMs: AVATAR_WINDOW_MS })
  const current = async (buyerId: string) => {
    const buyer = await deps.db.read({ buyerId }, (tx) => buyerById(tx, buyerId))
    if (!buyer) throw new AppError('SIGN_IN_REQUIRED')
    return toBuyer(deps, buyer)
  }
  return {
    'buyer.me': ({ caller }) => current(buyerOf(caller)),
    'buyer.updateProfile': ({ caller, body }) => changeProfile(deps, buyerOf(caller), body),
    'buyer.uploadAvatar': (call) => {
      countAvatar(buyerOf(call.caller))
      return uploadAvatar(deps, call)
    },
    'buyer.bindPhone': async ({ caller, body }) =>
      toBuyer(deps, await bindPhone(deps, buyerOf(caller), await deps.wechat.miniPhone(body.code))),
    'buyer.addresses': async ({ caller }) => ({ items: await addresses.list(buyerOf(caller)) }),
    'buyer.createAddress': ({ caller, body }) => addresses.create(buyerOf(caller), body as AddressInput),
    'buyer.updateAddress': ({ caller, params, body }) =>
      addresses.update(buyerOf(caller), params.addressId, body as AddressInput),
    'buyer.deleteAddress': async ({ caller, params }) => {
      await addresses.remove(buyerOf(caller), params.addressId)
      return { ok: true }
    },
    'buyer.restoreAddress': ({ caller, params }) => addresses.restore(buyerOf(caller), params.addressId),
  }
}

function staffSignInHandlers(deps: RoutesDeps): Handlers {
  const countSignIn = createRateLimit({ clock: deps.clock, limit: SIGN_INS_PER_ADDRESS, windowMs: SIGN_IN_WINDOW_MS })
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: deps.secureCookies } as const
  return {
    'auth.staffSignIn': async ({ body, request, reply, ip, requestId }) => {
      countSignIn(ip)
      const { account, password, totp, recoveryCode } = body
      const from = { ip, requestId, agent: request.headers['user-agent'] ?? '' }
      const signIn = await signInStaff(deps, { account, password, code: totp, recoveryCode }, from)
      if (signIn === 'needs-totp') return { needsTotp: true, session: null }
      reply.setCookie(STAFF_COOKIE, signIn.token, { ...cookie, expires: new Date(signIn.expiresAt) })
      return { needsTotp: false, session: await sessionOf(deps, signIn.staffId) }
    },
    'auth.staffSignOut': async ({ request, reply }) => {
      const token = request.cookies[STAFF_COOKIE]
      if (token !== undefined) await deps.db.tx('system', (tx) => endStaffSession(tx, hashToken(token)))
      reply.clearCookie(STAFF_COOKIE, cookie)
      return { ok: true }
    },
    'staff.me': ({ caller }) => sessionOf(deps, staffOf(caller).staffId),
    'staff.changePassword': async ({ caller, body, ip, requestId }) => {
      await changePassword(deps, staffOf(caller), body, { ip, requestId })
      return { ok: true }
    },
    'staff.totpStart': async ({ caller, body, ip, requestId, stepUp }) => {
      const start = await startTotp(deps, staffOf(caller).staffId, body.password, { ip, requestId }, stepUp)
      return { ...start, qrSvg: await QRCode.toString(start.uri, { type: 'svg', margin: 1 }) }
    },
    'staff.totpConfirm': async ({ caller, body, ip, requestId }) => {
      await confirmTotp(deps, staffOf(caller), body.code, { ip, requestId })
      return { ok: true }
    },
  }
}

function staffHandlers(deps: RoutesDeps): Handlers {
  return {
    'console.staff': async ({ params, query }) => {
      const afterId = decodeCursor(query.cursor, z.uuid())
      const rows = await deps.db.read('system', (tx) =>
        listMembers(tx, params.shopId, {
          limit: query.limit + 1,
          ...(query.q ? { q: query.q } : {}),
          ...(afterId === undefined ? {} : { afterId }),
        }),
      )
      return keysetPage(rows, query.limit, (row) => row.id)
    },
    'console.createStaff': ({ params, body, caller, ip, requestId }) =>
      createStaff(deps, params.shopId, body, { caller: staffOf(caller), ip, requestId }),
    'console.updateStaff': ({ params, body, caller, ip, requestId }) =>
      updateStaff(deps, params.shopId, params.staffId, body, { caller: staffOf(caller), ip, requestId }),
    'console.staffAccess': ({ params, caller, ip, requestId }) =>
      staffAccess(deps, params.shopId, params.staffId, { caller: staffOf(caller), ip, requestId }),
    'console.scopeChoices': ({ params }) =>
      deps.db.read({ shopId: params.shopId }, (tx) => deps.scopeChoices(tx, params.shopId)),
    'console.roles': async ({ params }) => ({
      items: await deps.db.read({ shopId: params.shopId }, (tx) => listRoles(tx, params.shopId)),
    }),
    'console.createRole': ({ params, body, caller, ip, requestId }) =>
      addRole(deps, params.shopId, body as RoleInput, { caller: staffOf(caller), ip, requestId }),
    'console.updateRole': ({ params, body, caller, ip, requestId }) =>
      changeRole(deps, params.shopId, params.roleId, body as RoleInput & { version: number }, {
        caller: staffOf(caller),
        ip,
        requestId,
      }),
    'console.deleteRole': async ({ params, caller, ip, requestId }) => {
      await removeRole(deps, params.shopId, params.roleId, { caller: staffOf(caller), ip, requestId })
      return { ok: true }
    },
  }
}

function platformHandlers(deps: RoutesDeps): Handlers {
  return {
    'platform.shops': async ({ query }) => {
      const afterId = decodeCursor(query.cursor, z.uuid())
      const rows = await deps.db.read('system', (tx) =>
        deps.parties.listShops(tx, {
          limit: query.limit + 1,
          ...(query.q ? { q: query.q } : {}),
          ...(afterId === undefined ? {} : { afterId }),
        }),
      )
      return keysetPage(rows, query.limit, (shop) => shop.id)
    },
    'platform.createShop': async ({ body }) => {
      const shopId = await deps.openShop(body)
      return deps.db.read('system', (tx) => deps.parties.requireShop(tx, shopId))
    },
  }
}

async function sessionOf(deps: IdentityDeps, staffId: string): Promise<StaffSession> {
  return deps.db.read('system', async (tx) => {
    const staff = await staffById(tx, staffId)
    if (!staff) throw new AppError('SIGN_IN_REQUIRED')
    const memberships = await membershipsOf(tx, staffId)
    const shops = await deps.parties.shopsByIds(
      tx,
      memberships.map((each) => each.shopId),
    )
    const platform = memberships.find((each) => each.shopId === PLATFORM_SHOP_ID)
    return {
      staffId,
      name: staff.name,
      account: staff.account,
      totpEnabled: staff.totpConfirmed,
      platform: platform !== undefined,
      platformPermissions: (platform?.permissions ?? []) as Permission[],
      shops: memberships.flatMap(({ shopId, roleNames, permissions, scopes }) => {
        const shop = shops.get(shopId)
        return shop
          ? [
              {
                ...{ id: shop.id, slug: shop.slug, name: shop.name, logoUrl: shop.logoUrl },
                ...{ roleNames, permissions, narrowedBy: narrowedBy(scopes) },
              },
            ]
          : []
      }),
    }
  })
}

/** By what the data is narrowed for somebody whose roles have these scopes; one that is whole opens all of it. */
const narrowedBy = (scopes: readonly DataScope[]) =>
  scopes.some(isWhole)
    ? []
    : DATA_SCOPE_DIMENSIONS.filter((dimension) => scopes.some((scope) => scope[dimension] !== null))

const guestOf = (caller: Caller): string | undefined =>
  caller.kind === 'anonymous' || caller.kind === 'buyer' ? caller.guestId : undefined
