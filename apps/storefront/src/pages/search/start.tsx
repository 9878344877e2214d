import { type JSX, useEffect, useState } from '@hooks'
import { Icon, Tap, Text, View } from '@kit'
import { readSearches, SEARCHES_KEY } from '@model/searches.ts'
import { storage } from '@platform'

type Pick = (words: string) => void

/** Before anything is asked: what was searched for on this phone, and what others look for. */
export const Start = ({ hot, onPick }: { hot: readonly string[]; onPick: Pick }): JSX.Element => (
  <View className="zg-search-start">
    <History onPick={onPick} />
    <Hot words={hot} onPick={onPick} />
    {hot.length === 0 && <Text className="zg-small zg-muted">暂无热门搜索</Text>}
  </View>
)

/** What others search for in this shop. The first three stand out. */
export function Hot({ words, onPick }: { words: readonly string[]; onPick: Pick }): JSX.Element | null {
  if (words.length === 0) return null
  return (
    <View role="region" label="大家在搜" testId="search-hot">
      <Text as="h2" className="zg-search-title">
        大家在搜
      </Text>
      <View className="zg-search-words">
        {words.map((word, index) => (
          <Tap
            key={word}
            className={`zg-search-word ${index < 3 ? 'zg-search-word-top' : ''}`}
            onTap={() => onPick(word)}
          >
            {index === 0 && <Icon name="fire" />}
            <Text className="zg-clip">{word}</Text>
          </Tap>
        ))}
      </View>
    </View>
  )
}

/** What was searched for on this phone; never leaves it. */
function History({ onPick }: { onPick: Pick }): JSX.Element | null {
  const [searches, setSearches] = useState<string[]>([])
  useEffect(() => setSearches(readSearches(storage.get(SEARCHES_KEY))), [])
  if (searches.length === 0) return null
  const clear = () => {
    storage.remove(SEARCHES_KEY)
    setSearches([])
  }
  return (
    <View role="region" label="搜索历史" testId="search-history">
      <View className="zg-row">
        <Text as="h2" className="zg-search-title">
          搜索历史
        </Text>
        <Tap className="zg-icon-key" label="清空搜索历史" testId="search-clear" onTap={clear}>
          <Icon name="trash" />
        </Tap>
      </View>
      <View className="zg-search-words">
        {searches.map((q) => (
          <Tap key={q} className="zg-search-word" onTap={() => onPick(q)}>
            <Text className="zg-clip">{q}</Text>
          </Tap>
        ))}
      </View>
    </View>
  )
}
