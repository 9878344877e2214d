import type { SearchFacets } from '@zhanggui/contract'
import type { PageParams } from '../routes.ts'
import { sortOf } from './sorts.ts'

/** What the list of results is narrowed and sorted by, as it stands in the address. */
export type SearchParams = PageParams['search']
/** Filters of which several values can be chosen. */
export type ListName = 'brands' | 'tags' | 'attributes' | 'tagged'

const MOST_CHARS = 60
const MOST_CHOICES = 20
const MOST_FEN = 10_000_000_00
const FILTERS = ['category', 'brands', 'tags', 'attributes', 'tagged', 'min', 'max', 'stock'] as const

export const linesOf = (lines: string | undefined): string[] => (lines ?? '').split('\n').filter(Boolean)

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

const fenOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Math.min(Number(text), MOST_FEN) : undefined

/** The query of `store.search`. What in an address is no filter is left out, so that an old link still shows a list. */
export const searchQueryOf = (params: SearchParams) => ({
  q: params.q?.trim().slice(0, MOST_CHARS),
  sort: sortOf(params.sort),
  categoryId: isId(params.category ?? '') ? params.category : undefined,
  brands: linesText(linesOf(params.brands)),
  tags: linesText(linesOf(params.tags)),
  attributes: linesText(linesOf(params.attributes).filter((line) => line.indexOf(':') > 0)),
  tagValues: linesOf(params.tagged).filter(isId).slice(0, MOST_CHOICES).join(',') || undefined,
  minPriceFen: fenOf(params.min),
  maxPriceFen: fenOf(params.max),
  inStock: params.stock === '1' ? ('true' as const) : undefined,
})

const linesText = (lines: readonly string[]): string | undefined =>
  lines.length === 0 ? undefined : lines.slice(0, MOST_CHOICES).join('\n')

/** With one value more, or without it when it was chosen. */
export function toggled(params: SearchParams, name: ListName, value: string): SearchParams {
  const values = linesOf(params[name])
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
  return { ...params, [name]: linesText(next) }
}

export const isChosen = (params: SearchParams, name: ListName, value: string): boolean =>
  linesOf(params[name]).includes(value)

/** The same search without any filter; the order stays. */
export function withoutFilters(params: SearchParams): SearchParams {
  const { q, sort } = params
  return { q, sort }
}

/** The chosen values of tag dimensions by name, as far as the facets know them. */
export const chosenTags = (params: SearchParams, facets: SearchFacets | null): { id: string; name: string }[] =>
  (facets?.dimensions ?? []).flatMap(({ values }) => values).filter(({ id }) => isChosen(params, 'tagged', id))

/** Whether there is anything to look for: words, or tags that goods are listed by. */
export const asksForSomething = ({ q, tagValues }: ReturnType<typeof searchQueryOf>): boolean =>
  (q ?? '') !== '' || tagValues !== undefined

/** How many kinds of filters are set. The price counts once. */
export const filterCount = (params: SearchParams): number =>
  new Set(FILTERS.filter((name) => params[name]).map((name) => (name === 'max' ? 'min' : name))).size

export interface Band {
  min: string | undefined
  max: string | undefined
  text: string
}

const yuan = (fen: number): string => `${fen / 100}`

/** Price bands between the steps: below the first, between them, above the last. */
export function bandsOf({ priceStepsFen: steps }: Pick<SearchFacets, 'priceStepsFen'>): Band[] {
  if (steps.length === 0) return []
  const inner = steps
    .slice(1)
    .map((to, i) => ({ min: `${steps[i]}`, max: `${to}`, text: `${yuan(steps[i]!)}–${yuan(to)} 元` }))
  const last = steps.at(-1)!
  return [
    { min: undefined, max: `${steps[0]}`, text: `${yuan(steps[0]!)} 元以下` },
    ...inner,
    { min: `${last}`, max: undefined, text: `${yuan(last)} 元以上` },
  ]
}

/** Yuan as typed → fen as the address has it; undefined for what is no price. */
export function fenText(typed: string): string | undefined {
  const text = typed.normalize('NFKC').trim()
  return /^\d{1,7}(\.\d{1,2})?$/.test(text) ? `${Math.round(Number(text) * 100)}` : undefined
}
