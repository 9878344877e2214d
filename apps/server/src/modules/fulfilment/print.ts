import type { PrintJob, PrintKind } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { FulfilmentDeps } from './deps.ts'
import { syncParcels } from './plan-parcels.ts'
import { parcelNotFound } from './ship-parcel.ts'
import { actorOf, record, type StaffCall, staffOf } from './staff.ts'
import { listParcels, OPEN_STATES, type ParcelRow, parcelIdsOfOrders, parcelsByIds } from './store-parcels.ts'
import { binsOf, insertPrints, lastPrints } from './store-prints.ts'
import { waveCodes } from './store-waves.ts'
import { type ParcelView, parcelViews } from './views.ts'

export interface PrintWhat {
  kind: PrintKind
  waveId?: string | undefined
  parcelIds?: readonly string[] | undefined
  orderIds?: readonly string[] | undefined
}

type JobView = z.input<typeof PrintJob>
const MAX_PARCELS = 400
const PERSONAL = 'customers.personal-data'

/**
 * What is to be printed; that it was, by whom and for which time, is written in the same transaction. Labels name the
 * receiver in full: only for those who may see it, and audited.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function print(tx: Tx, deps: FulfilmentDeps, call: StaffCall, what: PrintWhat): Promise<JobView> {
  const { shopId } = call.params
  const { kind } = what
  if (kind === 'label' && !staffOf(call).permissions.has(PERSONAL))
    throw new AppError('FORBIDDEN', { values: { permission: PERSONAL } })
  const rows = await parcelsFor(tx, deps, shopId, what)
  if (rows.length === 0) throw parcelNotFound()
  const views = await parcelViews(tx, deps, shopId, rows)
  // Two people who print at once are the first and the second, never both the first.
  await lockInOrder(tx, [`prints:${shopId}`])
  const printedAt = deps.clock.instant()
  const printedBy = actorOf(call).name ?? ''
  const job: JobView = {
    ...{ kind, printedAt, printedBy, picking: [], parcels: [] },
    shopName: (await deps.parties.shopsByIds(tx, [shopId])).get(shopId)?.name ?? '',
  }
  const by = { printedAt, printedBy }
  if (kind === 'picking') job.picking = await pickingLists(tx, shopId, views, what.waveId, by)
  else job.parcels = await parcelPrints(tx, deps, shopId, views, kind, by)
  await record(tx, deps.clock, call, {
    action: 'fulfilment.print',
    entity: what.waveId === undefined ? 'parcel' : 'wave',
    entityId: what.waveId ?? rows[0]!.id,
    summary: `打印${WORDS[kind]}，${rows.length} 个包裹：${rows
      .slice(0, 5)
      .map((row) => row.code)
      .join('、')}${rows.length > 5 ? ' 等' : ''}`,
  })
  return job
}

const WORDS: Record<PrintKind, string> = { picking: '拣货单', slip: '装箱单', label: '面单（含完整地址）' }

async function parcelsFor(tx: Tx, deps: FulfilmentDeps, shopId: string, what: PrintWhat): Promise<ParcelRow[]> {
  const { waveId, parcelIds, orderIds, kind } = what
  // What has left needs no picking; slips and labels are printed again for boxes that were damaged.
  const states = kind === 'picking' ? OPEN_STATES : [...OPEN_STATES, 'shipped' as const]
  if (orderIds !== undefined) await syncParcels(tx, deps, shopId, orderIds)
  const rows =
    waveId !== undefined
      ? await listParcels(tx, shopId, { waveId, limit: MAX_PARCELS })
      : await parcelsByIds(tx, shopId, parcelIds ?? (await parcelIdsOfOrders(tx, shopId, orderIds!, states)))
  return rows.filter((row) => states.includes(row.state)).toSorted((a, b) => (a.code < b.code ? -1 : 1))
}

interface By {
  printedAt: string
  printedBy: string
}

/** A list for each warehouse: totals of each SKU, in the order of bins, then of codes. */
async function pickingLists(
  tx: Tx,
  shopId: string,
  parcels: readonly ParcelView[],
  waveId: string | undefined,
  by: By,
): Promise<JobView['picking']> {
  const skuIds = [...new Set(parcels.flatMap((parcel) => parcel.lines.map((line) => line.skuId)))]
  const bins = await binsOf(tx, shopId, skuIds)
  const waveCode = waveId === undefined ? null : ((await waveCodes(tx, shopId, [waveId])).get(waveId) ?? null)
  const groups = [...Map.groupBy(parcels, (parcel) => parcel.warehouseId)]
  const subject = (own: readonly ParcelView[]) => waveId ?? own[0]!.id
  const before = await lastPrints(
    tx,
    shopId,
    'picking',
    groups.map(([, own]) => subject(own)),
  )
  const lists = groups.map(([warehouseId, own]): JobView['picking'][number] => {
    const lines = new Map<string, JobView['picking'][number]['lines'][number]>()
    for (const parcel of own)
      for (const { skuId, skuCode, barcode, title, options, quantity } of parcel.lines) {
        const bin = bins.get(`${warehouseId}/${skuId}`) ?? ''
        const line = lines.get(skuId) ?? { bin, skuId, skuCode, barcode, title, options, quantity: 0, parcels: [] }
        line.quantity += quantity
        const same = line.parcels.find((each) => each.code === parcel.code)
        if (same) same.quantity += quantity
        else line.parcels.push({ code: parcel.code, quantity })
        lines.set(skuId, line)
      }
    const last = before.get(subject(own))
    return {
      nth: (last?.nth ?? 0) + 1,
      lastPrintedAt: last?.printedAt ?? null,
      lastPrintedBy: last?.printedBy ?? '',
      warehouseName: own[0]!.warehouseName,
      waveCode,
      parcels: own.length,
      units: own.reduce((sum, parcel) => sum + parcel.units, 0),
      lines: [...lines.values()].sort(byBin),
    }
  })
  await insertPrints(
    tx,
    shopId,
    groups.map(([, own], index) => ({
      ...by,
      kind: 'picking',
      subjectId: subject(own),
      label: waveCode ?? `${own[0]!.code}${own.length > 1 ? ` 等 ${own.length} 个包裹` : ''}`,
      nth: lists[index]!.nth,
    })),
  )
  return lists
}

