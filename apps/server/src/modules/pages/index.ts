import type { Tx } from '../../kernel/db.ts'
import type { PagesDeps } from './deps.ts'
import { readPage } from './preview.ts'
import { pageHandlers } from './routes.ts'

export type { PagesDeps } from './deps.ts'
export { pagePublished, pageWithdrawn } from './events.ts'

/** Pages that a shop designs: drafts, versions, when which one is shown, previews. */
export function createPages(deps: PagesDeps) {
  return {
    handlers: pageHandlers(deps),
    /** What is shown under a slug now, or what a preview token is for; undefined for a page that is not shown. */
    readPage: (tx: Tx, shopId: string, slug: string, preview?: string) => readPage(tx, deps, shopId, slug, preview),
  }
}
