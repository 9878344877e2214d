import { z } from 'zod'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { bulkEditView, bulkView, previewBulkEdit, requireBulk, startBulkEdit, undoBulkEdit } from './bulk-edit.ts'
import type { CatalogDeps } from './deps.ts'
import { deletedProducts, deleteProducts, purgeProducts, restoreProducts } from './recycle.ts'
import { compareVersions, restoreVersion } from './restore-version.ts'
import { editBy } from './routes.ts'
import { itemsIn, listBulk } from './store-bulk.ts'

const Newest = z.object({ createdAt: z.iso.datetime(), id: z.uuid() })

export function careHandlers(deps: CatalogDeps): Handlers {
  return {
    'console.deleteProducts': (call) => deleteProducts(deps, editBy(call), call.body.productIds),
    'console.deletedProducts': ({ params, query }) => deletedProducts(deps, params.shopId, query),
    'console.restoreProducts': (call) => restoreProducts(deps, editBy(call), call.body.productIds),
    'console.purgeProducts': (call) => purgeProducts(deps, editBy(call), call.body.productIds),
    'console.compareProductVersions': ({ params, query }) =>
      compareVersions(deps, params.shopId, params.productId, query),
    'console.restoreProductVersion': (call) => restoreVersion(deps, editBy(call), call.params.productId, call.body),
    'console.previewBulkEdit': ({ params, body }) => previewBulkEdit(deps, params.shopId, body),
    'console.startBulkEdit': (call) => startBulkEdit(deps, editBy(call), call.idempotencyKey, call.body),
    'console.bulkEdit': ({ params }) => bulkEditView(deps, params.shopId, params.bulkEditId),
    'console.undoBulkEdit': (call) => undoBulkEdit(deps, editBy(call), call.params.bulkEditId),

    'console.bulkEdits': ({ params: { shopId }, query: { cursor, limit } }) =>
      deps.db.read({ shopId }, async (tx) => {
        const rows = await listBulk(tx, shopId, { before: decodeCursor(cursor, Newest), limit: limit + 1 })
        const page = keysetPage(rows, limit, ({ createdAt, id }) => ({ createdAt, id }))
        const items = []
        for (const row of page.items) items.push(await bulkView(tx, deps, shopId, row))
        return { ...page, items }
      }),

    'console.bulkEditRefusals': ({ params: { shopId, bulkEditId }, query: { cursor, limit } }) =>
      deps.db.read({ shopId }, async (tx) => {
        await requireBulk(tx, shopId, bulkEditId)
        const after = decodeCursor(cursor, z.int().min(0)) ?? 0
        const rows = await itemsIn(tx, shopId, bulkEditId, ['refused', 'kept'], { after, limit: limit + 1 })
        const page = keysetPage(rows, limit, ({ number }) => number)
        return { ...page, items: page.items.map(({ productId, title, reason }) => ({ productId, title, reason })) }
      }),
  }
}
