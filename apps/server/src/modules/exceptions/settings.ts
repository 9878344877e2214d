import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'exceptions'
const scopes = ['platform', 'shop'] as const

export const stalledHours = defineSetting({
  name: 'exceptions.stalled-hours',
  group,
  schema: z.int().min(6).max(240),
  default: 48,
  unit: 'hours',
  title: { zh: '物流停滞', en: 'A parcel is stalled after' },
  help: {
    zh: '物流多少小时没有更新算停滞，自动告知买家并向快递查询',
    en: 'Hours without news after which the buyer is told',
  },
  scopes,
})

export const shipHours = defineSetting({
  name: 'exceptions.ship-hours',
  group,
  schema: z.int().min(1).max(240),
  default: 48,
  unit: 'hours',
  title: { zh: '承诺发货时间', en: 'Ships within' },
  help: { zh: '付款后多少小时内发货，超过进入异常看板', en: 'Hours after payment within which orders ship' },
  scopes,
})

export const riskMinutes = defineSetting({
  name: 'exceptions.promise-risk-minutes',
  group,
  schema: z.int().min(5).max(240),
  default: 30,
  unit: 'minutes',
  title: { zh: '同城预警', en: 'Same-city warning' },
  help: { zh: '距承诺送达还剩多少分钟仍未送达时预警', en: 'Minutes before the promise at which an order is at risk' },
  scopes,
})

export const substituteHours = defineSetting({
  name: 'exceptions.substitute-hours',
  group,
  schema: z.int().min(1).max(168),
  default: 24,
  unit: 'hours',
  title: { zh: '缺货等待买家选择', en: 'Shortage: the buyer chooses within' },
  help: { zh: '替代商品为买家保留多久', en: 'How long the substitute is kept for the buyer' },
  scopes,
})

export const shortageTimeout = defineSetting({
  name: 'exceptions.shortage-timeout',
  group,
  schema: z.enum(['refund', 'ask']),
  default: 'refund',
  title: { zh: '缺货未选择', en: 'Shortage without an answer' },
  help: {
    zh: 'refund：自动退缺货商品的款；ask：由店员处理',
    en: 'refund: what is short is refunded; ask: staff decide',
  },
  scopes,
})

export const waitDays = defineSetting({
  name: 'exceptions.wait-days',
  group,
  schema: z.int().min(1).max(60),
  default: 7,
  unit: 'days',
  title: { zh: '等货期限', en: 'Days to wait for goods' },
  help: { zh: '买家选择等货后，多少天内要补到货', en: 'Within how many days goods have to come when the buyer waits' },
  scopes,
})

export const autoAddress = defineSetting({
  name: 'exceptions.address-change-by-itself',
  group,
  schema: z.boolean(),
  default: true,
  title: { zh: '改地址自动通过', en: 'Address changes pass by themselves' },
  help: { zh: '运费不增加时自动通过；否则由店员决定', en: 'When freight does not rise; otherwise staff decide' },
  scopes,
})

export const decideHours = defineSetting({
  name: 'exceptions.decide-hours',
  group,
  schema: z.int().min(1).max(168),
  default: 24,
  unit: 'hours',
  title: { zh: '异常处理时限', en: 'Exceptions are dealt with within' },
  help: { zh: '没有自己时限的异常，多少小时内要处理', en: 'For exceptions that have no clock of their own' },
  scopes,
})
