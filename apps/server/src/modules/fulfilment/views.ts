import { CARRIERS, type Parcel } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import type { FulfilmentDeps } from './deps.ts'
import { orderIdsOf } from './ship-parcel.ts'
import { type ParcelRow, parcelsByIds, skuCodes } from './store-parcels.ts'
import { printCounts } from './store-prints.ts'
import { waveCodes } from './store-waves.ts'

export type ParcelView = z.input<typeof Parcel>

/** Parcels as the console shows them, in their order; personal data masked. */
export async function parcelViews(
  tx: Tx,
  { orders: service, stock, files }: Pick<FulfilmentDeps, 'orders' | 'stock' | 'files'>,
  shopId: string,
  rows: readonly ParcelRow[],
): Promise<ParcelView[]> {
  if (rows.length === 0) return []
  const orders = new Map(
    (await service.ordersToPack(tx, shopId, [...new Set(rows.flatMap(orderIdsOf))], 'read')).map((order) => [
      order.id,
      order,
    ]),
  )
  const warehouses = await stock.warehouseNames(tx, shopId)
  const waves = await waveCodes(
    tx,
    shopId,
    rows.flatMap((row) => row.waveId ?? []),
  )
  const codes = await skuCodes(tx, shopId, [...new Set(rows.flatMap((row) => row.lines.map((line) => line.skuId)))])
  const printed = await printCounts(
    tx,
    shopId,
    rows.map((row) => row.id),
  )
  const lines = [...orders.values()].flatMap((order) => order.lines)
  const pictures = await files.pictures(tx, shopId, [...new Set(lines.flatMap((line) => line.pictureFileId ?? []))])
  return rows.map(({ lines: own, packedBy, shopId: _, ...row }) => {
    const inside = orderIdsOf({ lines: own }).map((id) => orders.get(id)!)
    const first = inside[0]
    return {
      ...row,
      warehouseName: warehouses.get(row.warehouseId) ?? '',
      carrierName: CARRIERS[row.carrierCode],
      waveCode: row.waveId === null ? null : (waves.get(row.waveId) ?? null),
      orders: inside.map(({ id, orderNo, state, buyerNote }) => ({ id, orderNo, state, buyerNote })),
      receiver: first?.receiverMasked ?? '',
      receiverPhone: first?.phoneMasked ?? '',
      region: first ? [first.province, first.city, first.district].filter((part) => part !== '').join(' ') : '',
      units: own.reduce((sum, line) => sum + line.quantity, 0),
      lines: own.map(({ orderId, line, skuId, quantity }) => {
        const order = orders.get(orderId)!
        const found = order.lines.find((each) => each.line === line)!
        const picture = found.pictureFileId === null ? null : (pictures.get(found.pictureFileId) ?? null)
        const { code = '', barcode = '' } = codes.get(skuId) ?? {}
        const { title, options } = found
        return {
          orderId,
          orderNo: order.orderNo,
          line,
          skuId,
          skuCode: code,
          barcode,
          title,
          options,
          picture,
          quantity,
        }
      }),
      packedBy: packedBy?.name ?? null,
      printed: { slip: printed.get(row.id)?.slip ?? 0, label: printed.get(row.id)?.label ?? 0 },
    }
  })
}

export async function parcelView(
  tx: Tx,
  deps: Pick<FulfilmentDeps, 'orders' | 'stock' | 'files'>,
  shopId: string,
  parcelId: string,
): Promise<ParcelView> {
  return (await parcelViews(tx, deps, shopId, await parcelsByIds(tx, shopId, [parcelId])))[0]!
}
