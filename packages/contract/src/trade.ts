import { z } from 'zod'
import { FenAmount, Id, Instant, Picture, PriceFen, Quantity, text } from './common.ts'
import { DeliveryMethod } from './delivery.ts'
import { PriceTag } from './price-tag.ts'

const CartLine = z.object({
  skuId: Id,
  productId: Id,
  title: z.string(),
  options: z.string(),
  picture: Picture.nullable(),
  quantity: Quantity,
  selected: z.boolean(),
  priceFen: PriceFen,
  priceTag: PriceTag.optional(),
  /** What the price was when the line was added; differs when the price has moved. */
  addedPriceFen: PriceFen,
  available: z.int(),
  /** Provinces these goods are made for and go to; empty: everywhere. */
  soldIn: z.array(z.string()),
  /** Why the line cannot be bought now, or null. */
  problem: z.enum(['off-sale', 'sold-out', 'short']).nullable(),
})

export const Cart = z
  .object({
    /** For a client without cookies (mini program) that is not signed in: send it as `x-guest-token`. */
    guestToken: z.string().nullable(),
    shops: z.array(
      z.object({ shopId: Id, shopName: z.string(), lines: z.array(CartLine), selectedTotalFen: FenAmount }),
    ),
    count: z.int(),
  })
  .meta({ id: 'Cart' })
export type Cart = z.infer<typeof Cart>

/** Who bears a discount. */
export const Payer = z.enum(['merchant', 'platform', 'creator'])

/** One step from list price to what is paid, for one line; `fen` is negative for a discount. */
export const Adjustment = z
  .object({
    source: z.string(),
    label: z.string(),
    payer: Payer,
    /** Index of the line; null for freight. */
    line: z.int().nullable(),
    fen: FenAmount,
    /** The share of each unit of the line; adds up to `fen`. */
    unitFen: z.array(FenAmount),
  })
  .meta({ id: 'Adjustment' })

export const Quote = z
  .object({
    lines: z.array(
      z.object({
        skuId: Id,
        productId: Id,
        title: z.string(),
        options: z.string(),
        picture: Picture.nullable(),
        quantity: Quantity,
        unitPriceFen: PriceFen,
        priceTag: PriceTag.optional(),
        /** Why it is this price, in words; empty for the base price. */
        priceNote: z.string().optional(),
        listTotalFen: FenAmount,
        payTotalFen: FenAmount,
        /** What each unit costs the buyer, after all adjustments; adds up to `payTotalFen`. */
        unitPayFen: z.array(FenAmount),
        available: z.int(),
        /** Provinces these goods are made for and go to; empty: everywhere. */
        soldIn: z.array(z.string()),
        /** Why the line cannot be bought now, or sent where it should go; or null. */
        problem: z.enum(['off-sale', 'sold-out', 'short', 'other-region']).nullable(),
      }),
    ),
    adjustments: z.array(Adjustment),
    /** Offers that did not apply, and why, in words. */
    refusals: z.array(z.object({ source: z.string(), reason: z.string() })),
    goodsFen: FenAmount,
    discountFen: FenAmount,
    freightFen: FenAmount,
    freightNote: z.string(),
    totalFen: FenAmount,
    /** Whether the address can be served; null when none was given. */
    deliverable: z.boolean().nullable(),
  })
  .meta({ id: 'Quote' })
export type Quote = z.infer<typeof Quote>

export const OrderLineInput = z.object({ skuId: Id, quantity: Quantity })
export const OrderLines = z.array(OrderLineInput).min(1).max(50)

export const OrderState = z.enum([
  'awaiting-payment',
  'awaiting-shipment',
  'shipped',
  'completed',
  'cancelled',
  'refunding',
  'refunded',
])
export type OrderState = z.infer<typeof OrderState>

