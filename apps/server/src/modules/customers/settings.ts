import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

export const historyDays = defineSetting({
  name: 'customers.history-days',
  group: 'customers',
  schema: z.int().min(1).max(365),
  default: 90,
  unit: 'days',
  title: { zh: '浏览足迹保留', en: 'What was looked at is kept for' },
  help: { zh: '超过这个天数的浏览足迹自动删除', en: 'What buyers looked at is deleted after so many days' },
  scopes: ['platform'],
})

export const mostFavourites = defineSetting({
  name: 'customers.most-favourites',
  group: 'customers',
  schema: z.int().min(10).max(5000),
  default: 500,
  unit: 'products',
  title: { zh: '收藏上限', en: 'Favourites of a buyer' },
  help: { zh: '一位买家在一家店最多收藏多少个商品', en: 'How many products a buyer can like in one shop' },
  scopes: ['platform', 'shop'],
})
