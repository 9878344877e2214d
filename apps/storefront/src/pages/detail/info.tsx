import type { JSX } from '@hooks'
import { Icon, Link, Price, PriceLabel, Tag, Text, View, WasPrice } from '@kit'
import { countText, soldInText } from '@model/texts.ts'
import type { StoreProduct, StoreSku } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { PriceOffer } from '../../parts/price-offer.tsx'

/** With this few left the buyer is told. */
const FEW = 10

/** What decides first: the price, and what is special. With a chosen SKU it is that one's price. */
export function Info({
  product,
  sku,
  reload,
}: {
  product: StoreProduct
  sku: StoreSku | undefined
  reload: () => Promise<void>
}): JSX.Element {
  const priceFen = sku?.priceFen ?? product.minPriceFen
  const listFen = sku ? sku.listPriceFen : product.listPriceFen
  const isFrom = !sku && product.maxPriceFen > product.minPriceFen
  const tag = sku ? sku.priceTag : product.priceTag
  const wasFen = tag?.wasFen ?? listFen
  const left = product.skus.reduce((sum, { available }) => sum + available, 0)
  return (
    <View className="zg-panel">
      {tag && <PriceOffer tag={tag} onOver={() => void reload()} />}
      <View className="zg-detail-price">
        <Price fen={priceFen} size="large" isFrom={isFrom} testId="price" />
        <WasPrice tag={tag} fen={priceFen} listFen={listFen} />
        <PriceLabel tag={tag} />
        {wasFen !== null && wasFen > priceFen && !isFrom && tag?.display !== 'drop' && (
          <Text className="zg-detail-saved">省 {formatMoney(wasFen - priceFen)}</Text>
        )}
        {product.soldCount > 0 && (
          <Text className="zg-muted zg-small zg-detail-sold">已售 {countText(product.soldCount)}</Text>
        )}
      </View>
      <Text as="h2" className="zg-detail-title">
        {product.title}
      </Text>
      {product.subtitle !== '' && (
        <Text as="p" className="zg-detail-point">
          {product.subtitle}
        </Text>
      )}
      {(product.tags.length > 0 || (left > 0 && left <= FEW) || product.purchaseLimit || product.soldIn) && (
        <View className="zg-detail-tags">
          {left > 0 && left <= FEW && <Tag kind="warn">仅剩 {left} 件</Tag>}
          {product.purchaseLimit !== undefined && <Tag kind="warn">每人限购 {product.purchaseLimit} 件</Tag>}
          {product.soldIn && <Tag kind="warn">{soldInText(product.soldIn)}</Tag>}
          {product.tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </View>
      )}
    </View>
  )
}

/** What the shop stands for, beside what is bought. */
export function Promises(): JSX.Element | null {
  const { promises } = useApp().shop
  if (promises.length === 0) return null
  return (
    <View className="zg-panel zg-detail-promises">
      {promises.map((promise) => (
        <View className="zg-detail-promise" key={promise}>
          <Icon name="shield" />
          <Text>{promise}</Text>
        </View>
      ))}
    </View>
  )
}

export const Attributes = ({ product }: { product: StoreProduct }): JSX.Element => (
  <View className="zg-panel" role="region" label="商品参数">
    <Text as="h2" className="zg-panel-title">
      商品参数
    </Text>
    {product.attributes.map(({ name, value }) => (
      <View className="zg-detail-attribute" key={name}>
        <Text className="zg-detail-attribute-name">{name}</Text>
        <Text className="zg-grow">{value}</Text>
      </View>
    ))}
    {[...tagLines(product)].map(([dimension, values]) => (
      <View className="zg-detail-attribute" key={dimension}>
        <Text className="zg-detail-attribute-name">{dimension}</Text>
        <View className="zg-detail-tags">
          {values.map(({ id, name }) => (
            <Link
              key={id}
              className="zg-detail-tag"
              to="search"
              params={{ tagged: id }}
              label={`看看更多“${name}”的商品`}
              testId="product-tag"
            >
              <Text>{name}</Text>
            </Link>
          ))}
        </View>
      </View>
    ))}
  </View>
)

/** What the goods are tagged with, by dimension. */
function tagLines({ tagValues }: StoreProduct): Map<string, StoreProduct['tagValues']> {
  const lines = new Map<string, StoreProduct['tagValues']>()
  for (const value of tagValues) lines.set(value.dimension, [...(lines.get(value.dimension) ?? []), value])
  return lines
}
