import type { OrderState } from '@zhanggui/contract'

/** What a buyer reads of the state of an order. */
export const ORDER_STATE_TEXTS: Record<OrderState, { title: string; text: string }> = {
  'awaiting-payment': { title: '待付款', text: '请在倒计时结束前付款，超时订单自动取消' },
  'awaiting-shipment': { title: '待发货', text: '已付款，商家正在准备发货' },
  shipped: { title: '待收货', text: '商品已发出，请留意物流' },
  completed: { title: '已完成', text: '感谢光临，期待再次为你服务' },
  cancelled: { title: '已取消', text: '订单已取消' },
  refunding: { title: '退款中', text: '退款处理中，款项将原路退回微信' },
  refunded: { title: '已退款', text: '款项已原路退回' },
}
