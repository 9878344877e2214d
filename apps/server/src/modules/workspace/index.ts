import type { Tx } from '../../kernel/db.ts'
import type { WorkspaceDeps } from './deps.ts'
import { createExports } from './exports.ts'
import { workspaceHandlers } from './routes.ts'
import { moveBuyerNotes } from './store-notes.ts'

export { workspaceBuyerPart } from './buyer-part.ts'
export type { Hit, NoteSubject, PersonalColumns, SearchSource, SetupStep, WorkspaceDeps } from './deps.ts'

const HOUR_SECONDS = 3600

/** What stands around the console's screens: saved views, exports, search, things to do, checklist, notes. */
export function createWorkspace(deps: WorkspaceDeps) {
  const exports = createExports(deps)
  return {
    handlers: workspaceHandlers(deps, exports),
    /** Two buyers turned out to be one person: what staff wrote about either is about that one. Scope `system`. */
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveBuyerNotes(tx, move.fromBuyerId, move.buyerId),
    schedules: [
      {
        name: 'workspace.sweep-exports',
        every: { everySeconds: HOUR_SECONDS },
        handler: async () => void (await exports.sweep()),
      },
    ],
  }
}
