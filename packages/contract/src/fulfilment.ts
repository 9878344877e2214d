import { z } from 'zod'
import { Carrier, TrackingNo } from './carriers.ts'
import { Id, Instant, optionalText, Picture, text } from './common.ts'
import { ServiceLevel } from './routing.ts'
import { OrderState } from './trade.ts'

/** WeChat takes at most this many parcels for one payment. */
export const MAX_PARCELS_PER_ORDER = 15
/** Parcels, or orders, in one bulk action. */
export const MAX_BULK = 200
export const MAX_SHIP_ROWS = 2000

/** `awaiting → picking → packed → shipped`; `cancelled` when nothing is left to put into it. */
export const PARCEL_STATES = {
  awaiting: { zh: '待拣货', en: 'Awaiting' },
  picking: { zh: '拣货中', en: 'Picking' },
  packed: { zh: '已打包', en: 'Packed' },
  shipped: { zh: '已发货', en: 'Shipped' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
} as const
export type ParcelState = keyof typeof PARCEL_STATES
export const ParcelState = z.enum(Object.keys(PARCEL_STATES) as [ParcelState, ...ParcelState[]])

export const WAVE_STATES = {
  awaiting: { zh: '待拣货', en: 'Awaiting' },
  picking: { zh: '拣货中', en: 'Picking' },
  packed: { zh: '已打包', en: 'Packed' },
  shipped: { zh: '已发货', en: 'Shipped' },
} as const
export type WaveState = keyof typeof WAVE_STATES
export const WaveState = z.enum(Object.keys(WAVE_STATES) as [WaveState, ...WaveState[]])

export const ParcelLine = z.object({
  orderId: Id,
  orderNo: z.string(),
  line: z.int(),
  skuId: Id,
  skuCode: z.string(),
  barcode: z.string(),
  title: z.string(),
  options: z.string(),
  picture: Picture.nullable(),
  quantity: z.int(),
})

/** What is to leave, or has left, in one box: from one warehouse, of one order or of several of one buyer. */
export const Parcel = z
  .object({
    id: Id,
    /** The barcode on slip and label. */
    code: z.string(),
    state: ParcelState,
    version: z.int(),
    warehouseId: Id,
    warehouseName: z.string(),
    carrierCode: Carrier,
    carrierName: z.string(),
    service: ServiceLevel.nullable(),
    prePack: z.boolean(),
    packingNote: z.string(),
    trackingNo: z.string().nullable(),
    waveId: Id.nullable(),
    waveCode: z.string().nullable(),
    orders: z.array(z.object({ id: Id, orderNo: z.string(), state: OrderState, buyerNote: z.string() })),
    receiver: z.string(),
    receiverPhone: z.string(),
    region: z.string(),
    units: z.int(),
    lines: z.array(ParcelLine),
    /** When it is handed over by itself; until then packing can be undone. */
    handOverAt: Instant.nullable(),
    packedBy: z.string().nullable(),
    shippedAt: Instant.nullable(),
    /** Why it could not be handed over. */
    problem: z.string().nullable(),
    /** How often slip and label were printed. */
    printed: z.object({ slip: z.int(), label: z.int() }),
    createdAt: Instant,
  })
  .meta({ id: 'Parcel' })
export type Parcel = z.infer<typeof Parcel>

export const Wave = z
  .object({
    id: Id,
    code: z.string(),
    name: z.string(),
    state: WaveState,
    warehouseId: Id,
    warehouseName: z.string(),
    parcels: z.int(),
    packed: z.int(),
    shipped: z.int(),
    units: z.int(),
    pickingPrinted: z.int(),
    createdBy: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'Wave' })
export type Wave = z.infer<typeof Wave>

/** How each of many came out; what failed did not stop the others. */
export const BulkResult = z.object({
  done: z.int(),
  failed: z.array(z.object({ id: Id, label: z.string(), reason: z.string() })).max(MAX_BULK),
})

export const PrintKind = z.enum(['picking', 'slip', 'label'])
export type PrintKind = z.infer<typeof PrintKind>

const PrintHead = z.object({
  /** 1 for the first print; more is a reprint. */
  nth: z.int(),
  lastPrintedAt: Instant.nullable(),
  lastPrintedBy: z.string(),
})

export const PickingList = z.object({
  ...PrintHead.shape,
  warehouseName: z.string(),
  waveCode: z.string().nullable(),
  parcels: z.int(),
  units: z.int(),
  /** Totals for each SKU, in the order of bins. */
  lines: z.array(
    z.object({
      bin: z.string(),
      skuId: Id,
      skuCode: z.string(),
      barcode: z.string(),
      title: z.string(),
      options: z.string(),
      quantity: z.int(),
      parcels: z.array(z.object({ code: z.string(), quantity: z.int() })),
    }),
  ),
})
export type PickingList = z.infer<typeof PickingList>

export const ParcelPrint = z.object({
  ...PrintHead.shape,
  parcel: Parcel,
  /** In full on labels; masked on slips. */
  receiver: z.object({ name: z.string(), phone: z.string(), region: z.string(), detail: z.string() }),
})
export type ParcelPrint = z.infer<typeof ParcelPrint>

export const PrintJob = z
  .object({
    kind: PrintKind,
    shopName: z.string(),
    printedAt: Instant,
    printedBy: z.string(),
    picking: z.array(PickingList),
    parcels: z.array(ParcelPrint),
  })
  .meta({ id: 'PrintJob' })
export type PrintJob = z.infer<typeof PrintJob>

export const ShipRowState = z.enum(['ready', 'shipped', 'same', 'refused'])

export const ShipRow = z.object({
  /** The row's number in the spreadsheet. */
  line: z.int(),
  code: z.string(),
  carrierText: z.string(),
  carrierCode: Carrier.nullable(),
  trackingNo: z.string(),
  state: ShipRowState,
  /** Why it was refused; or what was understood of it. */
  reason: z.string(),
})
export type ShipRow = z.infer<typeof ShipRow>

/** An uploaded list of tracking numbers. */
export const ShipFile = z
  .object({
    id: Id,
    fileName: z.string(),
    total: z.int(),
    ready: z.int(),
    shipped: z.int(),
    same: z.int(),
    refused: z.int(),
    createdBy: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'ShipFile' })
export type ShipFile = z.infer<typeof ShipFile>

export const PackInput = z.object({
  /** Left out: recognised from the number, else the parcel's own. */
  carrierCode: Carrier.optional(),
  trackingNo: TrackingNo,
})

export const AssignInput = z
  .object({
    orderIds: z.array(Id).min(1).max(MAX_BULK),
    warehouseId: Id.optional(),
    carrierCode: Carrier.optional(),
  })
  .refine((input) => input.warehouseId !== undefined || input.carrierCode !== undefined, '请选择仓库或快递公司')

export const SplitInput = z.object({
  version: z.int(),
  lines: z
    .array(z.object({ orderId: Id, line: z.int().min(0), quantity: z.int().min(1).max(9999) }))
    .min(1)
    .max(100),
})

export const WaveInput = z.object({ orderIds: z.array(Id).min(1).max(MAX_BULK), name: optionalText(40) })

export const BinInput = z.object({
  warehouseId: Id,
  bins: z
    .array(z.object({ skuId: Id, bin: z.string().trim().max(20) }))
    .min(1)
    .max(MAX_BULK),
})

export const ScanCode = text(60)
