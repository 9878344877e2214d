import type { BlockLink } from '@zhanggui/contract'
import { Input, Select, TreeSelect } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { useCategories } from '../products/categories.ts'
import { ProductLine, ProductPicker } from '../products/product-picker.tsx'
import { useEditing } from './fields.tsx'

/** A link that is being chosen: its kind is known, where it leads perhaps not yet. */
type DraftLink = { kind: BlockLink['kind'] } & Partial<Record<string, string>>

const KINDS = ['product', 'category', 'page', 'search', 'place', 'path'] as const
const PLACES = ['home', 'category', 'cart', 'orders', 'me'] as const

interface Props {
  link: unknown
  onChange: (link: object | null, key?: string) => void
  label: string
  /** Some things always lead somewhere. */
  isRequired?: boolean
}

/** Where a tap leads: a product, a category, another page, a search, a place of the shop, or any of its addresses. */
export function LinkPicker({ link, onChange, label, isRequired = false }: Props) {
  const { isWritable } = useEditing()
  const chosen = (typeof link === 'object' ? link : null) as DraftLink | null
  return (
    <div className="design-link">
      <Select
        aria-label={label}
        disabled={!isWritable}
        value={chosen?.kind ?? 'none'}
        options={[
          ...(isRequired && chosen ? [] : [{ value: 'none', label: t('design.link.none') }]),
          ...KINDS.map((kind) => ({ value: kind, label: t(`design.link.${kind}`) })),
        ]}
        popupMatchSelectWidth={false}
        onChange={(kind) => onChange(kind === 'none' ? null : kind === 'place' ? { kind, place: 'home' } : { kind })}
      />
      {chosen && <Goal link={chosen} onChange={onChange} label={label} />}
    </div>
  )
}

function Goal({ link, onChange, label }: { link: DraftLink; onChange: Props['onChange']; label: string }) {
  const { products, addProduct, isWritable } = useEditing()
  const common = { 'aria-label': `${label}：${t(`design.link.${link.kind}`)}`, disabled: !isWritable }
  switch (link.kind) {
    case 'product': {
      const product = products.get(link.productId ?? '')
      return (
        <div className="stack-xs design-link-goal">
          {product ? (
            <ProductLine product={product} />
          ) : (
            link.productId && <span className="red small">{t('design.productGone')}</span>
          )}
          {isWritable && (
            <ProductPicker
              taken={[]}
              onPick={(picked) => {
                addProduct(picked)
                onChange({ kind: 'product', productId: picked.id })
              }}
            />
          )}
        </div>
      )
    }
    case 'category':
      return (
        <CategoryField
          {...common}
          value={link.categoryId ?? null}
          onChange={(categoryId) => onChange({ kind: 'category', ...(categoryId === null ? {} : { categoryId }) })}
        />
      )
    case 'page':
      return <PageField {...common} value={link.slug} onChange={(slug) => onChange({ kind: 'page', slug })} />
    case 'place':
      return (
        <Select
          {...common}
          className="design-link-goal"
          value={link.place ?? null}
          options={PLACES.map((place) => ({ value: place, label: t(`design.place.${place}`) }))}
          onChange={(place) => onChange({ kind: 'place', place })}
        />
      )
    default: {
      const name = link.kind === 'search' ? 'q' : 'path'
      return (
        <Input
          {...common}
          className="design-link-goal"
          value={link[name] ?? ''}
          maxLength={name === 'q' ? 60 : 300}
          placeholder={t(name === 'q' ? 'design.link.searchHint' : 'design.link.pathHint')}
          onChange={({ target }) => onChange({ kind: link.kind, [name]: target.value }, `link-${name}`)}
        />
      )
    }
  }
}

interface FieldProps<V> {
  value: V
  'aria-label': string
  disabled: boolean
}

/** One of the shop's categories. */
export function CategoryField({
  value,
  onChange,
  placeholder,
  ...rest
}: FieldProps<string | null> & { onChange: (id: string | null) => void; placeholder?: string }) {
  const { tree } = useCategories()
  return (
    <TreeSelect<string | null>
      {...rest}
      className="design-link-goal"
      value={value}
      treeData={tree}
      treeDefaultExpandAll
      showSearch={{ treeNodeFilterProp: 'title' }}
      allowClear
      placeholder={placeholder ?? t('design.link.categoryHint')}
      onChange={(id) => onChange(id ?? null)}
    />
  )
}

/** Another designed page, found by its title or address. */
function PageField({
  value,
  onChange,
  ...rest
}: FieldProps<string | undefined> & { onChange: (slug: string) => void }) {
  const { shopId } = useShop()
  const [q, setQ] = useState('')
  const read = useRead(
    'console.pages',
    { params: { shopId }, query: { q: q.trim().slice(0, 30) || undefined, limit: 20 } },
    { keepPrevious: true },
  )
  const found = (read.data?.items ?? []).map(({ slug, title }) => ({ value: slug, label: `${title}（/${slug}）` }))
  return (
    <Select<string | null>
      {...rest}
      className="design-link-goal"
      value={value ?? null}
      showSearch={{ filterOption: false, onSearch: setQ }}
      loading={read.isFetching}
      placeholder={t('design.link.pageHint')}
      options={found}
      onChange={(slug: string | null) => slug !== null && onChange(slug)}
    />
  )
}
