import { STEP_UP_PURPOSES, WHOLE_SHOP } from '@zhanggui/contract'
import { DAY_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId, PLATFORM_SHOP_ID } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { createAuthenticator } from './authenticator.ts'
import { identityBuyerPart } from './buyer-part.ts'
import { createBuyerRecords } from './buyer-records.ts'
import type { IdentityDeps } from './deps.ts'
import { hasAnother } from './grants.ts'
import { hashPassword } from './password.ts'
import { BUILT_IN_ROLES, PLATFORM_ROLE } from './roles.ts'
import { identityHandlers } from './routes.ts'
import { addressUndoMinutes } from './settings.ts'
import { deleteRemovedAddresses } from './store-addresses.ts'
import { buyersByIds, closedAmong, identitiesOf, removeExpiredSessions } from './store-buyers.ts'
import { activeMembers, countMembers, insertMember, insertRole, listRoles, setMemberRoles } from './store-members.ts'
import { closeBuyer, endSessions, reopenBuyer } from './store-own-data.ts'
import { removeExpiredChallenges } from './store-passkeys.ts'
import { removeOldSignIns } from './store-sign-ins.ts'
import { insertStaff, staffByAccount } from './store-staff.ts'
import { keepProofsOf } from './store-step-up.ts'

export type { BuyerBrief } from './buyer-records.ts'
export type { IdentityDeps, PreviewList, WechatPerson } from './deps.ts'
export { buyerRegistered, buyersMerged } from './events.ts'

const KEPT_SIGN_INS_MS = 366 * DAY_MS
const SET_UP_MS = 10 * MINUTE_MS

/** Who people are: buyers at WeChat and by phone, staff with roles, their sessions. */
export function createIdentity(deps: IdentityDeps) {
  const authenticator = createAuthenticator(deps)
  return {
    handlers: identityHandlers({ ...deps, authenticator }),
    authenticator,
    hashPassword,
    hasAnother,

    /** OpenIDs of a buyer by channel: what WeChat Pay wants to know of the payer. */
    async openidsOf(tx: Tx, buyerId: string): Promise<{ mini: string | null; mp: string | null }> {
      const names = await identitiesOf(tx, buyerId)
      const subject = (kind: string) => names.find((name) => name.kind === kind)?.subject ?? null
      return { mini: subject(`mini:${deps.wechat.miniAppid}`), mp: subject(`mp:${deps.wechat.mpAppid}`) }
    },

    /** Nicknames by buyer id. Scope `system`. */
    async nicknames(tx: Tx, buyerIds: readonly string[]): Promise<Map<string, string>> {
      return new Map((await buyersByIds(tx, buyerIds)).map((buyer) => [buyer.buyerId, buyer.nickname]))
    },

    /**
     * The program signs in for an account that it has made itself, to set up a demo shop: nobody is there who could
     * prove who they are. Holds a few minutes. Scope `system`.
     */
    async proveOwnSetUp(tx: Tx, account: string): Promise<void> {
      const at = deps.clock.instant()
      const expiresAt = plusMs(at, SET_UP_MS)
      await keepProofsOf(tx, { account, purposes: STEP_UP_PURPOSES, means: 'set-up', at, expiresAt })
    },

    buyerPart: identityBuyerPart(deps.vault),
    ...createBuyerRecords(deps),

    /** Those of the buyers whose accounts are being deleted, or are deleted. Scope `system`. */
    closedAmong,
    closeBuyer,
    reopenBuyer,
    endSessions,

    /** The roles a new shop begins with. Answers the owner role's id. */
    async createBuiltInRoles(tx: Tx, shopId: string): Promise<string> {
      const roleIds: string[] = []
      for (const role of BUILT_IN_ROLES) {
        const id = newId()
        await insertRole(tx, shopId, { id, ...role, scope: WHOLE_SHOP, builtIn: true })
        roleIds.push(id)
      }
      return roleIds[0]!
    },

    /** A member of staff with one role, for opening shops and the first platform account. Scope `system`. */
    async addMember(
      tx: Tx,
      shopId: string,
      roleId: string,
      staff: { account: string; name: string; passwordHash: string },
    ): Promise<string> {
      const id = newId()
      const at = deps.clock.instant()
      if (
        !(await insertStaff(tx, { id, account: staff.account, name: staff.name, passwordHash: staff.passwordHash, at }))
      )
        throw new AppError('DUPLICATE', { values: { what: '账号', value: staff.account }, field: 'owner.account' })
      await insertMember(tx, shopId, id, at)
      await setMemberRoles(tx, shopId, id, [roleId])
      return id
    },

    /** The platform's own administrator role, made when it is not there yet. Scope `system`. Answers its id. */
    async platformRole(tx: Tx): Promise<string> {
      await lockInOrder(tx, [`staff:${PLATFORM_SHOP_ID}`])
      const existing = (await listRoles(tx, PLATFORM_SHOP_ID)).find((role) => role.name === PLATFORM_ROLE.name)
      if (existing) return existing.id
      const id = newId()
      await insertRole(tx, PLATFORM_SHOP_ID, { id, ...PLATFORM_ROLE, scope: WHOLE_SHOP, builtIn: true })
      return id
    },

    /** Whether the account name is taken. Scope `system`. */
    accountExists: async (tx: Tx, account: string): Promise<boolean> =>
      (await staffByAccount(tx, account)) !== undefined,

    /** Active members of a shop, by name. */
    colleagues: (shopId: string) => deps.db.read('system', (tx) => activeMembers(tx, shopId)),
    countMembers,

    /** Removes sessions and used challenges that are over, and addresses whose removal is no longer taken back. */
    sweepSessions: async (): Promise<number> => {
      const minutes = await deps.settings.get(addressUndoMinutes, {})
      return deps.db.tx('system', async (tx) => {
        const at = deps.clock.instant()
        const removed = await deleteRemovedAddresses(tx, plusMs(at, -minutes * MINUTE_MS))
        const old = await removeOldSignIns(tx, plusMs(at, -KEPT_SIGN_INS_MS))
        return removed + old + (await removeExpiredSessions(tx, at)) + (await removeExpiredChallenges(tx, at))
      })
    },
  }
}

export type Identity = ReturnType<typeof createIdentity>
