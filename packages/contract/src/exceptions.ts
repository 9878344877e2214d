import { z } from 'zod'
import {
  Address,
  FenAmount,
  Id,
  Instant,
  optionalText,
  PageQuery,
  Picture,
  page,
  ShopParams,
  shopParams,
  text,
} from './common.ts'
import { routes } from './route.ts'

/** What can go wrong with an order on its way. */
export const ExceptionKind = z.enum([
  'stalled-parcel',
  'problem-parcel',
  'shortage',
  'address-change',
  'hold',
  'late-shipment',
  'promise-risk',
  'overdue-pick-up',
])
export type ExceptionKind = z.infer<typeof ExceptionKind>
export const EXCEPTION_KINDS: Record<ExceptionKind, { zh: string; en: string }> = {
  'stalled-parcel': { zh: '物流停滞', en: 'Stalled parcel' },
  'problem-parcel': { zh: '疑难件', en: 'Problem parcel' },
  shortage: { zh: '缺货', en: 'Shortage' },
  'address-change': { zh: '改地址', en: 'Address change' },
  hold: { zh: '暂缓发货', en: 'On hold' },
  'late-shipment': { zh: '超时未发', en: 'Late shipment' },
  'promise-risk': { zh: '配送将超时', en: 'Promise at risk' },
  'overdue-pick-up': { zh: '逾期未取', en: 'Not fetched' },
}

/** Who has to act: staff, the buyer, or nobody any more. */
export const ExceptionState = z.enum(['open', 'waiting-buyer', 'resolved'])
export type ExceptionState = z.infer<typeof ExceptionState>
export const EXCEPTION_STATES: Record<ExceptionState, { zh: string; en: string }> = {
  open: { zh: '待处理', en: 'Open' },
  'waiting-buyer': { zh: '等买家', en: 'Waiting for the buyer' },
  resolved: { zh: '已解决', en: 'Resolved' },
}

/** Goods offered instead of what is missing. */
const Substitute = z.object({
  skuId: Id,
  productId: Id,
  title: z.string(),
  options: z.string(),
  picture: Picture.nullable(),
  quantity: z.int(),
  unitPriceFen: FenAmount,
  /** What goes back to the buyer when the substitute costs less. */
  refundFen: FenAmount,
})

const Entry = z.object({ at: Instant, text: z.string(), actor: z.string() })

export const OrderException = z
  .object({
    id: Id,
    kind: ExceptionKind,
    state: ExceptionState,
    orderId: Id,
    orderNo: z.string(),
    title: z.string(),
    detail: z.string(),
    ownerId: Id.nullable(),
    ownerName: z.string(),
    openedAt: Instant,
    /** When something happens by itself, or should have been done. */
    dueAt: Instant.nullable(),
    resolvedAt: Instant.nullable(),
    resolution: z.string(),
    substitute: Substitute.nullable(),
    history: z.array(Entry).max(100),
    version: z.int(),
  })
  .meta({ id: 'OrderException' })
export type OrderException = z.infer<typeof OrderException>

export const BuyerChoice = z.enum(['substitute', 'refund', 'wait'])
export type BuyerChoice = z.infer<typeof BuyerChoice>

/** An exception as the buyer sees it: what happened, and what can be chosen with one tap. */
export const BuyerException = z
  .object({
    id: Id,
    kind: ExceptionKind,
    state: ExceptionState,
    title: z.string(),
    text: z.string(),
    dueAt: Instant.nullable(),
    choices: z.array(BuyerChoice).max(3),
    /** What the buyer gets back for choosing the refund. */
    refundFen: FenAmount.nullable(),
    substitute: Substitute.nullable(),
  })
  .meta({ id: 'BuyerException' })
export type BuyerException = z.infer<typeof BuyerException>

const OrderParams = shopParams({ orderId: Id })
const OneParams = shopParams({ exceptionId: Id })
const BuyersView = z.object({
  items: z.array(BuyerException).max(50),
  /** Whether the buyer may still ask for another address. */
  addressChange: z.enum(['possible', 'asked', 'closed']),
})

