import { Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'

interface Props {
  /** `productId`, or `productId/skuId`. */
  value: string | undefined
  set: (value: string | undefined) => void
}

/** A filter's value in the address → what the route asks for. */
export function goodsOf(value: string | undefined): { productId?: string; skuId?: string } {
  const [productId, skuId] = (value ?? '').split('/')
  return { ...(productId ? { productId } : {}), ...(skuId ? { skuId } : {}) }
}

/** Narrows a list down to a product, found by words or SKU code, and then to one of its SKUs. */
export function GoodsFilter({ value, set }: Props) {
  const { shopId } = useShop()
  const { productId, skuId } = goodsOf(value)
  const [q, setQ] = useState('')
  const found = useRead(
    'console.pickProducts',
    { params: { shopId }, query: { q: q.trim().slice(0, 60) } },
    { keepPrevious: true },
  )
  const product = useRead(
    'console.product',
    { params: { shopId, productId: productId ?? '' } },
    { enabled: productId !== undefined },
  ).data
  const offered = (found.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }))
  const chosen =
    product && !offered.some((each) => each.value === product.id) ? [{ value: product.id, label: product.title }] : []
  const skus = product?.skus ?? []
  return (
    <>
      <Select
        className="filter-choice"
        allowClear
        showSearch={{ filterOption: false, searchValue: q, onSearch: setQ }}
        placeholder={t('review.goods')}
        aria-label={t('review.goods')}
        popupMatchSelectWidth={280}
        value={productId ?? null}
        options={[...chosen, ...offered]}
        loading={found.isFetching}
        notFoundContent={t('list.noMatch')}
        onChange={(id: string | null) => set(id ?? undefined)}
      />
      {productId !== undefined && skus.length > 1 && (
        <Select
          className="filter-choice"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('review.sku')}
          aria-label={t('review.sku')}
          popupMatchSelectWidth={false}
          value={skuId ?? null}
          options={skus.map((sku) => ({ value: sku.id, label: sku.optionValues.join(' / ') || sku.code }))}
          onChange={(id: string | null) => set(id === null || id === undefined ? productId : `${productId}/${id}`)}
        />
      )}
    </>
  )
}
