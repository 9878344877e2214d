import { CARRIERS } from '@zhanggui/contract'
import { localDay } from '../../kernel/days.ts'
import { csvStream } from '../../kernel/write-csv.ts'
import { type SheetColumn, xlsxStream } from '../../kernel/write-xlsx.ts'
import type { FulfilmentDeps } from './deps.ts'
import { record, type StaffCall, staffOf } from './staff.ts'
import { listParcels } from './store-parcels.ts'
import { type ParcelView, parcelViews } from './views.ts'

const PAGE = 100
/** More than can be uploaded again at once has no use. */
const MAX_PARCELS = 2000

const text = (title: string, width: number, note?: string): SheetColumn => ({
  ...{ title, width, format: '@' },
  ...(note === undefined ? {} : { note }),
})
const COLUMNS: SheetColumn[] = [
  text('包裹号', 22, '请不要修改'),
  text('订单号', 20),
  text('收货人', 12),
  text('手机号', 14),
  text('收货地址', 44),
  text('商品', 44),
  { title: '件数', width: 8, format: '0' },
  text('仓库', 14),
  text('买家留言', 20),
  text('打包备注', 20),
  text('快递公司', 14, '可以不填：能从运单号识别，否则按包裹的快递'),
  text('运单号', 22, '填好后上传；没有填的行不发货'),
]

export interface SheetFilter {
  format: 'xlsx' | 'csv' | 'csv-gb18030'
  warehouseId?: string | undefined
  waveId?: string | undefined
  orderIds?: readonly string[] | undefined
}

/**
 * Parcels that wait to be shipped, to fill in tracking numbers and upload again. Receivers in full only for those who
 * may see them, and audited.
 */
export async function shipSheet(deps: FulfilmentDeps, call: StaffCall, filter: SheetFilter) {
  const { shopId } = call.params
  const inFull = staffOf(call).permissions.has('customers.personal-data')
  await deps.db.tx({ shopId }, (tx) =>
    record(tx, deps.clock, call, {
      action: 'fulfilment.download-ship-sheet',
      entity: 'ship-sheet',
      entityId: shopId,
      summary: `下载待发货表${inFull ? '（含收货人信息）' : ''}`,
    }),
  )
  async function* pages() {
    let beforeId: string | undefined
    for (let count = 0; count < MAX_PARCELS; count += PAGE) {
      const { rows, receivers } = await deps.db.read({ shopId }, async (tx) => {
        const { warehouseId, waveId, orderIds } = filter
        const states = ['awaiting', 'picking'] as const
        const found = await listParcels(tx, shopId, { warehouseId, waveId, orderIds, states, beforeId, limit: PAGE })
        const views = await parcelViews(tx, deps, shopId, found)
        const ids = views.map((view) => view.orders[0]!.id)
        return { rows: views, receivers: inFull ? await deps.orders.receiversOf(tx, shopId, ids) : undefined }
      })
      yield rows.map((row) => cellsOf(row, receivers?.get(row.orders[0]!.id)))
      if (rows.length < PAGE) return
      beforeId = rows.at(-1)!.id
    }
  }
  const name = `待发货-${localDay(deps.clock.instant())}`
  if (filter.format === 'xlsx')
    return { name: `${name}.xlsx`, type: XLSX, body: xlsxStream('待发货', COLUMNS, pages()) }
  const gb = filter.format === 'csv-gb18030'
  const header = COLUMNS.map((column) => column.title)
  return {
    name: `${name}.csv`,
    type: `text/csv; charset=${gb ? 'gb18030' : 'utf-8'}`,
    body: csvStream(header, pages(), gb ? 'gb18030' : 'utf-8'),
  }
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

function cellsOf(
  row: ParcelView,
  receiver: { name: string; phone: string; street: string; detail: string } | undefined,
): (string | number)[] {
  const goods = row.lines.map(
    (line) => `${[line.title, line.options].filter((part) => part !== '').join(' ')} ×${line.quantity}`,
  )
  return [
    row.code,
    row.orders.map((order) => order.orderNo).join(' '),
    receiver?.name ?? row.receiver,
    receiver?.phone ?? row.receiverPhone,
    receiver ? `${row.region.replaceAll(' ', '')}${receiver.street}${receiver.detail}` : row.region,
    goods.join('；'),
    row.units,
    row.warehouseName,
    row.orders
      .map((order) => order.buyerNote)
      .filter((note) => note !== '')
      .join('；'),
    row.packingNote,
    CARRIERS[row.carrierCode],
    '',
  ]
}
