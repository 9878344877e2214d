import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

/** How received goods are split between the central and the front warehouse when they are to be split. */
export const frontShareBp = defineSetting({
  name: 'stock.front-share-bp',
  schema: z.int().min(0).max(10_000),
  default: 3000,
  unit: 'bp',
  title: { zh: '前置仓备货比例', en: 'Share of the front warehouse' },
  help: {
    zh: '收货时选择“按比例分仓”，这一比例进前置仓，其余进中心仓（3000 = 30%）',
    en: 'When goods are received to be split, this share goes to the front warehouse and the rest to the central one (3000 = 30 %)',
  },
  scopes: ['platform', 'shop'],
  group: 'stock',
})

/** Below how many pieces a SKU on sale counts as low. */
export const lowStockBelow = defineSetting({
  name: 'stock.low-below',
  schema: z.int().min(1).max(100_000),
  default: 10,
  unit: 'pieces',
  title: { zh: '库存预警线', en: 'Stock is low below' },
  help: {
    zh: '在售规格的可售库存低于这个数、但还没有卖完时，概览的待办里会提醒补货',
    en: 'A SKU on sale with fewer pieces left than this, but not none, is shown among the things to do',
  },
  scopes: ['platform', 'shop'],
  group: 'stock',
})

export const adjustmentStepUpPieces = defineSetting({
  name: 'stock.step-up-pieces',
  schema: z.int().min(1).max(10_000_000),
  default: 5000,
  unit: 'pieces',
  guarded: true,
  title: { zh: '大额库存调整需验证', en: 'Adjustments that ask for verification' },
  help: {
    zh: '一次手工增减（不含采购入库）合计超过这个件数时，操作人要先验证身份',
    en: 'Who adjusts more pieces than this at once by hand, purchases aside, proves who they are first',
  },
  scopes: ['platform', 'shop'],
  group: 'stock',
})
