import { type JSX, useEffect, useState } from '@hooks'
import { Button, Empty, Icon, Input, Link, NavBar, ProductGrid, Screen, Tap, Text, View } from '@kit'
import { addSearch, readSearches, SEARCHES_KEY } from '@model/searches.ts'
import { type ListPage, usePages } from '@model/use-pages.ts'
import { redirect, storage } from '@platform'
import type { StoreProductCard } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import './search.css'

interface SearchData {
  /** Null before anything is asked. */
  products: ListPage<StoreProductCard> | null
}

const NOTHING: ListPage<StoreProductCard> = { items: [], nextCursor: null }
const MOST_CHARS = 60

function SearchView({ data, params }: ViewProps<'search', SearchData>): JSX.Element {
  const { track } = useApp()
  const [text, setText] = useState(params.q ?? '')
  const search = (asked: string) => {
    const q = asked.trim()
    if (q !== '') redirect('search', { q })
  }
  useEffect(() => {
    const q = params.q?.trim()
    if (!q || !data.products) return
    storage.set(SEARCHES_KEY, JSON.stringify(addSearch(readSearches(storage.get(SEARCHES_KEY)), q)))
    track({ name: 'search', q, results: data.products.items.length })
  }, [data])
  return (
    <View>
      <NavBar title="搜索" back="home" />
      <Screen>
        <View className="zg-search-bar" role="search">
          <Input
            label="搜索本店商品"
            isLabelHidden
            kind="search"
            placeholder="想买什么？"
            value={text}
            onInput={setText}
            onConfirm={() => search(text)}
            maxLength={MOST_CHARS}
            hasFocus={data.products === null}
            testId="search-input"
            className="zg-grow"
          />
          <Button onTap={() => search(text)} testId="search-go">
            搜索
          </Button>
        </View>
        {data.products === null ? <History onPick={search} /> : <Results first={data.products} q={params.q ?? ''} />}
      </Screen>
    </View>
  )
}

function Results({ first, q }: { first: ListPage<StoreProductCard>; q: string }): JSX.Element {
  const { api, shop } = useApp()
  const pages = usePages(first ?? NOTHING, (cursor) =>
    api('store.products', { params: { shopId: shop.id }, query: { q, cursor } }),
  )
  if (pages.items.length === 0)
    return (
      <Empty icon="search" title={`没有找到“${q}”`} text="换个说法试试，或者去看看全部商品">
        <Link className="zg-button zg-button-primary" to="home" params={{}} isTab>
          全部商品
        </Link>
      </Empty>
    )
  return <ProductGrid pages={pages} list="search" label={`“${q}”的搜索结果`} />
}

/** What was searched for on this phone; never leaves it. */
function History({ onPick }: { onPick: (q: string) => void }): JSX.Element | null {
  const [searches, setSearches] = useState<string[]>([])
  useEffect(() => setSearches(readSearches(storage.get(SEARCHES_KEY))), [])
  if (searches.length === 0) return null
  const clear = () => {
    storage.remove(SEARCHES_KEY)
    setSearches([])
  }
  return (
    <View role="region" label="搜索历史">
      <View className="zg-row">
        <Text as="h2" className="zg-search-title">
          搜索历史
        </Text>
        <Tap className="zg-icon-key" label="清空搜索历史" onTap={clear}>
          <Icon name="trash" />
        </Tap>
      </View>
      <View className="zg-search-history">
        {searches.map((q) => (
          <Tap key={q} className="zg-search-word" onTap={() => onPick(q)}>
            {q}
          </Tap>
        ))}
      </View>
    </View>
  )
}

export default definePage<'search', SearchData>({
  name: 'search',
  access: 'public',
  load: async ({ api, shop, params }) => {
    const q = params.q?.trim().slice(0, MOST_CHARS)
    return { products: q ? await api('store.products', { params: { shopId: shop.id }, query: { q } }) : null }
  },
  head: () => ({ title: '搜索' }),
  View: SearchView,
})
