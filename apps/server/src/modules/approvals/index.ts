import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { type StaffCaller, staffOf } from '../../kernel/http/caller.ts'
import type { RequireConsent } from '../../kernel/http/consent.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { requireConsent } from './ask.ts'
import { approvalView, cancel, decidable, decide, visible } from './decide.ts'
import type { ApprovalsDeps } from './deps.ts'
import { countPending, listApprovals } from './store.ts'

export { APPROVAL_WORDS } from './words.ts'

const Cursor = z.object({ id: z.uuid() })

/** A second person agrees to sensitive operations, where a shop's settings ask for it (ACC-08). */
export function createApprovals(deps: ApprovalsDeps) {
  const { db, clock } = deps
  const handlers: Handlers = {
    'console.approvals': ({ params: { shopId }, query, caller }) => {
      const staff = staffOf(caller)
      const now = clock.instant()
      return db.read({ shopId }, async (tx) => {
        const rows = await listApprovals(tx, {
          ...{ shopId, staffId: staff.staffId, permissions: decidable(staff), state: query.state, now },
          own: query.own === undefined ? undefined : query.own === 'true',
          before: decodeCursor(query.cursor, Cursor),
          limit: query.limit + 1,
        })
        const { items, nextCursor } = keysetPage(rows, query.limit, ({ id }) => ({ id }))
        return { items: items.map((row) => approvalView(row, staff, now)), nextCursor }
      })
    },
    'console.approval': ({ params: { shopId, approvalId }, caller }) =>
      db.read({ shopId }, async (tx) =>
        approvalView(await visible(tx, staffOf(caller), shopId, approvalId), staffOf(caller), clock.instant()),
      ),
    'console.decideApproval': ({ params, body, caller, ip, requestId }) =>
      decide(deps, { ...params, ...body, caller, ip, requestId }),
    'console.cancelApproval': ({ params, caller, ip, requestId }) => cancel(deps, { ...params, caller, ip, requestId }),
  }
  const require: RequireConsent = (id, route, purpose, call) => requireConsent(deps, id, route, purpose, call)
  return {
    handlers,
    require,
    /** How many wait for a decision that this member may take. */
    countPending: (tx: Tx, shopId: string, staff: StaffCaller) =>
      countPending(tx, { shopId, staffId: staff.staffId, permissions: decidable(staff), now: clock.instant() }),
  }
}
