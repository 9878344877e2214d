import { TaxRateBp } from '@zhanggui/contract'
import { defineSetting } from '../../kernel/settings.ts'

export const taxRateBp = defineSetting({
  name: 'catalog.tax-rate-bp',
  group: 'catalog',
  schema: TaxRateBp,
  default: 1300,
  unit: 'bp',
  title: { zh: '增值税税率', en: 'VAT rate' },
  help: {
    zh: '售价含税，税额 = 净额 × 税率 ÷（1 + 税率）。一般纳税人 13%，小规模纳税人 1% 或 3%；某些类目、某天起不同的税率在「账册 → 税率」里写',
    en: 'Prices include it: tax = net × rate ÷ (1 + rate). Rates of categories, or from a day on, are kept under Books → Tax rates',
  },
  scopes: ['platform', 'shop'],
})
