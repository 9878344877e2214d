import { z } from 'zod'
import { FenAmount, Id, Instant, optionalText, Picture, PriceFen, text } from './common.ts'
import { ZERO_FEN } from './money.ts'

/** How an order leaves: by courier, delivered in the same city within hours, or fetched by the buyer. */
export const DeliveryMethod = z.enum(['courier', 'same-city', 'pick-up']).meta({ id: 'DeliveryMethod' })
export type DeliveryMethod = z.infer<typeof DeliveryMethod>

export const DELIVERY_METHODS: Record<DeliveryMethod, { zh: string; en: string }> = {
  courier: { zh: '快递配送', en: 'Courier' },
  'same-city': { zh: '同城配送', en: 'Same-city delivery' },
  'pick-up': { zh: '到店自提', en: 'Pick-up' },
}

/** Degrees, GCJ-02 as WeChat and Chinese maps use. */
export const GeoPoint = z
  .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
  .meta({ id: 'GeoPoint' })
export type GeoPoint = z.infer<typeof GeoPoint>

/** What the buyer chose: a point for pick-up; for same-city, where the address is when the buyer told. */
export const DeliveryChoice = z
  .object({ method: DeliveryMethod, pointId: Id.optional(), location: GeoPoint.optional() })
  .meta({ id: 'DeliveryChoice' })
export type DeliveryChoice = z.infer<typeof DeliveryChoice>

/** A time of day in the shop's time zone. */
export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间写成 09:00 这样')
  .meta({ id: 'TimeOfDay' })

export const PickUpPoint = z
  .object({
    id: Id,
    name: z.string(),
    province: z.string(),
    city: z.string(),
    district: z.string(),
    address: z.string(),
    phone: z.string(),
    opensAt: TimeOfDay,
    closesAt: TimeOfDay,
    location: GeoPoint.nullable(),
    /** Metres from where the buyer is; null when that is not known. */
    distanceMeters: z.int().nullable(),
  })
  .meta({ id: 'PickUpPoint' })
export type PickUpPoint = z.infer<typeof PickUpPoint>

/** A pick-up point as the console sees it. */
export const MerchantPickUpPoint = z
  .object({
    ...PickUpPoint.shape,
    active: z.boolean(),
    /** Orders are served from this warehouse; null: from whichever has the goods. */
    warehouseId: Id.nullable(),
    warehouseName: z.string(),
    /** Who may hand over here; empty: everybody with the permission. */
    staffIds: z.array(Id).max(50),
    waitingOrders: z.int(),
    version: z.int(),
  })
  .meta({ id: 'MerchantPickUpPoint' })
export type MerchantPickUpPoint = z.infer<typeof MerchantPickUpPoint>

const phone = z
  .string()
  .trim()
  .regex(/^[\d+() -]{5,20}$/, '请填写电话号码')

export const PickUpPointInput = z
  .object({
    name: text(40),
    province: text(40),
    city: text(40),
    district: optionalText(40),
    address: text(120),
    phone,
    opensAt: TimeOfDay.default('09:00'),
    closesAt: TimeOfDay.default('21:00'),
    location: GeoPoint.nullable().default(null),
    active: z.boolean().default(true),
    warehouseId: Id.nullable().default(null),
    staffIds: z.array(Id).max(50).default([]),
  })
  .refine((point) => point.opensAt < point.closesAt, { message: '打烊时间要晚于开门时间', path: ['closesAt'] })

/** Where the shop delivers itself, and what that costs there. The first zone that fits counts. */
export const SameCityZone = z
  .object({
    name: text(30),
    /** Districts by name; empty: by distance alone. */
    districts: z.array(text(40)).max(60).default([]),
    /** Metres from the shop at most; null: by district alone. */
    maxMeters: z.int().min(100).max(100_000).nullable().default(null),
    feeFen: PriceFen,
    /** Delivered free from this amount of goods on; null is never. */
    freeFromFen: PriceFen.nullable().default(null),
    /** Goods for at least this much. */
    minGoodsFen: PriceFen.default(ZERO_FEN),
    /** Minutes promised here, when other than the shop's. */
    promiseMinutes: z.int().min(15).max(1440).nullable().default(null),
  })
  .refine((zone) => zone.districts.length > 0 || zone.maxMeters !== null, {
    message: '请选择区县，或填写配送半径',
    path: ['maxMeters'],
  })
