import { Segmented, Select, Tag } from 'antd'
import { useLocation, useNavigate } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { dayPresets, rangeText } from '../../kit/days.ts'
import type { Filter } from '../../kit/filters.tsx'
import { Period } from '../../kit/period.tsx'

/** From one book to the other; the period goes along. */
export function BookTabs() {
  const { shop, may } = useShop()
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const period = new URLSearchParams(search).get('period')
  const tabs = [
    ...(may('stock.read') ? [{ value: 'books', label: t('books.stock') }] : []),
    { value: 'books/revenue', label: t('books.revenue') },
    { value: 'books/tax', label: t('books.tax') },
  ]
  const here = tabs.findLast(({ value }) => pathname.endsWith(`/${value}`))?.value ?? 'books'
  return (
    <nav aria-label={t('books.tabs')}>
      <Segmented
        options={tabs}
        value={here}
        onChange={(to) => void navigate(`/s/${shop.slug}/${to}${period ? `?period=${period}` : ''}`)}
      />
    </nav>
  )
}

/** This month, unless another period was chosen. */
export const monthText = (): string => rangeText(dayPresets(Date.now()).month)

export const periodFilter = (): Filter => ({
  kind: 'custom',
  name: 'period',
  render: (value, set) => <Period label={t('books.period')} value={value ?? monthText()} onChange={set} />,
})

/** A choice that is always made: the first of the options unless another was. */
export const madeChoice = (name: string, label: string, options: { value: string; label: string }[]): Filter => ({
  kind: 'custom',
  name,
  render: (value, set) => (
    <Select
      className="filter-choice"
      aria-label={label}
      value={options.some((each) => each.value === value) ? value : options[0]!.value}
      options={options}
      popupMatchSelectWidth={false}
      onChange={(next) => set(next === options[0]!.value ? undefined : next)}
    />
  ),
})

/** What a list was narrowed to by the number that led there; it can be taken away. */
export const narrowedTo = (name: string, words: (value: string) => string): Filter => ({
  kind: 'custom',
  name,
  render: (value, set) =>
    value !== undefined && (
      <Tag closable onClose={() => set(undefined)}>
        {words(value)}
      </Tag>
    ),
})

/** The address of what is behind a number: texts that are not set are left out. */
export const behind = (slug: string, screen: string, query: Record<string, string | undefined>): string => {
  const set = Object.entries(query).filter((each): each is [string, string] => each[1] !== undefined)
  return `/s/${slug}/books/${screen}?${new URLSearchParams(set)}`
}
