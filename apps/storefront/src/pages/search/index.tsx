import { type JSX, useEffect, useState } from '@hooks'
import { Button, Input, NavBar, Screen, View } from '@kit'
import { asksForSomething, type SearchParams, searchQueryOf } from '@model/search-params.ts'
import { addSearch, readSearches, SEARCHES_KEY } from '@model/searches.ts'
import { redirect, storage } from '@platform'
import type { SearchResult } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { Results } from './results.tsx'
import { Start } from './start.tsx'
import { Suggestions } from './suggestions.tsx'
import './search.css'

interface SearchData {
  /** Null before anything is asked. */
  result: SearchResult | null
  /** What others search for; shown where nothing is asked or found. */
  hot: string[]
}

const MOST_CHARS = 60

function SearchView({ data: { result, hot }, params }: ViewProps<'search', SearchData>): JSX.Element {
  const { track } = useApp()
  const asked = params.q?.trim() ?? ''
  const [text, setText] = useState(asked)
  useEffect(() => setText(asked), [asked])
  const search = (words: string) => {
    const q = words.trim()
    if (q === '') return
    setText(q)
    redirect('search', { q })
  }
  useEffect(() => {
    if (asked === '' || !result) return
    storage.set(SEARCHES_KEY, JSON.stringify(addSearch(readSearches(storage.get(SEARCHES_KEY)), asked)))
    track({ name: 'search', q: asked, results: result.items.length })
  }, [result])
  const isTyping = text.trim() !== '' && text.trim() !== asked
  return (
    <View>
      <NavBar title="搜索" back="home" />
      <Screen>
        <View className="zg-search-bar" role="search">
          <Input
            label="搜索本店商品"
            isLabelHidden
            kind="search"
            placeholder="搜索本店商品"
            value={text}
            onInput={setText}
            onConfirm={() => search(text)}
            maxLength={MOST_CHARS}
            hasFocus={result === null}
            testId="search-input"
            className="zg-grow"
          />
          <Button onTap={() => search(text)} testId="search-go">
            搜索
          </Button>
        </View>
        {isTyping && <Suggestions text={text.trim()} onPick={search} />}
        {!isTyping && result === null && <Start hot={hot} onPick={search} />}
        {!isTyping && result !== null && (
          <Results
            result={result}
            params={params}
            hot={hot}
            onPick={search}
            onParams={(next) => redirect('search', next)}
          />
        )}
      </Screen>
    </View>
  )
}

export default definePage<'search', SearchData>({
  name: 'search',
  access: 'public',
  load: async ({ api, shop, params }) => {
    const path = { shopId: shop.id }
    const query = searchQueryOf(params as SearchParams)
    const result = asksForSomething(query) ? await api('store.search', { params: path, query }) : null
    if (result && result.items.length > 0) return { result, hot: [] }
    const { items } = await api('store.searchSuggestions', { params: path, query: {} })
    return { result, hot: items.map(({ text }) => text) }
  },
  head: () => ({ title: '搜索' }),
  View: SearchView,
})