export type SameCityZone = z.infer<typeof SameCityZone>

const sameCity = {
  province: text(40),
  city: text(40),
  /** Where the shop stands; needed for zones by distance. */
  location: GeoPoint.nullable().default(null),
  opensAt: TimeOfDay.default('09:00'),
  closesAt: TimeOfDay.default('21:00'),
  /** Served from this warehouse; null: from whichever has the goods. */
  warehouseId: Id.nullable().default(null),
  zones: z.array(SameCityZone).min(1, '至少要有一个配送区域').max(20),
}
export const SameCityArea = z.object({ ...sameCity, version: z.int() }).meta({ id: 'SameCityArea' })
export type SameCityArea = z.infer<typeof SameCityArea>
export const SameCityInput = z
  .object({ ...sameCity, version: z.int().min(0) })
  .refine((area) => area.opensAt < area.closesAt, { message: '结束时间要晚于开始时间', path: ['closesAt'] })
  .refine((area) => area.location !== null || area.zones.every((zone) => zone.maxMeters === null), {
    message: '按距离配送要先填写门店位置',
    path: ['location'],
  })

/** One way an order could go, with fee and promise; or why not. */
export const DeliveryOption = z
  .object({
    method: DeliveryMethod,
    available: z.boolean(),
    /** Why it cannot be chosen, in words. */
    reason: z.string().nullable(),
    feeFen: FenAmount.nullable(),
    /** “下单付款后 2 小时内送达” and the like. */
    promise: z.string(),
    /** When it would be there if it were paid now; null for couriers. */
    promisedAt: Instant.nullable(),
    /** How the fee came about. */
    note: z.string(),
    /** Whether it would depend on where the address is, and the buyer has not told. */
    needsPlace: z.boolean(),
  })
  .meta({ id: 'DeliveryOption' })
export type DeliveryOption = z.infer<typeof DeliveryOption>

export const DeliveryState = z.enum([
  'awaiting-payment',
  'preparing',
  'ready',
  'on-the-way',
  'done',
  'expired',
  'ended',
])
export type DeliveryState = z.infer<typeof DeliveryState>
export const DELIVERY_STATES: Record<DeliveryState, { zh: string; en: string }> = {
  'awaiting-payment': { zh: '待付款', en: 'Awaiting payment' },
  preparing: { zh: '备货中', en: 'Being prepared' },
  ready: { zh: '待自提', en: 'Ready for pick-up' },
  'on-the-way': { zh: '配送中', en: 'On the way' },
  done: { zh: '已完成', en: 'Done' },
  expired: { zh: '逾期未取', en: 'Not fetched in time' },
  ended: { zh: '已关闭', en: 'Closed' },
}

/** How an order that does not go by courier is brought to its buyer. */
const OrderDelivery = z.object({
  method: DeliveryMethod,
  state: DeliveryState,
  feeFen: FenAmount,
  promiseMinutes: z.int(),
  /** By when it is promised; null until it is paid. */
  promisedAt: Instant.nullable(),
  late: z.boolean(),
  readyAt: Instant.nullable(),
  /** Kept at the point until then. */
  keepUntil: Instant.nullable(),
  doneAt: Instant.nullable(),
  point: PickUpPoint.nullable(),
  rider: z.object({ name: z.string(), phone: z.string() }).nullable(),
})

export const TrackState = z.enum(['waiting', 'collected', 'in-transit', 'delivering', 'signed', 'problem', 'returned'])
export type TrackState = z.infer<typeof TrackState>
export const TRACK_STATES: Record<TrackState, { zh: string; en: string }> = {
  waiting: { zh: '待揽收', en: 'Waiting for collection' },
  collected: { zh: '已揽收', en: 'Collected' },
  'in-transit': { zh: '运输中', en: 'In transit' },
  delivering: { zh: '派送中', en: 'Out for delivery' },
  signed: { zh: '已签收', en: 'Signed for' },
  problem: { zh: '疑难件', en: 'Problem' },
  returned: { zh: '已退回', en: 'Returned' },
}

