import type { Children, JSX } from '@hooks'
import { Image, Link, Price, Tag, Text, View } from '@kit'
import type { StoreProductCard } from '@zhanggui/contract'
import './parts.css'

/** A product that the buyer has kept: as it is now, or that it is gone. */
export function KeptRow({
  id,
  title,
  card,
  children,
}: {
  id: string
  title: string
  card: StoreProductCard | null
  children?: Children
}): JSX.Element {
  const body = (
    <View className="zg-line">
      <View className="zg-line-picture">
        <Image picture={card?.picture ?? null} alt="" sizes="80px" />
      </View>
      <View className="zg-grow">
        <Text className="zg-line-title">{title}</Text>
        {card ? (
          <View className="zg-row">
            <Price fen={card.minPriceFen} size="small" isFrom={card.maxPriceFen > card.minPriceFen} />
            {card.soldOut && <Tag kind="warn">已售罄</Tag>}
          </View>
        ) : (
          <Tag>已下架</Tag>
        )}
      </View>
    </View>
  )
  return (
    <View className="zg-panel" role="listitem" testId="kept">
      {card ? (
        <Link className="zg-line" to="detail" params={{ id }}>
          {body}
        </Link>
      ) : (
        body
      )}
      {children}
    </View>
  )
}
