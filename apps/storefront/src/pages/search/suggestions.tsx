import { type JSX, useEffect, useState } from '@hooks'
import { Icon, Link, Tap, Text, View } from '@kit'
import { readSearches, SEARCHES_KEY } from '@model/searches.ts'
import { storage } from '@platform'
import type { Suggestion } from '@zhanggui/contract'
import { useApp } from '../../app.ts'

/** Suggestions are asked for after so long without a further letter. */
const PAUSE_MS = 150
const MOST_OWN = 3

/** While typing: the buyer's own searches first, then what the shop suggests. The answer to older letters is dropped. */
export function Suggestions({ text, onPick }: { text: string; onPick: (words: string) => void }): JSX.Element {
  const { api, shop } = useApp()
  const [items, setItems] = useState<Suggestion[]>([])
  const [own, setOwn] = useState<string[]>([])
  useEffect(() => {
    let isLatest = true
    const lower = text.toLowerCase()
    const searches = readSearches(storage.get(SEARCHES_KEY))
    setOwn(searches.filter((q) => q !== text && q.toLowerCase().includes(lower)).slice(0, MOST_OWN))
    const timer = setTimeout(() => {
      api('store.searchSuggestions', { params: { shopId: shop.id }, query: { q: text } }).then(
        (answer) => isLatest && setItems(answer.items),
        () => isLatest && setItems([]),
      )
    }, PAUSE_MS)
    return () => {
      isLatest = false
      clearTimeout(timer)
    }
  }, [text])
  const others = items.filter((item) => item.kind === 'category' || !own.includes(item.text))
  return (
    <View className="zg-search-suggestions" role="region" label="搜索建议" testId="search-suggestions">
      <Tap className="zg-search-suggestion" onTap={() => onPick(text)}>
        <Icon name="search" />
        <Text className="zg-grow zg-clip">搜索“{text}”</Text>
      </Tap>
      {own.map((q) => (
        <Tap key={`own ${q}`} className="zg-search-suggestion" onTap={() => onPick(q)}>
          <Icon name="clock" />
          <Text className="zg-grow zg-clip">{q}</Text>
        </Tap>
      ))}
      {others.map((item) =>
        item.kind === 'category' && item.categoryId !== null ? (
          <Link
            key={`category ${item.categoryId}`}
            className="zg-search-suggestion"
            to="category"
            params={{ id: item.categoryId }}
            isTab
          >
            <Icon name="grid" />
            <Text className="zg-grow zg-clip">{item.text}</Text>
            <Text className="zg-search-kind">分类</Text>
          </Link>
        ) : (
          <Tap key={`${item.kind} ${item.text}`} className="zg-search-suggestion" onTap={() => onPick(item.text)}>
            <Icon name="search" />
            <Text className="zg-grow zg-clip">{item.text}</Text>
          </Tap>
        ),
      )}
    </View>
  )
}
