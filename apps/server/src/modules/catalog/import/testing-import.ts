import type { ImportJob } from '@zhanggui/contract'
import { sql } from '../../../kernel/db.ts'
import { callRoute, openTestCatalog } from '../testing.ts'
import { startImport } from './start-import.ts'

export type ImportWorld = Awaited<ReturnType<typeof openImportWorld>>
type Counted = 'products' | 'skus' | 'product_versions' | 'import_rows'

export const NO_OPTIONS: ImportJob['options'] = {
  publish: false,
  defaultPriceFen: null,
  defaultStock: null,
  warehouseId: null,
}

/** A spreadsheet of so many products with two units each. */
export const sheet = (rows: number, prefix = 'S'): string =>
  `标题,一级类目,SKU编码,售价,库存\r\n${Array.from({ length: rows }, (_, i) => `商品 ${prefix}${i},类目${i % 7},${prefix}-${i},${i + 1}.5,2\r\n`).join('')}`

/** The catalogue with what tests of imports do again and again. */
export async function openImportWorld() {
  const world = await openTestCatalog()
  const { handlers } = world.catalog
  let shops = 0

  const upload = (shopId: string, bytes: Buffer | string, name = 'goods.csv') =>
    startImport(
      world.deps,
      { shopId, actor: { kind: 'staff', name: '王店长' } },
      name,
      typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
    )
  const run = (shopId: string, job: ImportJob, options: object = {}) =>
    callRoute(handlers, 'console.runImport', {
      params: { shopId, importId: job.id },
      body: { mapping: job.mapping, options: { ...NO_OPTIONS, ...options } as never },
    })
  const look = (shopId: string, importId: string) =>
    callRoute(handlers, 'console.import', { params: { shopId, importId } })

  /** As a user does: upload, run with the proposed mapping, wait. */
  async function importAll(shopId: string, bytes: Buffer | string, options: object = {}, name?: string) {
    const job = await upload(shopId, bytes, name)
    await run(shopId, job, options)
    await world.jobs.runNow()
    return look(shopId, job.id)
  }

  async function refusals(shopId: string, importId: string) {
    const page = await callRoute(handlers, 'console.importRefusals', {
      params: { shopId, importId },
      query: { limit: 100 },
    })
    return page.items
  }

  const count = (shopId: string, table: Counted) =>
    world.db.read({ shopId }, async (tx) => {
      const queries = {
        products: sql`select count(*) as n from products where shop_id = ${shopId}`,
        skus: sql`select count(*) as n from skus where shop_id = ${shopId}`,
        product_versions: sql`select count(*) as n from product_versions where shop_id = ${shopId}`,
        import_rows: sql`select count(*) as n from import_rows where shop_id = ${shopId}`,
      }
      return (await tx.one<{ n: number }>(queries[table])).n
    })

  /** For sale, of all SKUs of the shop. */
  const units = (shopId: string) =>
    world.db.read({ shopId }, async (tx) => {
      const skus = await tx.rows<{ id: string }>(sql`select id from skus where shop_id = ${shopId}`)
      const ids = skus.map(({ id }) => id)
      const available = await world.stock.available(tx, shopId, ids)
      return [...available.values()].reduce((sum, each) => sum + each, 0)
    })

  return {
    ...world,
    newShop: () => world.openShop(`import-${++shops}`),
    upload,
    run,
    look,
    importAll,
    refusals,
    listed: (shopId: string, query: object = {}) =>
      callRoute(handlers, 'console.products', { params: { shopId }, query: { limit: 100, ...query } }),
    count,
    units,
  }
}
