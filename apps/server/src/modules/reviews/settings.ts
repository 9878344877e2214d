import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const shared = { scopes: ['platform', 'shop'] as const, group: 'reviews' }

export const reviewDays = defineSetting({
  ...shared,
  name: 'reviews.write-within-days',
  schema: z.int().min(1).max(365),
  default: 60,
  unit: 'days',
  title: { zh: '可评价时间', en: 'Reviews can be written for' },
  help: { zh: '确认收货后多少天内可以评价', en: 'How many days after receipt an order can be reviewed' },
})

export const additionDays = defineSetting({
  ...shared,
  name: 'reviews.add-within-days',
  schema: z.int().min(0).max(730),
  default: 180,
  unit: 'days',
  title: { zh: '可追评时间', en: 'Something can be added for' },
  help: {
    zh: '评价后多少天内可以追加一次评价；0 为不开放追评',
    en: 'How many days a review can be added to; 0 for never',
  },
})

export const remindAfterHours = defineSetting({
  ...shared,
  name: 'reviews.remind-after-hours',
  schema: z.int().min(0).max(720),
  default: 24,
  unit: 'hours',
  title: { zh: '评价提醒', en: 'Buyers are asked after' },
  help: {
    zh: '收货后多少小时还没评价就提醒一次；0 为不提醒',
    en: 'How many hours after receipt a buyer who has not reviewed is asked, once; 0 for never',
  },
})

export const defaultAfterDays = defineSetting({
  ...shared,
  name: 'reviews.default-after-days',
  schema: z.int().min(0).max(365),
  default: 0,
  unit: 'days',
  title: { zh: '超时默认好评', en: 'Default reviews after' },
  help: {
    zh: '收货后多少天未评价由系统给出默认评价（会标明，不计入评分和口碑词）；0 为不给',
    en: 'How many days after receipt the system writes a default review (marked, in no average); 0 for never',
  },
})

export const autoApprove = defineSetting({
  ...shared,
  name: 'reviews.auto-approve',
  schema: z.boolean(),
  default: true,
  title: { zh: '机审通过自动展示', en: 'Clean reviews are shown at once' },
  help: {
    zh: '文字没有联系方式、广告、违禁词的评价不经人工直接展示',
    en: 'Reviews without contacts, advertising or forbidden words are shown without a person looking',
  },
})

export const picturesByPerson = defineSetting({
  ...shared,
  name: 'reviews.pictures-by-person',
  schema: z.boolean(),
  default: true,
  title: { zh: '带图评价人工审核', en: 'Pictures are looked at by a person' },
  help: {
    zh: '有图片或视频的评价总要人工看过才展示',
    en: 'Reviews with pictures or a video are shown only after somebody has looked at them',
  },
})

export const lowStarHours = defineSetting({
  ...shared,
  name: 'reviews.answer-low-stars-hours',
  schema: z.int().min(1).max(720),
  default: 24,
  unit: 'hours',
  title: { zh: '差评回复时限', en: 'Low stars are answered within' },
  help: {
    zh: '1–2 星评价超过多少小时没回复算超时，概览的待办里会提醒',
    en: 'A review of one or two stars without an answer counts as late after so many hours',
  },
})

export const mostPinned = defineSetting({
  ...shared,
  name: 'reviews.most-pinned',
  schema: z.int().min(1).max(10),
  default: 3,
  unit: 'reviews',
  title: { zh: '每个商品置顶评价上限', en: 'Pinned reviews of a product' },
  help: { zh: '一个商品最多置顶几条评价', en: 'How many reviews of a product can be shown first' },
})
