import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'delivery'
const scopes = ['platform', 'shop'] as const

export const courierOn = defineSetting({
  name: 'delivery.courier',
  group,
  schema: z.boolean(),
  default: true,
  title: { zh: '快递配送', en: 'Courier' },
  help: { zh: '买家可以选择快递，运费按运费模板', en: 'Buyers may choose a courier; freight follows the templates' },
  scopes,
})

export const sameCityOn = defineSetting({
  name: 'delivery.same-city',
  group,
  schema: z.boolean(),
  default: false,
  title: { zh: '同城配送', en: 'Same-city delivery' },
  help: {
    zh: '在「配送方式」里设置了配送区域后，区域内的买家可以选择同城配送',
    en: 'Buyers inside the area set under delivery methods may choose it',
  },
  scopes,
})

export const pickUpOn = defineSetting({
  name: 'delivery.pick-up',
  group,
  schema: z.boolean(),
  default: false,
  title: { zh: '到店自提', en: 'Pick-up' },
  help: { zh: '有营业中的自提点时，买家可以选择自提', en: 'Buyers may fetch orders at the active pick-up points' },
  scopes,
})

export const sameCityMinutes = defineSetting({
  name: 'delivery.same-city-minutes',
  group,
  schema: z.int().min(15).max(1440),
  default: 120,
  unit: 'minutes',
  title: { zh: '同城配送承诺时间', en: 'Same-city promise' },
  help: { zh: '付款后多久送达；只计营业时间', en: 'Delivered within this time of payment, counted while open' },
  scopes,
})

export const pickUpReadyHours = defineSetting({
  name: 'delivery.pick-up-ready-hours',
  group,
  schema: z.int().min(1).max(168),
  default: 24,
  unit: 'hours',
  title: { zh: '自提备货时间', en: 'Pick-up ready within' },
  help: { zh: '付款后多久可以取货', en: 'How long after payment the goods are ready' },
  scopes,
})

export const pickUpKeepDays = defineSetting({
  name: 'delivery.pick-up-keep-days',
  group,
  schema: z.int().min(1).max(60),
  default: 7,
  unit: 'days',
  title: { zh: '自提保留天数', en: 'Days kept at the point' },
  help: { zh: '备好货后保留多少天，到期按「逾期未取」处理', en: 'How long ready goods wait for their buyer' },
  scopes,
})

export const pickUpRemindHours = defineSetting({
  name: 'delivery.pick-up-remind-hours',
  group,
  schema: z.int().min(1).max(168),
  default: 48,
  unit: 'hours',
  title: { zh: '取货提醒', en: 'Pick-up reminder' },
  help: { zh: '保留到期前多少小时提醒买家取货', en: 'Hours before the end of keeping at which the buyer is reminded' },
  scopes,
})

export const pickUpExpiry = defineSetting({
  name: 'delivery.pick-up-expiry',
  group,
  schema: z.enum(['ask', 'refund']),
  default: 'ask',
  title: { zh: '逾期未取', en: 'Not fetched in time' },
  help: {
    zh: 'ask：由店员处理，买家仍可取货；refund：自动整单退款，货品回到可售库存',
    en: 'ask: staff decide and the code stays good; refund: the order is refunded and its goods are for sale again',
  },
  scopes,
})

export const codeTries = defineSetting({
  name: 'delivery.pick-up-code-tries',
  group,
  schema: z.int().min(3).max(50),
  default: 10,
  unit: 'times',
  title: { zh: '取货码错误次数上限', en: 'Wrong pick-up codes allowed' },
  help: {
    zh: '同一店员 10 分钟内输错多少次后暂停核销',
    en: 'Wrong codes a member of staff may enter within ten minutes',
  },
  scopes,
})

export const receiveAfterSignedDays = defineSetting({
  name: 'delivery.receive-after-signed-days',
  group,
  schema: z.int().min(1).max(30),
  default: 7,
  unit: 'days',
  title: { zh: '签收后自动确认收货', en: 'Received by itself after signing' },
  help: {
    zh: '全部包裹签收这么多天后自动确认收货（不晚于「自动确认收货」的时间）',
    en: 'Days after all parcels were signed for, if sooner than the general rule',
  },
  scopes,
})

export const tellParcelNews = defineSetting({
  name: 'delivery.tell-parcel-news',
  group,
  schema: z.boolean(),
  default: true,
  title: { zh: '派送、签收时告诉买家', en: 'Tell buyers when a parcel comes' },
  help: {
    zh: '快递开始派送、已签收时，在订单页留言，并按「消息通知」的设置发送订阅消息',
    en: 'When a parcel is out for delivery or signed for: on the order’s page, and by subscribe message where allowed',
  },
  scopes,
})

export const pollHours = defineSetting({
  name: 'delivery.track-poll-hours',
  group,
  schema: z.int().min(1).max(72),
  default: 6,
  unit: 'hours',
  title: { zh: '物流主动查询间隔', en: 'Hours between asking carriers' },
  help: { zh: '推送没有消息时，多少小时主动查询一次', en: 'How often a parcel is asked about when nothing is pushed' },
  scopes: ['platform'],
})
