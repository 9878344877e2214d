import type { Handlers } from '../../kernel/http/mount.ts'
import { type AssortmentDeps, rolesReport } from './report.ts'

export type { AssortmentDeps } from './report.ts'

/** What each product is for, and whether it does that: roles and exclusive goods against what the shop expects. */
export function createAssortment(deps: AssortmentDeps): { handlers: Handlers } {
  return {
    handlers: { 'console.rolesReport': ({ params, query }) => rolesReport(deps, params.shopId, query) },
  }
}
