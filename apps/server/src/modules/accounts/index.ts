import { type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import {
  type AccountsDeps,
  accountsOf,
  addAccount,
  type By,
  changeAccount,
  recordAction,
  removeAccount,
} from './manage.ts'

/** The accounts inside WeChat that a shop trades with, and the limits they work under (ACC-01, ACC-02). */
export function createAccounts(deps: AccountsDeps): { handlers: Handlers } {
  const by = (call: { caller: Caller; ip: string; requestId: string }): By => {
    const { staffId, name } = staffOf(call.caller)
    return { staffId, name, ip: call.ip, requestId: call.requestId }
  }
  return {
    handlers: {
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
    },
  }
}
