import { sql } from '../../../kernel/db.ts'
import type { CatalogDeps } from '../deps.ts'
import { filesKeepDays } from '../settings-content.ts'

const AT_ONCE = 200
const DAY_MS = 86_400_000

/**
 * Deletes pictures and videos that nothing shows any more, once the days are over for which the shop keeps them: no
 * product, no earlier version of one, no order, no page.
 */
export async function forgetFiles(deps: Pick<CatalogDeps, 'db' | 'clock' | 'settings' | 'files'>): Promise<void> {
  const shops = await deps.db.read('system', (tx) =>
    tx.rows<{ shopId: string }>(sql`select distinct shop_id from files order by 1`),
  )
  for (const { shopId } of shops) {
    const days = await deps.settings.get(filesKeepDays, { shopId })
    const before = new Date(deps.clock.millis() - days * DAY_MS).toISOString()
    for (let afterId: string | null = null; ; ) {
      const { lastId }: { lastId: string | null } = await deps.files.forget(shopId, { before, afterId, limit: AT_ONCE })
      if (lastId === null) break
      afterId = lastId
    }
  }
}