export const TrackEvent = z.object({ at: Instant, text: z.string(), state: TrackState, area: z.string() })

/** Where a parcel is, as its carrier tells; newest first. */
export const ParcelTrack = z
  .object({
    shipmentId: Id,
    carrierCode: z.string(),
    carrierName: z.string(),
    trackingNo: z.string(),
    state: TrackState,
    /** When the carrier told of something last. */
    movedAt: Instant.nullable(),
    signedAt: Instant.nullable(),
    /** Whether the carrier tells us of this parcel. */
    following: z.enum(['asking', 'following', 'ended', 'unsupported', 'failed', 'off']),
    events: z.array(TrackEvent).max(200),
  })
  .meta({ id: 'ParcelTrack' })
export type ParcelTrack = z.infer<typeof ParcelTrack>

/** A message the shop wrote to the buyer about an order. */
export const OrderNotice = z.object({ id: Id, at: Instant, title: z.string(), text: z.string() })

/** What the buyer's order page shows beside the order itself. */
export const OrderFollowUp = z
  .object({
    delivery: OrderDelivery.extend({
      /** What the buyer shows at the point; null when there is nothing to show. */
      code: z.string().nullable(),
      codeQrSvg: z.string().nullable(),
    }).nullable(),
    parcels: z.array(ParcelTrack).max(100),
    notices: z.array(OrderNotice).max(20),
  })
  .meta({ id: 'OrderFollowUp' })
export type OrderFollowUp = z.infer<typeof OrderFollowUp>

/** The same for staff: without the code, which is the buyer's to show. */
export const MerchantFollowUp = z
  .object({
    delivery: OrderDelivery.nullable(),
    parcels: z.array(ParcelTrack).max(100),
    notices: z.array(OrderNotice).max(20),
  })
  .meta({ id: 'MerchantFollowUp' })
export type MerchantFollowUp = z.infer<typeof MerchantFollowUp>

/** An order in front of staff who hand it over: what to give to whom. */
export const PickUpOrder = z
  .object({
    orderId: Id,
    orderNo: z.string(),
    state: DeliveryState,
    receiver: z.string(),
    receiverPhone: z.string(),
    buyerNote: z.string(),
    pointId: Id,
    pointName: z.string(),
    paidAt: Instant.nullable(),
    promisedAt: Instant.nullable(),
    readyAt: Instant.nullable(),
    keepUntil: Instant.nullable(),
    doneAt: Instant.nullable(),
    totalFen: FenAmount,
    /** Why it cannot be handed over now, in words. */
    problem: z.string().nullable(),
    lines: z
      .array(
        z.object({
          skuId: Id,
          title: z.string(),
          options: z.string(),
          picture: Picture.nullable(),
          quantity: z.int(),
        }),
      )
      .max(50),
  })
  .meta({ id: 'PickUpOrder' })
export type PickUpOrder = z.infer<typeof PickUpOrder>

/** A same-city or pick-up order in the console's list of what has to be ready by when. */
export const LocalOrderRow = z
  .object({
    orderId: Id,
    orderNo: z.string(),
    method: DeliveryMethod,
    state: DeliveryState,
    receiver: z.string(),
    receiverPhone: z.string(),
    region: z.string(),
    pointName: z.string(),
    itemCount: z.int(),
    paidAt: Instant.nullable(),
    promisedAt: Instant.nullable(),
    keepUntil: Instant.nullable(),
    late: z.boolean(),
    rider: z.object({ name: z.string(), phone: z.string() }).nullable(),
  })
  .meta({ id: 'LocalOrderRow' })
export type LocalOrderRow = z.infer<typeof LocalOrderRow>

/** The eight digits a buyer shows, with or without a space. */
export const PickUpCode = z
  .string()
  .trim()
  .transform((code) => code.replace(/\s/g, ''))
  .pipe(z.string().regex(/^\d{8}$/, '取货码是 8 位数字'))
