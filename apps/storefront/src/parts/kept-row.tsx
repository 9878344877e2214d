import type { Children, JSX } from '@hooks'
import { Image, Link, Price, Tag, Text, View } from '@kit'
import type { StoreProductCard } from '@zhanggui/contract'
import './parts.css'

/** A product that the buyer has kept: as it is now, or that it is gone. The children stand beside its price. */
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
  const picture = <Image picture={card?.picture ?? null} alt="" sizes="72px" />
  return (
    <View className="zg-panel zg-kept" role="listitem" testId="kept">
      {card ? (
        <Link className="zg-kept-picture" to="detail" params={{ id }} label={title}>
          {picture}
        </Link>
      ) : (
        <View className="zg-kept-picture">{picture}</View>
      )}
      <View className="zg-kept-body">
        {card ? (
          <Link className="zg-kept-title" to="detail" params={{ id }}>
            {title}
          </Link>
        ) : (
          <Text className="zg-kept-title zg-muted">{title}</Text>
        )}
        <View className="zg-row">
          <View className="zg-kept-price">
            {card && <Price fen={card.minPriceFen} size="small" isFrom={card.maxPriceFen > card.minPriceFen} />}
            {!card && <Tag>已下架</Tag>}
            {card?.soldOut && <Tag kind="warn">已售罄</Tag>}
          </View>
          {children}
        </View>
      </View>
    </View>
  )
}
