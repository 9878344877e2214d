import type { JSX } from '@hooks'
import { Image, InfiniteList, Link, Price, Seen, Tag, Text, View } from '@kit'
import { countText } from '@model/texts.ts'
import type { StoreProductCard } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import type { PageList } from '../../model/use-pages.ts'

/** Width of a product's picture in the grid, as the `sizes` of a responsive image. */
export const CARD_SIZES = '(min-width: 1100px) 220px, (min-width: 700px) 24vw, 46vw'

/** Pictures of the first rows: fetched at once. */
const FIRST_PICTURES = 4

export function ProductCard({
  product,
  list,
  position,
}: {
  product: StoreProductCard
  list: string
  position: number
}): JSX.Element {
  const { track, page } = useApp()
  const at = { page, productId: product.id }
  return (
    <Seen className="zg-card" onSeen={() => track({ name: 'exposure', ...at, position, list })}>
      <Link
        className="zg-card-link"
        to="detail"
        params={{ id: product.id }}
        testId="product-card"
        onTap={() => track({ name: 'click', ...at, target: list })}
      >
        <View className="zg-card-picture">
          <Image picture={product.picture} alt="" sizes={CARD_SIZES} isFirst={position < FIRST_PICTURES} />
          {product.soldOut && <Text className="zg-card-out">已售罄</Text>}
        </View>
        <View className="zg-card-body">
          <Text className="zg-card-title">{product.title}</Text>
          {product.tags.length > 0 && (
            <View className="zg-card-tags">
              {product.tags.slice(0, 2).map((tag) => (
                <Tag key={tag}>{tag}</Tag>
              ))}
            </View>
          )}
          <View className="zg-card-row">
            <Price fen={product.minPriceFen} isFrom={product.maxPriceFen > product.minPriceFen} />
            {product.soldCount > 0 && <Text className="zg-card-sold">已售 {countText(product.soldCount)}</Text>}
          </View>
        </View>
      </Link>
    </Seen>
  )
}

/** Products in two columns (more where there is room), with more as the buyer scrolls. */
export const ProductGrid = ({
  pages,
  list,
  label,
}: {
  pages: PageList<StoreProductCard>
  list: string
  label: string
}): JSX.Element => (
  <InfiniteList
    className="zg-grid"
    label={label}
    hasMore={pages.hasMore}
    isLoading={pages.isLoading}
    error={pages.error}
    onMore={pages.loadMore}
    endText={pages.items.length > 8 ? '已经到底了' : undefined}
  >
    {pages.items.map((product, index) => (
      <ProductCard key={product.id} product={product} list={list} position={index} />
    ))}
  </InfiniteList>
)
