import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

/** WeChat agrees on a limit with each merchant; 30 % unless it says otherwise. */
export const maxShareBp = defineSetting({
  name: 'sharing.max-share-bp',
  group: 'sharing',
  schema: z.int().min(1).max(10_000),
  default: 3000,
  unit: 'bp',
  title: { zh: '一笔订单最多分账比例', en: 'Largest part of an order that is split' },
  help: {
    zh: '微信分账的上限，默认 30%（万分之 3000），以商户平台上的为准；各方分账合计超过时，从优先级最低的开始减少',
    en: 'The limit of WeChat profit sharing as the merchant platform shows it; shares beyond it are cut from the lowest priority on',
  },
  scopes: ['platform', 'shop'],
})
