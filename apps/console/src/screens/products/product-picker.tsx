import type { RelatedProduct } from '@zhanggui/contract'
import { Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { MoneyRange } from '../../kit/money.tsx'
import { Thumb } from '../../kit/picture.tsx'

interface Props {
  onPick: (product: RelatedProduct) => void
  exceptId?: string
  /** What is picked already and not offered again. */
  taken: readonly string[]
}

const THUMB_PX = 28

/** Finds a product by words or SKU code; choosing hands it over and leaves the field empty for the next. */
export function ProductPicker({ onPick, exceptId, taken }: Props) {
  const { shopId } = useShop()
  const [q, setQ] = useState('')
  const read = useRead(
    'console.pickProducts',
    { params: { shopId }, query: { q: q.trim().slice(0, 60), exceptId } },
    { keepPrevious: true },
  )
  const offered = (read.data?.items ?? []).filter(({ id }) => !taken.includes(id))
  return (
    <Select
      className="wide"
      value={null}
      showSearch={{ filterOption: false, searchValue: q, onSearch: setQ }}
      loading={read.isFetching}
      placeholder={t('related.add')}
      aria-label={t('related.add')}
      notFoundContent={read.isFetching ? '…' : t('list.noMatch')}
      options={offered.map((product) => ({ value: product.id, label: <ProductLine product={product} /> }))}
      onSelect={(id: string | null) => {
        const picked = offered.find((each) => each.id === id)
        if (picked) onPick(picked)
        setQ('')
      }}
    />
  )
}

export function ProductLine({
  product,
}: {
  product: Pick<RelatedProduct, 'title' | 'picture' | 'minPriceFen' | 'maxPriceFen'>
}) {
  return (
    <span className="cell-media">
      <Thumb picture={product.picture} size={THUMB_PX} />
      <span className="cell-text">
        <span className="cell-title">{product.title}</span>
      </span>
      <MoneyRange min={product.minPriceFen} max={product.maxPriceFen} />
    </span>
  )
}
