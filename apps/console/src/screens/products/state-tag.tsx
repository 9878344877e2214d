import type { Product } from '@zhanggui/contract'
import { Tag } from 'antd'
import { t } from '../../i18n/index.ts'

const COLOURS = { draft: 'default', 'on-sale': 'success', 'off-sale': 'orange' } as const

export const PRODUCT_STATES = Object.keys(COLOURS) as Product['state'][]

export function ProductStateTag({ state }: { state: Product['state'] }) {
  return (
    <Tag color={COLOURS[state]} data-testid="product-state">
      {t(`product.state.${state}`)}
    </Tag>
  )
}
