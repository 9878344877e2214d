import type { Permission } from '@zhanggui/contract'
import { hashToken } from '../../kernel/crypto.ts'
import { gather } from '../../kernel/gather.ts'
import type { Authenticator } from '../../kernel/http/caller.ts'
import { PLATFORM_SHOP_ID } from '../../kernel/ids.ts'
import type { IdentityDeps } from './deps.ts'
import { grantsOf } from './grants.ts'
import { stepUpAsked } from './step-up.ts'
import { buyerSessions } from './store-buyers.ts'
import { permissionsOf, staffSession } from './store-staff.ts'

const CACHE_MS = 3000
const CACHE_SIZE = 50_000

/**
 * Answers the guard's questions. A buyer's session, which a flash sale asks for at every request, is remembered
 * for three seconds, and those of one moment are read together; staff and permissions are always read, so that taking a right away works at once.
 */
export function createAuthenticator(
  deps: Pick<IdentityDeps, 'db' | 'clock' | 'settings' | 'categoriesBelow'>,
): Authenticator & {
  /** A session that has ended. */
  forget(token: string): void
  /** All sessions of a buyer whose records have moved. Other processes notice within three seconds. */
  forgetBuyer(buyerId: string): void
} {
  const buyers = new Map<string, { until: number; session: { buyerId: string; sessionId: string } }>()
  const read = gather((tokenHashes: string[]) =>
    deps.db.read('system', (tx) => buyerSessions(tx, tokenHashes, deps.clock.instant())),
  )
  return {
    async buyer(token) {
      const tokenHash = hashToken(token)
      const cached = buyers.get(tokenHash)
      if (cached && cached.until > deps.clock.millis()) return cached.session
      const session = await read(tokenHash)
      buyers.delete(tokenHash)
      if (session) buyers.set(tokenHash, { until: deps.clock.millis() + CACHE_MS, session })
      if (buyers.size > CACHE_SIZE) buyers.delete(buyers.keys().next().value!)
      return session
    },
    forgetBuyer(buyerId) {
      for (const [tokenHash, { session }] of buyers) if (session.buyerId === buyerId) buyers.delete(tokenHash)
    },
    forget(token) {
      buyers.delete(hashToken(token))
    },
    staff: (token) => deps.db.read('system', (tx) => staffSession(tx, hashToken(token), deps.clock.instant())),
    staffGrants: (staffId, shopId) => deps.db.read('system', (tx) => grantsOf(deps, tx, staffId, shopId)),
    stepUpAsked: (session, purpose) => stepUpAsked(deps, session, purpose),
    platformPermissions: async (staffId) =>
      new Set<Permission>(await deps.db.read('system', (tx) => permissionsOf(tx, staffId, PLATFORM_SHOP_ID))),
  }
}
