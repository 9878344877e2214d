import type { DeliveryMethod, NoticeKind } from '@zhanggui/contract'

/** What a buyer who has paid is asked to allow: WeChat takes three at once, so what comes first matters most. */
const AFTER_PAYING: Readonly<Record<DeliveryMethod, readonly NoticeKind[]>> = {
  courier: ['order-shipped', 'parcel-news', 'refund-done'],
  'same-city': ['parcel-news', 'order-news', 'refund-done'],
  'pick-up': ['pick-up', 'order-news', 'refund-done'],
}

/** Kinds of messages that fit the way an order takes. */
export const noticesAfterPaying = (method: DeliveryMethod): readonly NoticeKind[] => AFTER_PAYING[method]
