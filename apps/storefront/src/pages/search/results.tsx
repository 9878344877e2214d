import { type JSX, useState } from '@hooks'
import { Button, Empty, Icon, Link, ProductGrid, Tap, Text, View } from '@kit'
import {
  chosenTags,
  filterCount,
  type SearchParams,
  searchQueryOf,
  toggled,
  withoutFilters,
} from '@model/search-params.ts'
import { sortKeys, sortOf } from '@model/sorts.ts'
import { usePages } from '@model/use-pages.ts'
import type { SearchResult } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { Recommendations } from '../../parts/recommendations.tsx'
import { FilterSheet } from './filter-sheet.tsx'
import { Hot } from './start.tsx'

export interface ResultsProps {
  result: SearchResult
  params: SearchParams
  hot: readonly string[]
  onPick: (words: string) => void
  onParams: (params: SearchParams) => void
}

/** What was found: how the words were understood, the order, the filters, the goods. */
export function Results({ result, params, hot, onPick, onParams }: ResultsProps): JSX.Element {
  const { api, shop } = useApp()
  const [isFiltering, setFiltering] = useState(false)
  const pages = usePages(result, (cursor) =>
    api('store.search', { params: { shopId: shop.id }, query: { ...searchQueryOf(params), cursor } }),
  )
  const filters = filterCount(params)
  const q = params.q ?? ''
  const isNothing = pages.items.length === 0 && filters === 0
  if (isNothing) return <Nothing q={q} hot={hot} onPick={onPick} />
  return (
    <View>
      <Understood result={result} q={q} />
      <ChosenTags facets={result.facets} params={params} onParams={onParams} />
      <View className="zg-search-tools">
        <View className="zg-search-sorts" role="radiogroup" label="排序">
          {sortKeys(sortOf(params.sort)).map(({ text, to, isOn }) => (
            <Tap
              key={to}
              className={`zg-search-sort ${isOn ? 'zg-search-sort-on' : ''}`}
              role="radio"
              isChosen={isOn}
              testId={`sort-${to}`}
              onTap={() => onParams({ ...params, sort: to === 'default' ? undefined : to })}
            >
              {text}
            </Tap>
          ))}
        </View>
        <Tap
          className={`zg-search-filter ${filters > 0 ? 'zg-search-sort-on' : ''}`}
          testId="search-filter"
          onTap={() => setFiltering(true)}
        >
          <Icon name="filter" />
          <Text>{filters > 0 ? `筛选 · ${filters}` : '筛选'}</Text>
        </Tap>
      </View>
      {pages.items.length === 0 ? (
        <Empty icon="search" title="没有符合筛选条件的商品" text="放宽一些条件，也许就有了">
          <Button onTap={() => onParams(withoutFilters(params))} testId="clear-filters">
            清除筛选
          </Button>
        </Empty>
      ) : (
        <ProductGrid pages={pages} list="search" label={q === '' ? '符合标签的商品' : `“${q}”的搜索结果`} />
      )}
      <FilterSheet
        isOpen={isFiltering}
        facets={result.facets}
        params={params}
        onClose={() => setFiltering(false)}
        onDone={(next) => {
          setFiltering(false)
          onParams(next)
        }}
      />
    </View>
  )
}

/** The tags that the list is narrowed by; a tap takes one away. The last one without any words leads to the start. */
function ChosenTags({
  facets,
  params,
  onParams,
}: { facets: SearchResult['facets'] } & Pick<ResultsProps, 'params' | 'onParams'>) {
  const chosen = chosenTags(params, facets)
  if (chosen.length === 0) return null
  return (
    <View className="zg-search-words zg-search-chosen" role="group" label="已选标签">
      {chosen.map(({ id, name }) => (
        <Tap
          key={id}
          className="zg-search-choice zg-search-choice-on"
          label={`去掉标签 ${name}`}
          testId="chosen-tag"
          onTap={() => onParams(toggled(params, 'tagged', id))}
        >
          <Text className="zg-clip">{name}</Text>
          <Icon name="close" />
        </Tap>
      ))}
    </View>
  )
}

/** Says it when other words were searched for than were typed, or when nothing fits well. */
function Understood({ result, q }: { result: SearchResult; q: string }): JSX.Element | null {
  if (result.corrected !== null)
    return (
      <View className="zg-search-note" role="status" testId="search-corrected">
        <Text>没有“{q}”，已为你找到</Text>
        <Text as="strong" className="zg-search-meant">
          {result.corrected}
        </Text>
      </View>
    )
  if (!result.isLoose) return null
  return (
    <View className="zg-search-note" role="status" testId="search-loose">
      <Text>没有完全符合“{q}”的商品，下面这些比较接近</Text>
    </View>
  )
}

/** Nothing at all: what can be done now. */
const Nothing = ({ q, hot, onPick }: { q: string } & Pick<ResultsProps, 'hot' | 'onPick'>): JSX.Element => (
  <View>
    <Empty icon="search" title={`没有找到“${q}”`} text="换个短一点的词，或用拼音试试">
      <Link className="zg-button zg-button-primary" to="category" params={{}} isTab>
        看看全部商品
      </Link>
    </Empty>
    <Hot words={hot} onPick={onPick} />
    <Recommendations slot="hot" title="大家都在买" />
  </View>
)
