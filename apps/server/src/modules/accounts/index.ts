import type { Tx } from '../../kernel/db.ts'
import { type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { accountsBuyerPart } from './buyer-part.ts'
import { createConnectionTest, setCredentials } from './connect.ts'
import {
  type AccountsDeps,
  accountsOf,
  addAccount,
  type By,
  changeAccount,
  recordAction,
  removeAccount,
} from './manage.ts'
import { addGroup, changeGroup, groupsOf, matrixReport, removeGroup } from './matrix.ts'
import { accountLink, createSources } from './sources.ts'
import { accountNames } from './store.ts'
import { moveVisitor } from './store-sources.ts'

/**
 * The accounts inside WeChat that a shop trades with: what each signs in with and is limited to, whom it brings, and how
 * several of one owner stand side by side (ACC-01, ACC-02, ACC-06).
 */
export function createAccounts(deps: AccountsDeps) {
  const testConnection = createConnectionTest(deps)
  const sources = createSources(deps)
  const by = (call: { caller: Caller; ip: string; requestId: string }): By => {
    const { staffId, name } = staffOf(call.caller)
    return { staffId, name, ip: call.ip, requestId: call.requestId }
  }
  const handlers: Handlers = {
    'console.channelAccounts': async ({ params }) => ({ items: await accountsOf(deps, params.shopId) }),
    'console.createChannelAccount': (call) => addAccount(deps, call.params.shopId, call.body, by(call)),
    'console.updateChannelAccount': (call) =>
      changeAccount(deps, call.params.shopId, call.params.accountId, call.body, by(call)),
    'console.deleteChannelAccount': async (call) => {
      await removeAccount(deps, call.params.shopId, call.params.accountId, by(call))
      return { ok: true }
    },
    'console.recordAccountAction': (call) =>
      recordAction(deps, call.params.shopId, call.params.accountId, call.body, by(call)),
    'console.setAccountCredentials': (call) =>
      setCredentials(deps, call.params.shopId, call.params.accountId, call.body.values, by(call)),
    'console.testAccount': (call) => testConnection(call.params.shopId, call.params.accountId, by(call)),
    'console.accountLink': ({ params }) => accountLink(deps, params.shopId, params.accountId),
    'console.accountFigures': async ({ params, query }) => ({ items: await sources.figures(params.shopId, query) }),
    'console.channelGroups': async ({ params }) => ({ items: await groupsOf(deps, params.shopId) }),
    'console.createChannelGroup': (call) => addGroup(deps, call.params.shopId, call.body, by(call)),
    'console.updateChannelGroup': (call) =>
      changeGroup(deps, call.params.shopId, call.params.groupId, call.body, by(call)),
    'console.deleteChannelGroup': async (call) => {
      await removeGroup(deps, call.params.shopId, call.params.groupId, by(call))
      return { ok: true }
    },
    'console.matrixReport': ({ params }) => matrixReport(deps, params.shopId, params.groupId),
    'store.arrive': async ({ params, body, caller, ip }) => ({
      known: await sources.arrive(
        params.shopId,
        caller.kind === 'buyer'
          ? { buyerId: caller.buyerId, ip }
          : { guestId: caller.kind === 'anonymous' ? caller.guestId : undefined, ip },
        body.code,
      ),
    }),
  }
  return {
    handlers,
    accountNames,
    sourcesOf: sources.sourcesOf,
    forgetVisits: sources.forgetVisits,
    buyerPart: accountsBuyerPart,
    /** A guest signed in, or two buyers are one: what they came through is one person's. Scope `system`. */
    moveVisitor: (tx: Tx, move: { fromId: string; buyerId: string }) => moveVisitor(tx, move.fromId, move.buyerId),
  }
}
