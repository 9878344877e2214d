import type {} from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { FulfilmentDeps } from './deps.ts'
import { print } from './print.ts'
import { applyShipFile, requireShipFile, shipFileView, uploadShipFile } from './ship-file.ts'
import { shipSheet } from './ship-sheet.ts'
import { record } from './staff.ts'
import { listPrints, saveBins } from './store-prints.ts'
import { listShipFiles, listShipRows } from './store-ship-files.ts'

const MAX_FILE_BYTES = 10 * 1024 * 1024
const MAX_SHEET_ORDERS = 200

export function shippingHandlers(deps: FulfilmentDeps): Handlers {
  const { db } = deps
  return {
    'console.print': (call) => db.tx({ shopId: call.params.shopId }, (tx) => print(tx, deps, call, call.body)),
    'console.prints': async ({ params: { shopId }, query: { cursor, limit } }) => {
      const beforeId = decodeCursor(cursor, z.uuid())
      const rows = await db.read({ shopId }, (tx) => listPrints(tx, shopId, { beforeId, limit: limit + 1 }))
      const page = keysetPage(rows, limit, (row) => row.id)
      const view = ({ id, kind, label, nth, printedAt: at, printedBy: by }: (typeof rows)[number]) => {
        return { id, kind, label, nth, at, by }
      }
      return { items: page.items.map(view), nextCursor: page.nextCursor }
    },
    'console.setBins': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId } = call.params
        const { warehouseId, bins } = call.body
        if (!(await deps.stock.warehouseNames(tx, shopId)).has(warehouseId))
          throw new AppError('NOT_FOUND', { values: { what: '仓库' } })
        const known = await deps.catalog.skusForSale(
          tx,
          shopId,
          bins.map((each) => each.skuId),
        )
        const unknown = bins.find((each) => !known.has(each.skuId))
        if (unknown) throw new AppError('NOT_FOUND', { values: { what: `商品规格 ${unknown.skuId}` } })
        await saveBins(tx, shopId, warehouseId, bins)
        await record(tx, deps.clock, call, {
          action: 'fulfilment.set-bins',
          entity: 'warehouse',
          entityId: warehouseId,
          summary: `修改 ${bins.length} 个规格的货位`,
          after: bins,
        })
        return { ok: true as const }
      }),
    'console.shipSheet': async (call) => {
      const { orders, ...filter } = call.query
      const orderIds = orders === undefined ? undefined : idsFrom(orders)
      const { name, type, body } = await shipSheet(deps, call, { ...filter, orderIds })
      return call.reply
        .type(type)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header('cache-control', 'no-store')
        .send(body)
    },
    'console.uploadShipFile': async (call) => {
      const { name, bytes } = await uploaded(call.request)
      return uploadShipFile(deps, call, name, bytes)
    },
    'console.shipFiles': async ({ params: { shopId }, query: { cursor, limit } }) => {
      const beforeId = decodeCursor(cursor, z.uuid())
      const rows = await db.read({ shopId }, (tx) => listShipFiles(tx, shopId, { beforeId, limit: limit + 1 }))
      return keysetPage(rows.map(shipFileView), limit, (row) => row.id)
    },
    'console.shipFile': ({ params: { shopId, fileId } }) =>
      db.read({ shopId }, (tx) => requireShipFile(tx, shopId, fileId)),
    'console.shipRows': ({ params: { shopId, fileId }, query: { cursor, limit, state } }) => {
      const afterLine = decodeCursor(cursor, z.int())
      return db.read({ shopId }, async (tx) => {
        await requireShipFile(tx, shopId, fileId)
        const rows = await listShipRows(tx, shopId, fileId, { state, afterLine, limit: limit + 1 })
        return keysetPage(rows, limit, (row) => row.line)
      })
    },
    'console.applyShipFile': (call) => applyShipFile(deps, call, call.params.fileId, call.body.limit),
  }
}

function idsFrom(orders: string): string[] {
  const parsed = z.array(z.uuid()).max(MAX_SHEET_ORDERS).safeParse(orders.split(','))
  if (parsed.success) return parsed.data
  throw new AppError('VALIDATION_FAILED', {
    values: { field: 'orders', reason: `最多 ${MAX_SHEET_ORDERS} 个订单` },
    field: 'orders',
  })
}

async function uploaded(request: FastifyRequest): Promise<{ name: string; bytes: Buffer }> {
  const file = request.isMultipart()
    ? await request.file({ limits: { fileSize: MAX_FILE_BYTES + 1, files: 1 } })
    : undefined
  if (!file)
    throw new AppError('VALIDATION_FAILED', { values: { field: 'file', reason: '请选择要上传的文件' }, field: 'file' })
  const chunks: Buffer[] = []
  for await (const chunk of file.file) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (bytes.length > MAX_FILE_BYTES) throw new AppError('BODY_TOO_LARGE', { values: { limit: '10 MB' } })
  return { name: file.filename, bytes }
}
