import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'catalog'

export const lookBackDays = defineSetting({
  name: 'recommendation.look-back-days',
  group,
  schema: z.int().min(7).max(365),
  default: 90,
  unit: 'days',
  title: { zh: '推荐参考天数', en: 'Days that recommendation looks back' },
  help: { zh: '“看了又看、买了又买”由最近这些天的浏览和购买算出', en: 'Views and purchases of these days count' },
  scopes: ['platform', 'shop'],
})

export const heatHalfLifeDays = defineSetting({
  name: 'recommendation.heat-half-life-days',
  group,
  schema: z.int().min(1).max(90),
  default: 7,
  unit: 'days',
  title: { zh: '热度减半天数', en: 'Half-life of popularity' },
  help: { zh: '热门推荐里，一次购买或浏览过这么多天后只算一半', en: 'A purchase or view counts half after these days' },
  scopes: ['platform', 'shop'],
})