export const exceptionRoutes = routes({
  'orders.exceptions': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/orders/:orderId/exceptions',
    summary: 'What went wrong with an order and what the buyer can choose',
    access: { audience: 'buyer' },
    params: OrderParams,
    response: BuyersView,
    errors: ['NOT_FOUND'],
  },
  'orders.answerException': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/orders/:orderId/exceptions/answer',
    summary: 'Take the substitute, the money back, or wait; the first answer counts',
    access: { audience: 'buyer' },
    params: OrderParams,
    body: z.object({ exceptionId: Id, choice: BuyerChoice }),
    response: BuyersView,
    errors: ['NOT_FOUND', 'CONFLICT', 'OUT_OF_STOCK', 'ORDER_STATE'],
  },
  'orders.changeAddress': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/orders/:orderId/address',
    summary: 'Ask for another address before anything ships; taken at once when freight stays the same',
    access: { audience: 'buyer' },
    params: OrderParams,
    body: z.object({ address: Address }),
    response: BuyersView,
    errors: ['NOT_FOUND', 'ORDER_STATE', 'NOT_DELIVERABLE', 'REGION_EXCLUSIVE'],
  },
  'console.exceptions': {
    method: 'GET',
    path: '/api/console/shops/:shopId/exceptions',
    summary: 'Exceptions, the least time left first',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    query: PageQuery.extend({
      kind: ExceptionKind.optional(),
      state: ExceptionState.optional(),
      orderId: Id.optional(),
      mine: z.stringbool().optional(),
      q: z.string().trim().max(40).optional(),
    }),
    response: page(OrderException),
  },
  'console.exceptionCounts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/exceptions/counts',
    summary: 'Open exceptions by kind, and how many are overdue',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    response: z.object({
      open: z.int(),
      overdue: z.int(),
      kinds: z.array(z.object({ kind: ExceptionKind, count: z.int(), overdue: z.int() })).max(20),
    }),
  },
  'console.reportShortage': {
    method: 'POST',
    path: '/api/console/shops/:shopId/orders/:orderId/shortage',
    summary: 'Goods of a line are not there: the buyer is offered a substitute, the money back, or to wait',
    access: { audience: 'staff', permission: 'orders.ship' },
    params: OrderParams,
    body: z.object({ skuId: Id, quantity: z.int().min(1).max(9999), note: optionalText(200) }),
    response: OrderException,
    errors: ['NOT_FOUND', 'ORDER_STATE', 'DUPLICATE'],
  },
  'console.holdOrder': {
    method: 'POST',
    path: '/api/console/shops/:shopId/orders/:orderId/hold',
    summary: 'Keep an order back until an instant or until it is released',
    access: { audience: 'staff', permission: 'orders.write' },
    params: OrderParams,
    body: z.object({ reason: text(100), until: Instant.nullable().default(null) }),
    response: OrderException,
    errors: ['NOT_FOUND', 'ORDER_STATE', 'DUPLICATE'],
  },
  'console.takeExceptions': {
    method: 'POST',
    path: '/api/console/shops/:shopId/exceptions/take',
    summary: 'Make exceptions one’s own',
    access: { audience: 'staff', permission: 'orders.write' },
    params: ShopParams,
    body: z.object({ exceptionIds: z.array(Id).min(1).max(100) }),
    response: z.object({ taken: z.int() }),
  },
  'console.resolveExceptions': {
    method: 'POST',
    path: '/api/console/shops/:shopId/exceptions/resolve',
    summary: 'Close exceptions with a word on how; a hold is released by it',
    access: { audience: 'staff', permission: 'orders.write' },
    params: ShopParams,
    body: z.object({ exceptionIds: z.array(Id).min(1).max(100), resolution: text(200) }),
    response: z.object({
      resolved: z.int(),
      refused: z.array(z.object({ id: Id, reason: z.string() })).max(100),
    }),
  },
  'console.decideAddressChange': {
    method: 'POST',
    path: '/api/console/shops/:shopId/exceptions/:exceptionId/address',
    summary: 'Accept or refuse another address',
    access: { audience: 'staff', permission: 'orders.write' },
    params: OneParams,
    body: z.object({ accept: z.boolean(), reason: optionalText(100) }),
    response: OrderException,
    errors: ['NOT_FOUND', 'CONFLICT', 'ORDER_STATE'],
  },
})
