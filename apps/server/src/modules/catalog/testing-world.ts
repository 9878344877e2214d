import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { Db } from '../../kernel/db.ts'
import { createFiles, createLocalStorage } from '../../kernel/files.ts'
import { createJobs } from '../../kernel/jobs.ts'
import { createSettings } from '../../kernel/settings.ts'
import { createParties } from '../parties/index.ts'
import { createTestPrices } from '../prices/testing.ts'
import { createStock } from '../stock/index.ts'
import { type Catalog, type CatalogDeps, createCatalog } from './index.ts'

/** The catalogue over a migrated database, wired as the program wires it. For tests and benchmarks. */
export async function composeCatalog<C extends Clock>(url: string, clock: C) {
  const db = new Db({ url, maxConnections: 8 })
  const settings = createSettings(db, clock)
  const parties = createParties({ clock })
  const stock = createStock({ db, clock, settings })
  const folder = await mkdtemp(path.join(tmpdir(), 'zhanggui-catalog-'))
  const files = createFiles({ db, clock, storage: createLocalStorage(folder) })
  const jobs = createJobs({ db, clock })
  // The deps are the catalogue's own copy: tests put other parts into them.
  const prices = createTestPrices({ db, clock, settings }, () => catalog)
  const deps: CatalogDeps = {
    db,
    clock,
    settings,
    files,
    jobs,
    stock: { ...stock },
    prices,
    topQueries: async () => [],
  }
  const catalog: Catalog = createCatalog(deps)
  catalog.registerJobs()
  await jobs.start({ work: false })
  return {
    db,
    clock,
    settings,
    stock,
    files,
    jobs,
    deps,
    catalog,
    prices,
    /** A shop with its two warehouses. */
    async openShop(slug: string): Promise<string> {
      const shop = await db.tx('system', (tx) => parties.openShop(tx, { slug, name: slug }))
      await db.tx({ shopId: shop.id }, (tx) => stock.createDefaultWarehouses(tx, shop.id))
      return shop.id
    },
    async close(): Promise<void> {
      await jobs.stop()
      await settings.close()
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
