import { z } from 'zod'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { FulfilmentDeps } from './deps.ts'
import { readRules, ruleSetView, saveRules } from './edit-rules.ts'
import { rulesVersions } from './store-routing.ts'
import { dryRun, tryRules } from './try-rules.ts'

export function routingHandlers(deps: FulfilmentDeps): Handlers {
  const { db } = deps
  return {
    'console.routingRules': ({ params: { shopId } }) => db.read({ shopId }, (tx) => readRules(tx, shopId)),
    'console.saveRoutingRules': (call) =>
      db.tx({ shopId: call.params.shopId }, (tx) => saveRules(tx, deps, call, call.body)),
    'console.routingVersions': async ({ params: { shopId }, query: { cursor, limit } }) => {
      const before = decodeCursor(cursor, z.int())
      const rows = await db.read({ shopId }, (tx) => rulesVersions(tx, shopId, { before, limit: limit + 1 }))
      return keysetPage(rows.map(ruleSetView), limit, (row) => row.version)
    },
    'console.tryRouting': ({ params: { shopId }, body }) =>
      db.read({ shopId }, (tx) => tryRules(tx, deps, shopId, body)),
    'console.dryRunRouting': ({ params: { shopId }, body }) =>
      db.read({ shopId }, (tx) => dryRun(tx, deps, shopId, body)),
  }
}
