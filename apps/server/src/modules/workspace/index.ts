import type { WorkspaceDeps } from './deps.ts'
import { createExports } from './exports.ts'
import { workspaceHandlers } from './routes.ts'

export type { Hit, NoteSubject, PersonalColumns, SearchSource, SetupStep, WorkspaceDeps } from './deps.ts'

const HOUR_SECONDS = 3600

/** What stands around the console's screens: saved views, exports, search, things to do, checklist, notes. */
export function createWorkspace(deps: WorkspaceDeps) {
  const exports = createExports(deps)
  return {
    handlers: workspaceHandlers(deps, exports),
    schedules: [
      {
        name: 'workspace.sweep-exports',
        every: { everySeconds: HOUR_SECONDS },
        handler: async () => void (await exports.sweep()),
      },
    ],
  }
}