/** SKUs without a bin come last. Numbers within bins and codes count as numbers: A-2 before A-10. */
export function byBin(a: { bin: string; skuCode: string }, b: { bin: string; skuCode: string }): number {
  if ((a.bin === '') !== (b.bin === '')) return a.bin === '' ? 1 : -1
  const compare = (x: string, y: string) => x.localeCompare(y, 'zh', { numeric: true })
  return compare(a.bin, b.bin) || compare(a.skuCode, b.skuCode)
}

async function parcelPrints(
  tx: Tx,
  { orders }: FulfilmentDeps,
  shopId: string,
  parcels: readonly ParcelView[],
  kind: 'slip' | 'label',
  by: By,
): Promise<JobView['parcels']> {
  const before = await lastPrints(
    tx,
    shopId,
    kind,
    parcels.map((parcel) => parcel.id),
  )
  const first = (parcel: ParcelView) => parcel.orders[0]!.id
  const receivers = kind === 'label' ? await orders.receiversOf(tx, shopId, parcels.map(first)) : new Map()
  const prints = parcels.map((parcel): JobView['parcels'][number] => {
    const last = before.get(parcel.id)
    const receiver = receivers.get(first(parcel))
    return {
      nth: (last?.nth ?? 0) + 1,
      lastPrintedAt: last?.printedAt ?? null,
      lastPrintedBy: last?.printedBy ?? '',
      parcel,
      receiver: {
        name: receiver?.name ?? parcel.receiver,
        phone: receiver?.phone ?? parcel.receiverPhone,
        region: parcel.region,
        detail: receiver ? `${receiver.street}${receiver.detail}` : '',
      },
    }
  })
  await insertPrints(
    tx,
    shopId,
    prints.map(({ parcel, nth }) => ({ ...by, kind, subjectId: parcel.id, label: parcel.code, nth })),
  )
  return prints
}
