import { type JSX, useEffect, useState } from '@hooks'
import { Near, ProductTile, Rail, SectionHead, View } from '@kit'
import { readViewed } from '@model/viewed.ts'
import { storage } from '@platform'
import type { Recommendation } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import './recommendations.css'

export interface RecommendationsProps {
  slot: 'related' | 'similar' | 'interest' | 'hot'
  title: string
  /** The product beside which they are shown. */
  productId?: string
}

const ROOM_PX = 240
const SHOWN = 12

/**
 * Goods that go with what the buyer looks at, each with why it is there. Asked for only when the buyer comes near;
 * where there is nothing to recommend, or no answer, nothing is shown.
 */
export const Recommendations = (props: RecommendationsProps): JSX.Element => (
  <Near key={`${props.slot} ${props.productId}`} heightPx={ROOM_PX}>
    {() => <Found {...props} />}
  </Near>
)

/** As above, for visitors who have looked at something; nothing for those of whom nothing is known. */
export function ForYou(): JSX.Element | null {
  const [isKnown, setKnown] = useState(false)
  useEffect(() => setKnown(readViewed(storage).length > 0), [])
  return isKnown ? <Recommendations slot="interest" title="猜你喜欢" /> : null
}

function Found({ slot, title, productId }: RecommendationsProps): JSX.Element | null {
  const { api, shop } = useApp()
  const [items, setItems] = useState<Recommendation[] | undefined>(undefined)
  useEffect(() => {
    const viewed = readViewed(storage).filter((id) => id !== productId)
    api('store.recommendations', {
      params: { shopId: shop.id },
      query: { slot, productId, viewed: viewed.length > 0 ? viewed.join(',') : undefined, limit: SHOWN },
    }).then(
      (answer) => setItems(answer.items),
      () => setItems([]),
    )
  }, [slot, productId])
  if (items === undefined) return <View className="zg-recommend-room" />
  if (items.length === 0) return null
  return (
    <View className="zg-recommend" testId={`recommend-${slot}`}>
      <SectionHead title={title} />
      <Rail label={title}>
        {items.map(({ product, text }, index) => (
          <ProductTile key={product.id} product={product} list={`recommend:${slot}`} position={index} note={text} />
        ))}
      </Rail>
    </View>
  )
}
