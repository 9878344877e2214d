import { PriceDisplay } from '@zhanggui/contract'
import { z } from 'zod'
import { defineSetting } from '../../kernel/settings.ts'

const group = 'prices'

export const priceDisplay = defineSetting({
  name: 'prices.display',
  group,
  schema: PriceDisplay,
  default: 'strike',
  title: { zh: '降价的展示方式', en: 'How a lowered price is shown' },
  help: {
    zh: 'strike：划线价，原价划掉显示；drop：直降，显示降了多少。单个商品可以另设',
    en: 'strike: the former price struck through; drop: by how much it went down. A product may differ',
  },
  scopes: ['platform', 'shop'],
})

export const warmUpHours = defineSetting({
  name: 'prices.warm-up-hours',
  group,
  schema: z.int().min(0).max(720),
  default: 72,
  unit: 'hours',
  title: { zh: '活动价预热时长', en: 'Warm-up of scheduled prices' },
  help: {
    zh: '活动价开始前多少小时起在商品页预告（三天倒计时）；0 为不预告。建立价格规则时采用',
    en: 'How many hours before its start a scheduled price is announced; 0: not at all. Taken when a rule is made',
  },
  scopes: ['platform', 'shop'],
})
