import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'catalog'

export const queryKeepDays = defineSetting({
  name: 'search.query-keep-days',
  group,
  schema: z.int().min(7).max(730),
  default: 180,
  unit: 'days',
  title: { zh: '搜索词保留天数', en: 'Days that search queries are kept' },
  help: { zh: '超过这个天数的搜索词统计会被清除', en: 'Older counts of search queries are removed' },
  scopes: ['platform', 'shop'],
})

export const hotDays = defineSetting({
  name: 'search.hot-days',
  group,
  schema: z.int().min(1).max(90),
  default: 7,
  unit: 'days',
  title: { zh: '热搜统计天数', en: 'Days that hot words look back' },
  help: { zh: '热搜词按最近这些天的搜索次数排序', en: 'Hot words are counted over these days' },
  scopes: ['platform', 'shop'],
})
