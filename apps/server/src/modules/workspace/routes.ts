import { type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { ListCall } from '../../kernel/http/lists.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import type { WorkspaceDeps } from './deps.ts'
import type { createExports } from './exports.ts'
import { createNotes } from './notes.ts'
import { changeOnboarding, onboardingState } from './onboarding.ts'
import { searchAll } from './search.ts'
import { openTodos } from './todos.ts'
import { createViews } from './views.ts'

interface ShopCall {
  params: { shopId: string }
  caller: Caller
  ip: string
  requestId: string
}

export function workspaceHandlers(deps: WorkspaceDeps, exports: ReturnType<typeof createExports>): Handlers {
  const views = createViews(deps)
  const notes = createNotes(deps)
  const who = ({ params, caller }: ShopCall) => {
    const { staffId, name } = staffOf(caller)
    return { shopId: params.shopId, staffId, name }
  }
  const listCall = ({ params, caller, ip, requestId }: ShopCall): ListCall => ({
    shopId: params.shopId,
    caller: staffOf(caller),
    ip,
    requestId,
  })
  return {
    'console.views': (call) => views.list(who(call), call.query.list),
    'console.createView': (call) => views.create(who(call), call.body),
    'console.updateView': (call) => views.update(who(call), call.params.viewId, call.body),
    'console.deleteView': async (call) => {
      await views.remove(who(call), call.params.viewId)
      return { ok: true }
    },
    'console.setDefaultView': async (call) => {
      await views.setDefault(who(call), call.body.list, call.body.viewId)
      return { ok: true }
    },

    'console.startExport': (call) => exports.start(listCall(call), call.body, call.stepUp),
    'console.exportFile': async (call) => {
      const file = await exports.file(listCall(call), call.params.exportId)
      return call.reply
        .header('content-type', file.contentType)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
        .send(file.body)
    },

    'console.search': (call) => searchAll(deps, listCall(call), call.query),
    'console.todo': async (call) => ({ items: await openTodos(deps, call.params.shopId, staffOf(call.caller)) }),
    'console.onboarding': ({ params }) => onboardingState(deps, params.shopId),
    'console.setOnboarding': ({ params, body }) => changeOnboarding(deps, params.shopId, body),
    'console.colleagues': async ({ params }) => ({ items: await deps.colleagues(params.shopId) }),

    'console.notes': ({ params, caller, query: { cursor, limit, ...about } }) =>
      notes.list(params.shopId, staffOf(caller), about, { cursor, limit }),
    'console.addNote': ({ params, caller, body, idempotencyKey }) =>
      notes.add(params.shopId, staffOf(caller), body, idempotencyKey),
    'console.mentions': ({ params, caller, query }) => notes.mentions(params.shopId, staffOf(caller).staffId, query),
    'console.readMentions': async ({ params, caller }) => {
      await notes.readAll(params.shopId, staffOf(caller).staffId)
      return { ok: true }
    },
  }
}
