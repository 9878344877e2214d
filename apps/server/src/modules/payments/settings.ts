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