export const ORDER_STATES: Record<OrderState, { zh: string; en: string }> = {
  'awaiting-payment': { zh: '待付款', en: 'Awaiting payment' },
  'awaiting-shipment': { zh: '待发货', en: 'Awaiting shipment' },
  shipped: { zh: '待收货', en: 'Shipped' },
  completed: { zh: '已完成', en: 'Completed' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
  refunding: { zh: '退款中', en: 'Refunding' },
  refunded: { zh: '已退款', en: 'Refunded' },
}

export const Shipment = z
  .object({
    id: Id,
    orderId: Id,
    orderNo: z.string(),
    method: DeliveryMethod,
    carrierCode: z.string(),
    carrierName: z.string(),
    trackingNo: z.string(),
    warehouseName: z.string(),
    lines: z.array(z.object({ skuId: Id, title: z.string(), options: z.string(), quantity: z.int() })),
    shippedAt: Instant,
    /** Whether WeChat has accepted the shipping information (obligatory for its funds). */
    reportedToWechat: z.enum(['not-needed', 'pending', 'accepted', 'failed']),
  })
  .meta({ id: 'Shipment' })
export type Shipment = z.infer<typeof Shipment>

const OrderLine = z.object({
  line: z.int(),
  skuId: Id,
  productId: Id,
  title: z.string(),
  options: z.string(),
  picture: Picture.nullable(),
  quantity: Quantity,
  unitPriceFen: PriceFen,
  /** Why it was this price, in words; empty for the base price. */
  priceNote: z.string().optional(),
  payTotalFen: FenAmount,
  shippedQuantity: z.int(),
})

const TimelineEntry = z.object({ at: Instant, event: z.string(), text: z.string(), actor: z.string() })

export const Payment = z
  .object({
    id: Id,
    /** `personal-code`: received by hand, by a code of the merchant's own. */
    method: z.enum(['mini', 'jsapi', 'h5', 'native', 'personal-code']),
    state: z.enum(['created', 'pending', 'paid', 'closed', 'failed']),
    amountFen: FenAmount,
    outTradeNo: z.string(),
    transactionId: z.string().nullable(),
    paidAt: Instant.nullable(),
    /** Paid together with other orders 合单: the number of the whole at WeChat, and how many orders it pays. */
    combined: z.object({ no: z.string(), orders: z.int().min(2) }).nullable(),
  })
  .meta({ id: 'Payment' })
export type Payment = z.infer<typeof Payment>

export const Refund = z
  .object({
    id: Id,
    state: z.enum(['created', 'processing', 'succeeded', 'failed']),
    amountFen: FenAmount,
    reason: z.string(),
    outRefundNo: z.string(),
    requestedBy: z.enum(['buyer', 'merchant', 'system']),
    /** What WeChat last answered to a refund that has not gone through; staff see it, buyers never do. */
    lastError: z.string().nullable(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Refund' })

/** A payment or a refund in the lists of the shop's money. */
const MoneyRow = z.object({ orderId: Id, orderNo: z.string(), lastError: z.string().nullable(), createdAt: Instant })
export const PaymentRow = Payment.extend(MoneyRow.shape)
  .extend({
    /** Whether the order took the money; null until it is paid. */
    taken: z.boolean().nullable(),
    refundedFen: FenAmount,
    refundingFen: FenAmount,
  })
  .meta({ id: 'PaymentRow' })
export type PaymentRow = z.infer<typeof PaymentRow>
export const RefundRow = Refund.extend(MoneyRow.shape)
  .extend({ outTradeNo: z.string(), refundId: z.string().nullable(), attempts: z.int().min(0) })
  .meta({ id: 'RefundRow' })
export type RefundRow = z.infer<typeof RefundRow>

export const OrderSummary = z
  .object({
    id: Id,
    shopId: Id,
    shopName: z.string(),
    orderNo: z.string(),
    state: OrderState,
    deliveryMethod: DeliveryMethod,
    totalFen: FenAmount,
    itemCount: z.int(),
    lines: z.array(OrderLine).max(50),
    placedAt: Instant,
    payBefore: Instant.nullable(),
  })
  .meta({ id: 'OrderSummary' })
export type OrderSummary = z.infer<typeof OrderSummary>

export const Order = z
  .object({
    ...OrderSummary.shape,
    buyerId: Id,
    goodsFen: FenAmount,
    discountFen: FenAmount,
    freightFen: FenAmount,
    paidFen: FenAmount,
    refundedFen: FenAmount,
    adjustments: z.array(Adjustment),
    address: z.object({
      name: z.string(),
      phone: z.string(),
      province: z.string(),
      city: z.string(),
      district: z.string(),
      street: z.string(),
      detail: z.string(),
    }),
    buyerNote: z.string(),
    cancelReason: z.string().nullable(),
    paidAt: Instant.nullable(),
    shippedAt: Instant.nullable(),
    /** When receipt is confirmed by itself. */
    autoReceiveAt: Instant.nullable(),
    completedAt: Instant.nullable(),
    payments: z.array(Payment),
    refunds: z.array(Refund),
    shipments: z.array(Shipment),
    timeline: z.array(TimelineEntry),
  })
  .meta({ id: 'Order' })
export type Order = z.infer<typeof Order>

/** The channel account whose link or code brought the buyer, as it was when the order was placed. */
const OrderSource = z.object({ accountId: Id, name: z.string() }).nullable()

export const MerchantOrderRow = z
  .object({
    ...OrderSummary.shape,
    buyerNickname: z.string(),
    receiver: z.string(),
    receiverPhone: z.string(),
    region: z.string(),
    paidAt: Instant.nullable(),
    source: OrderSource,
    /** How it leaves; null while it has no parcel. */
    fulfilment: z
      .object({
        warehouses: z.array(z.string()),
        carriers: z.array(z.string()),
        prePack: z.boolean(),
        waves: z.array(z.string()),
      })
      .nullable(),
  })
  .meta({ id: 'MerchantOrderRow' })
export type MerchantOrderRow = z.infer<typeof MerchantOrderRow>

export const MerchantOrder = z
  .object({
    ...Order.shape,
    buyerNickname: z.string(),
    merchantNote: z.string(),
    personalDataShown: z.boolean(),
    source: OrderSource,
  })
  .meta({ id: 'MerchantOrder' })
export type MerchantOrder = z.infer<typeof MerchantOrder>

/** What the client needs to let the buyer pay. */
export const PaymentStart = z
  .object({
    paymentId: Id,
    method: z.enum(['mini', 'jsapi', 'h5', 'native']),
    amountFen: FenAmount,
    expiresAt: Instant,
    /** For wx.requestPayment and WeixinJSBridge. */
    jsapi: z
      .object({
        appId: z.string(),
        timeStamp: z.string(),
        nonceStr: z.string(),
        package: z.string(),
        signType: z.literal('RSA'),
        paySign: z.string(),
      })
      .nullable(),
    h5Url: z.string().nullable(),
    codeUrl: z.string().nullable(),
    qrSvg: z.string().nullable(),
  })
  .meta({ id: 'PaymentStart' })
export type PaymentStart = z.infer<typeof PaymentStart>

export const FreightTemplate = z
  .object({
    id: Id,
    name: z.string(),
    isDefault: z.boolean(),
    version: z.int(),
    /** by piece, or by weight in grams */
    basis: z.enum(['piece', 'weight']),
    rules: z.array(
      z.object({
        /** Names of provinces; an empty list is everywhere else. */
        provinces: z.array(z.string().max(40)).max(40),
        deliverable: z.boolean(),
        firstUnits: z.int(),
        firstFen: PriceFen,
        moreUnits: z.int(),
        moreFen: PriceFen,
        /** Free from this goods amount on; null is never. */
        freeFromFen: PriceFen.nullable(),
      }),
    ),
    productCount: z.int(),
  })
  .meta({ id: 'FreightTemplate' })
export type FreightTemplate = z.infer<typeof FreightTemplate>

export const FreightInput = z.object({
  name: text(40),
  isDefault: z.boolean().default(false),
  basis: z.enum(['piece', 'weight']),
  rules: z
    .array(
      z.object({
        provinces: z.array(text(40)).max(40),
        deliverable: z.boolean().default(true),
        firstUnits: z.int().min(1).max(1_000_000),
        firstFen: PriceFen,
        moreUnits: z.int().min(1).max(1_000_000),
        moreFen: PriceFen,
        freeFromFen: PriceFen.nullable().default(null),
      }),
    )
    .min(1)
    .max(40),
})
