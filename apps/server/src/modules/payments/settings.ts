import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'payments'

export const askAgainSeconds = defineSetting({
  name: 'payments.ask-again-seconds',
  group,
  schema: z.int().min(5).max(3600),
  default: 60,
  unit: 'seconds',
  title: { zh: '支付结果主动查询间隔', en: 'Seconds between asking WeChat for an open payment' },
  help: {
    zh: '没有收到微信支付通知时，隔多少秒主动查询一次结果',
    en: 'How often WeChat is asked for the outcome when no notification has come',
  },
  scopes: ['platform'],
})

export const retryRefundSeconds = defineSetting({
  name: 'payments.retry-refund-seconds',
  group,
  schema: z.int().min(5).max(86_400),
  default: 60,
  unit: 'seconds',
  title: { zh: '退款重试间隔', en: 'Seconds between tries of a refund' },
  help: {
    zh: '退款未被微信受理或仍在处理时，隔多少秒再试（每次加倍，最长 1 小时）',
    en: 'How soon a refund is tried or asked for again; doubles each time, one hour at most',
  },
  scopes: ['platform'],
})

export const statusAskSeconds = defineSetting({
  name: 'payments.status-ask-seconds',
  group,
  schema: z.int().min(1).max(60),
  default: 2,
  unit: 'seconds',
  title: { zh: '买家等待支付结果时的查询间隔', en: 'Seconds between asking WeChat while a buyer waits' },
  help: {
    zh: '买家停在支付结果页时，同一笔支付最多隔多少秒向微信查询一次',
    en: 'While the buyer looks at the result page, WeChat is asked about one payment this often at most',
  },
  scopes: ['platform'],
})

export const automaticRefundTries = defineSetting({
  name: 'payments.automatic-refund-tries',
  group,
  schema: z.int().min(1).max(20),
  default: 5,
  unit: 'times',
  title: { zh: '自动退款最多发起次数', en: 'Refunds tried for money an order could not take' },
  help: {
    zh: '订单无法收下的付款会自动退回；微信关闭退款后最多共发起多少次，之后需人工处理',
    en: 'Such money goes back by itself; when WeChat closes the refund another is made, this many in all',
  },
  scopes: ['platform'],
})

const feeOf = (name: string, zh: string, en: string, bp: number) =>
  defineSetting({
    name: `payments.${name}`,
    group,
    schema: z.int().min(0).max(1000),
    default: bp,
    unit: 'bp',
    title: { zh: `${zh}费率`, en: `Fee of ${en}` },
    help: {
      zh: '微信支付对每笔收款收取的手续费，退款时按比例退回；只影响之后结算的订单',
      en: 'What WeChat Pay keeps of each payment, given back in proportion with refunds; counts for orders settled later',
    },
    scopes: ['platform', 'shop'],
  })

/** The fee of each payment scheme in basis points: WeChat Pay agrees on one for each with the merchant. */
export const FEE_BP = {
  mini: feeOf('fee-bp', '小程序支付', 'payments in the mini program', 60),
  jsapi: feeOf('fee-bp-jsapi', '公众号支付', 'payments in the official account', 60),
  h5: feeOf('fee-bp-h5', 'H5 支付', 'payments in a browser', 60),
  native: feeOf('fee-bp-native', '扫码支付', 'payments by scanned code', 60),
} as const
