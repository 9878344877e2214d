import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

export const unpaidTimeoutMinutes = defineSetting({
  name: 'orders.unpaid-timeout-minutes',
  schema: z.int().min(5).max(1440),
  default: 30,
  unit: 'minutes',
  title: { zh: '未付款自动取消', en: 'Unpaid orders are cancelled after' },
  help: {
    zh: '下单后超过这个时间未付款，订单自动取消，占用的库存释放',
    en: 'An order that is not paid within this time is cancelled by itself and its stock is released',
  },
  scopes: ['platform', 'shop'],
  group: 'orders',
})

export const autoReceiveDays = defineSetting({
  name: 'orders.auto-receive-days',
  schema: z.int().min(1).max(60),
  default: 10,
  unit: 'days',
  title: { zh: '自动确认收货', en: 'Receipt is confirmed by itself after' },
  help: {
    zh: '全部发货后超过这个天数，买家未确认收货的订单自动完成',
    en: 'An order whose buyer has not confirmed receipt is completed this many days after it was shipped',
  },
  scopes: ['platform', 'shop'],
  group: 'orders',
})

export const cartMaxLines = defineSetting({
  name: 'orders.cart-max-lines',
  schema: z.int().min(10).max(200),
  default: 200,
  unit: 'lines',
  title: { zh: '购物车商品种类上限', en: 'Kinds of goods in a cart' },
  help: { zh: '一个购物车最多放多少种商品', en: 'How many kinds of goods a cart holds at most' },
  scopes: ['platform'],
  group: 'orders',
})

export const shipWithinHours = defineSetting({
  name: 'orders.ship-within-hours',
  schema: z.int().min(1).max(720),
  default: 48,
  unit: 'hours',
  title: { zh: '发货时限', en: 'Orders are to be shipped within' },
  help: {
    zh: '付款后超过这个时间还没有全部发货的订单算作超时，概览的待办里会提醒',
    en: 'A paid order that has not been shipped within this time counts as late among the things to do',
  },
  scopes: ['platform', 'shop'],
  group: 'orders',
})

export const refundStepUpFen = defineSetting({
  name: 'orders.refund-step-up-fen',
  schema: z.int().min(0).max(100_000_000),
  default: 100_000,
  unit: 'fen',
  guarded: true,
  title: { zh: '大额退款需验证', en: 'Refunds that ask for verification' },
  help: {
    zh: '员工主动退款超过这个金额时，要先用通行密钥或动态码验证身份',
    en: 'A member of staff who refunds more than this proves who they are first',
  },
  scopes: ['platform', 'shop'],
  group: 'orders',
})
