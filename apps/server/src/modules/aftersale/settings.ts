import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'aftersale'
const scopes = ['platform', 'shop'] as const

const hours = (name: string, most: number, standard: number, title: [string, string], help: [string, string]) =>
  defineSetting({
    name: `aftersale.${name}`,
    group,
    schema: z.int().min(1).max(most),
    default: standard,
    unit: 'hours',
    title: { zh: title[0], en: title[1] },
    help: { zh: help[0], en: help[1] },
    scopes,
  })

const days = (name: string, most: number, standard: number, title: [string, string], help: [string, string]) =>
  defineSetting({
    name: `aftersale.${name}`,
    group,
    schema: z.int().min(1).max(most),
    default: standard,
    unit: 'days',
    title: { zh: title[0], en: title[1] },
    help: { zh: help[0], en: help[1] },
    scopes,
  })

export const windowDays = days(
  'window-days',
  365,
  15,
  ['售后有效期', 'After-sale is open for'],
  ['确认收货后多少天内可以申请售后', 'Days after receipt during which a buyer may ask'],
)

export const targetHours = hours(
  'target-hours',
  168,
  24,
  ['处理目标', 'Target for decisions'],
  ['申请后多少小时内应处理；到时提醒店员', 'Hours within which a case should be decided; staff are reminded then'],
)

export const decideHours = hours(
  'decide-hours',
  336,
  48,
  ['商家处理时限', 'Decisions are due after'],
  ['超过多少小时未处理，按「超时未处理」的规则自动进行', 'Hours after which the rule for silence acts by itself'],
)

export const onSilence = defineSetting({
  name: 'aftersale.on-silence',
  group,
  schema: z.enum(['approve', 'platform']),
  default: 'approve',
  title: { zh: '超时未处理', en: 'When nobody decides' },
  help: {
    zh: 'approve 自动同意（退货的寄到默认退货地址）、platform 转平台处理',
    en: 'approve agrees by itself (returns go to the default address), platform hands it to the platform',
  },
  scopes,
})

export const autoUnshipped = defineSetting({
  name: 'aftersale.auto-unshipped',
  group,
  schema: z.boolean(),
  default: true,
  title: { zh: '未发货退款自动同意', en: 'Refund by itself before shipping' },
  help: {
    zh: '还没发货的商品，买家申请退款后马上退；关闭后先由店员处理，处理前订单不能发货',
    en: 'What has not shipped is refunded as asked; otherwise staff decide first and the order is held meanwhile',
  },
  scopes,
})

export const autoBelowFen = defineSetting({
  name: 'aftersale.auto-below-fen',
  group,
  schema: z.int().min(0).max(100_000),
  default: 0,
  unit: 'fen',
  title: { zh: '小额极速退款', en: 'Small refunds by themselves' },
  help: {
    zh: '已发货的仅退款不超过这个金额时自动同意；0 为不启用',
    en: 'Refunds without return of at most this much are agreed to by themselves; 0 is off',
  },
  scopes,
})

export const sendBackDays = days(
  'send-back-days',
  60,
  7,
  ['买家寄回时限', 'Goods are sent back within'],
  ['同意退货后多少天内未填写退货运单，售后自动关闭', 'Days after which a return that was not sent is closed by itself'],
)

export const inspectHours = hours(
  'inspect-hours',
  336,
  48,
  ['商家验货时限', 'Goods are inspected within'],
  ['退货签收后多少小时内验货，超过自动视为验货通过', 'Hours after arrival after which goods count as accepted'],
)

export const receiveDays = days(
  'receive-days',
  60,
  10,
  ['退货在途时限', 'Returns without news'],
  ['退货寄出后查不到签收时，多少天后自动视为已收到', 'Days after sending after which a return counts as received'],
)

export const resendHours = hours(
  'resend-hours',
  336,
  48,
  ['换货寄出时限', 'Replacements leave within'],
  ['验货后多少小时内寄出换货；超过买家可申请平台介入', 'Hours for sending the replacement; then the buyer may dispute'],
)

export const confirmDays = days(
  'confirm-days',
  60,
  7,
  ['换货自动确认', 'Exchanges end after'],
  ['换货寄出后多少天自动完成', 'Days after which an exchange that was sent is done'],
)

export const disputeDays = days(
  'dispute-days',
  60,
  7,
  ['申请平台介入时限', 'Disputes are open for'],
  ['商家拒绝后多少天内买家可申请平台介入，超过自动关闭', 'Days after a refusal within which the buyer may dispute'],
)

export const rulingDays = defineSetting({
  name: 'aftersale.ruling-days',
  group,
  schema: z.int().min(1).max(60),
  default: 3,
  unit: 'days',
  title: { zh: '平台裁定时限', en: 'Rulings within' },
  help: { zh: '买家申请介入后平台应在多少天内裁定', en: 'Days within which the platform should decide' },
  scopes: ['platform'],
})

export const freightRule = defineSetting({
  name: 'aftersale.freight-back',
  group,
  schema: z.enum(['never', 'whole-order', 'proportional']),
  default: 'whole-order',
  title: { zh: '退还下单运费', en: 'Freight goes back' },
  help: {
    zh: '非买家原因时：never 不退、whole-order 整单退完时退、proportional 按金额比例退；未发货整单退款总是全退',
    en: 'Not the buyer’s fault: never, whole-order (with the last goods) or proportional; unshipped orders always',
  },
  scopes,
})
