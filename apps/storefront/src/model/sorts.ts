export type Sort = 'default' | 'new' | 'sold' | 'price-asc' | 'price-desc'

const VALUES: readonly Sort[] = ['default', 'sold', 'new', 'price-asc', 'price-desc']

/** The order that an address asks for. */
export const sortOf = (value: string | undefined): Sort => VALUES.find((sort) => sort === value) ?? 'default'

export interface SortKey {
  text: string
  /** What a tap on it asks for. */
  to: Sort
  isOn: boolean
}

/** The orders to choose from; the price is one key, which turns around when it is tapped again. */
export const sortKeys = (current: Sort): SortKey[] => {
  const arrow = current === 'price-asc' ? ' ↑' : current === 'price-desc' ? ' ↓' : ''
  return [
    { text: '综合', to: 'default', isOn: current === 'default' },
    { text: '销量', to: 'sold', isOn: current === 'sold' },
    { text: '上新', to: 'new', isOn: current === 'new' },
    { text: `价格${arrow}`, to: current === 'price-asc' ? 'price-desc' : 'price-asc', isOn: arrow !== '' },
  ]
}
