import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'catalog'

export const recycleDays = defineSetting({
  name: 'catalog.recycle-days',
  group,
  schema: z.int().min(1).max(365),
  default: 30,
  unit: 'days',
  title: { zh: '回收站保留天数', en: 'Days in the recycle bin' },
  help: {
    zh: '商品在回收站中超过这个天数后彻底删除；有订单或库存记录的商品只隐藏，不删除',
    en: 'After so many days products of the bin are removed; those that orders or stock name are only hidden',
  },
  scopes: ['platform', 'shop'],
})

export const bulkUndoHours = defineSetting({
  name: 'catalog.bulk-undo-hours',
  group,
  schema: z.int().min(1).max(720),
  default: 72,
  unit: 'hours',
  title: { zh: '批量修改可撤销时长', en: 'Time to take a bulk edit back' },
  help: {
    zh: '批量修改完成后，在这段时间内可以整体撤销；之后又被改过的商品保持不变',
    en: 'A bulk edit can be taken back for so long; products that were changed since stay as they are',
  },
  scopes: ['platform', 'shop'],
})
