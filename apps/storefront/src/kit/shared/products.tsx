import type { Children, JSX } from '@hooks'
import { Image, InfiniteList, Link, Price, Seen, Tag, Text, View } from '@kit'
import { RAIL_PICTURES } from '@model/first-screen.ts'
import { countText } from '@model/texts.ts'
import type { StoreProductCard } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import type { PageList } from '../../model/use-pages.ts'
import { PriceLabel, WasPrice } from './price-tag.tsx'

/** Width of a product's picture in the grid, as the `sizes` of a responsive image. */
export const CARD_SIZES = '(min-width: 1100px) 212px, (min-width: 700px) 24vw, 46vw'
/** The same in a rail and in a list of rows. */
export const TILE_SIZES = '124px'
export const ROW_SIZES = '104px'

/** Pictures of the first rows: fetched at once. */
const FIRST_PICTURES = 4

export interface ProductProps {
  product: StoreProductCard
  /** Where it stands, for the figures of the shop: `home`, `search`, `block:<id>` … */
  list: string
  position: number
  /** Whether the list begins on the first screen. */
  isFirstScreen?: boolean
}

/** What all forms of a product in a list have in common: it is seen, it is tapped, it leads to its page. */
function Linked({
  product,
  list,
  position,
  className,
  children,
}: Omit<ProductProps, 'isFirstScreen'> & { className: string; children: Children }): JSX.Element {
  const { track, page } = useApp()
  const at = { page, productId: product.id }
  return (
    <Seen className={className} onSeen={() => track({ name: 'exposure', ...at, position, list })}>
      <Link
        className={`${className}-link`}
        to="detail"
        params={{ id: product.id }}
        testId="product-card"
        onTap={() => track({ name: 'click', ...at, target: list })}
      >
        {children}
      </Link>
    </Seen>
  )
}

const CardPrice = ({ product, size }: { product: StoreProductCard; size?: 'small' }): JSX.Element => (
  <View className="zg-card-price">
    <Price fen={product.minPriceFen} isFrom={product.maxPriceFen > product.minPriceFen} {...(size ? { size } : {})} />
    <PriceLabel tag={product.priceTag} />
    {product.priceTag && <WasPrice tag={product.priceTag} fen={product.minPriceFen} listFen={product.listPriceFen} />}
  </View>
)

const CardPicture = ({
  product,
  sizes,
  isFirst,
  isHero,
}: {
  product: StoreProductCard
  sizes: string
  isFirst: boolean
  isHero: boolean
}): JSX.Element => (
  <View className="zg-card-picture">
    <Image picture={product.picture} alt="" sizes={sizes} isFirst={isFirst} isHero={isHero} />
    {product.soldOut && <Text className="zg-card-out">已售罄</Text>}
  </View>
)

const Tags = ({ tags }: { tags: readonly string[] }): JSX.Element => (
  <View className="zg-card-tags">
    {tags.slice(0, 2).map((tag) => (
      <Tag key={tag}>{tag}</Tag>
    ))}
  </View>
)

/** A product in the grid. */
export function ProductCard({ product, list, position, isFirstScreen = true }: ProductProps): JSX.Element {
  const isFirst = isFirstScreen && position < FIRST_PICTURES
  return (
    <Linked className="zg-card" product={product} list={list} position={position}>
      <CardPicture product={product} sizes={CARD_SIZES} isFirst={isFirst} isHero={isFirst && position === 0} />
      <View className="zg-card-body">
        <Text className="zg-card-title">{product.title}</Text>
        {product.subtitle !== '' && <Text className="zg-card-sub">{product.subtitle}</Text>}
        <View className="zg-card-foot">
          {product.tags.length > 0 && <Tags tags={product.tags} />}
          <View className="zg-card-row">
            <CardPrice product={product} />
            {product.soldCount > 0 && <Text className="zg-card-sold">已售 {countText(product.soldCount)}</Text>}
          </View>
        </View>
      </View>
    </Linked>
  )
}

/** A product in a rail: picture, a line, the price. With `rank` it carries its place, with `note` why it is there. */
export const ProductTile = ({
  product,
  list,
  position,
  isFirstScreen = false,
  rank,
  note,
}: ProductProps & { rank?: number; note?: string }): JSX.Element => (
  <Linked className="zg-tile" product={product} list={list} position={position}>
    <View className="zg-tile-top">
      <CardPicture
        product={product}
        sizes={TILE_SIZES}
        isFirst={isFirstScreen && position < RAIL_PICTURES}
        isHero={false}
      />
      {rank !== undefined && (
        <Text className={`zg-tile-rank ${rank <= 3 ? 'zg-tile-rank-top' : ''}`} label={`第 ${rank} 名`}>
          {rank}
        </Text>
      )}
    </View>
    <Text className="zg-tile-title">{product.title}</Text>
    <CardPrice product={product} size="small" />
    {note !== undefined && <Text className="zg-tile-note">{note}</Text>}
  </Linked>
)

/** A product as a row: for narrow lists, where words need the width. */
export const ProductRow = ({ product, list, position, isFirstScreen = true }: ProductProps): JSX.Element => (
  <Linked className="zg-prow" product={product} list={list} position={position}>
    <CardPicture
      product={product}
      sizes={ROW_SIZES}
      isFirst={isFirstScreen && position < FIRST_PICTURES}
      isHero={isFirstScreen && position === 0}
    />
    <View className="zg-prow-body">
      <Text className="zg-card-title">{product.title}</Text>
      {product.subtitle !== '' && <Text className="zg-card-sub">{product.subtitle}</Text>}
      {product.tags.length > 0 ? <Tags tags={product.tags} /> : <View />}
      <View className="zg-card-row">
        <CardPrice product={product} />
        {product.soldCount > 0 && <Text className="zg-card-sold">已售 {countText(product.soldCount)}</Text>}
      </View>
    </View>
  </Linked>
)

/** Products in two columns (more where there is room) or in rows, with more as the buyer scrolls. */
export const ProductGrid = ({
  pages,
  list,
  label,
  as = 'grid',
  isFirstScreen = true,
}: {
  pages: PageList<StoreProductCard>
  list: string
  label: string
  as?: 'grid' | 'rows'
  isFirstScreen?: boolean
}): JSX.Element => {
  const Item = as === 'grid' ? ProductCard : ProductRow
  return (
    <InfiniteList
      className={as === 'grid' ? 'zg-grid' : 'zg-prows'}
      label={label}
      hasMore={pages.hasMore}
      isLoading={pages.isLoading}
      error={pages.error}
      onMore={pages.loadMore}
      endText={pages.items.length > 8 ? '已经到底了' : undefined}
    >
      {pages.items.map((product, index) => (
        <Item key={product.id} product={product} list={list} position={index} isFirstScreen={isFirstScreen} />
      ))}
    </InfiniteList>
  )
}
