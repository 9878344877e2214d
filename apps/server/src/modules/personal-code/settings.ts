import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'personal-code'
const scopes = ['platform', 'shop'] as const

export const enabled = defineSetting({
  name: 'personal-code.enabled',
  group,
  schema: z.boolean(),
  default: false,
  title: { zh: '接受个人收款码付款', en: 'Take payments by personal code' },
  help: {
    zh: '打开后买家付款页多一种方式：扫收款码转账，店员核对到账后订单才算付款',
    en: 'Buyers may scan the merchant’s own code; an order is paid once staff have seen the money',
  },
  scopes,
})

export const dailyLimitFen = defineSetting({
  name: 'personal-code.daily-limit-fen',
  group,
  schema: z.int().min(100).max(100_000_000),
  default: 5_000_000,
  unit: 'fen',
  title: { zh: '收款码每日收款限额', en: 'Received by codes a day, at most' },
  help: {
    zh: '一天内收款码收到和等待核对的总额；到了限额不再给买家这种付款方式，也不能再确认',
    en: 'What codes receive and are promised a day; beyond it the way is not offered, and nothing is confirmed',
  },
  scopes,
})

export const checkHours = defineSetting({
  name: 'personal-code.check-hours',
  group,
  schema: z.int().min(1).max(168),
  default: 24,
  unit: 'hours',
  title: { zh: '收款码核对时限', en: 'Payments by code are checked within' },
  help: {
    zh: '买家说已付款后，订单和库存保留多少小时等店员核对；超过后订单按未付款取消',
    en: 'How long an order and its goods are kept for staff to look; then it is cancelled as not paid',
  },
  scopes,
})

export const againMinutes = defineSetting({
  name: 'personal-code.again-minutes',
  group,
  schema: z.int().min(5).max(1440),
  default: 60,
  unit: 'minutes',
  title: { zh: '核对未到账后重新付款时限', en: 'Time to pay after a refusal' },
  help: { zh: '店员核对没有到账后，买家还有多少分钟可以重新付款', en: 'Minutes in which the buyer may pay again' },
  scopes,
})

export const mostTries = defineSetting({
  name: 'personal-code.tries',
  group,
  schema: z.int().min(1).max(20),
  default: 3,
  unit: 'times',
  title: { zh: '同一订单收款码付款次数', en: 'Tries by code for one order' },
  help: { zh: '一个订单最多可以用收款码付款几次', en: 'How often one order may be tried to be paid by a code' },
  scopes,
})

export const confirmStepUpFen = defineSetting({
  name: 'personal-code.confirm-step-up-fen',
  group,
  schema: z.int().min(0).max(100_000_000),
  default: 100_000,
  unit: 'fen',
  title: { zh: '确认到账需验证身份的金额', en: 'Confirming above this asks who one is' },
  help: {
    zh: '确认到账的金额超过多少时，店员要先验证身份',
    en: 'Staff who confirm a larger payment prove who they are first',
  },
  scopes,
})
