import { type Children, Fragment, type JSX } from '@hooks'
import { Carousel, Icon, Image, Link, ProductCard, ProductRow, ProductTile, Rail, SectionHead, Text, View } from '@kit'
import { BLOCK_ANCHOR, targetOf } from '@model/block-link.ts'
import { BANNER_PICTURES, blocksInSight } from '@model/first-screen.ts'
import type { BlockLink, RichNode, StoreBlock } from '@zhanggui/contract'
import './blocks.css'

type Shown<K extends StoreBlock['kind']> = Extract<StoreBlock, { kind: K }>

/** The blocks of a designed page. `feed` is what stands in the place of "everything", `aboveFeed` what comes before it. */
export function Blocks({
  blocks,
  feed,
  aboveFeed,
}: {
  blocks: readonly StoreBlock[]
  feed?: Children
  aboveFeed?: Children
}): JSX.Element {
  const inSight = blocksInSight(blocks)
  return (
    <View className="zg-blocks">
      {blocks.map((block, index) =>
        block.kind === 'feed' ? (
          <View key={block.id} id={BLOCK_ANCHOR + block.id} className="zg-blocks">
            {aboveFeed}
            {block.title !== '' && <SectionHead title={block.title} />}
            {feed}
          </View>
        ) : (
          <View
            key={block.id}
            id={BLOCK_ANCHOR + block.id}
            className={`zg-block-${block.kind}`}
            testId={`block-${block.kind}`}
          >
            {draw(block, index < inSight)}
          </View>
        ),
      )}
    </View>
  )
}

function draw(block: Exclude<StoreBlock, { kind: 'feed' }>, isFirst: boolean): JSX.Element {
  switch (block.kind) {
    case 'banner':
      return <Banner block={block} isFirst={isFirst} />
    case 'nav':
      return <Nav block={block} isFirst={isFirst} />
    case 'products':
      return <Products block={block} isFirst={isFirst} />
    case 'coupons':
      return <Coupons block={block} />
    case 'live':
      return <Live block={block} />
    case 'picture':
      return <Wide block={block} isFirst={isFirst} />
    case 'rich-text':
      return <RichText nodes={block.nodes} />
    case 'notice':
      return <Notice block={block} />
    case 'gap':
      return <Gap block={block} />
    case 'hotspot':
      return <Hotspot block={block} isFirst={isFirst} />
  }
}

/** Something that leads somewhere, where there is somewhere to go. */
function To({
  link,
  className,
  label,
  style,
  children,
}: {
  link: BlockLink | null
  className?: string
  label?: string
  style?: Record<string, string>
  children?: Children
}): JSX.Element {
  const target = link === null ? undefined : targetOf(link)
  const box = { className, label, style }
  if (!target) return <View {...box}>{children}</View>
  return (
    <Link {...box} to={target.to} params={target.params} isTab={target.isTab}>
      {children}
    </Link>
  )
}

/** Width of a picture across the page, as the `sizes` of a responsive image. */
export const BANNER_SIZES = '(min-width: 1120px) 1096px, 100vw'

const Banner = ({ block, isFirst }: { block: Shown<'banner'>; isFirst: boolean }): JSX.Element => (
  <Carousel
    label="活动海报"
    ratioPercent={block.ratioPercent}
    intervalSeconds={block.intervalSeconds}
    slides={block.slides.map(({ picture, alt, link }, index) => ({
      key: `${picture.fileId}${index}`,
      content: (
        <To link={link} className="zg-banner-slide" label={alt || `海报 ${index + 1}`}>
          <Image
            picture={picture}
            alt={alt}
            sizes={BANNER_SIZES}
            isFirst={isFirst && index < BANNER_PICTURES}
            isHero={isFirst && index === 0}
          />
        </To>
      ),
    }))}
  />
)

const Nav = ({ block, isFirst }: { block: Shown<'nav'>; isFirst: boolean }): JSX.Element => (
  <View className={`zg-navgrid zg-navgrid-${block.columns}`} role="navigation" label="分类入口">
    {block.items.map(({ title, picture, link }, index) => (
      <To key={`${title}${index}`} link={link} className="zg-navgrid-item">
        {picture ? (
          <View className="zg-navgrid-picture">
            <Image picture={picture} alt="" sizes="52px" isFirst={isFirst} />
          </View>
        ) : (
          <View className={`zg-navgrid-picture zg-navgrid-tone-${index % TONES}`}>
            <Text>{title.slice(0, 1)}</Text>
          </View>
        )}
        <Text className="zg-navgrid-title zg-clip">{title}</Text>
      </To>
    ))}
  </View>
)

const TONES = 5

function Products({ block, isFirst }: { block: Shown<'products'>; isFirst: boolean }): JSX.Element {
  const { title, layout, products, more } = block
  const list = `block:${block.id}`
  const label = title || '商品'
  const each = (index: number) => ({ product: products[index]!, list, position: index, isFirstScreen: isFirst })
  return (
    <Fragment>
      {title !== '' && (
        <SectionHead title={title}>
          {more !== null && (
            <To link={more} className="zg-section-more" label={`全部${title}`}>
              <Text>全部</Text>
              <Icon name="chevron" />
            </To>
          )}
        </SectionHead>
      )}
      {layout === 'grid' && (
        <View className="zg-grid" role="list" label={label}>
          {products.map((product, index) => (
            <ProductCard key={product.id} {...each(index)} />
          ))}
        </View>
      )}
      {layout === 'list' && (
        <View className="zg-prows" role="list" label={label}>
          {products.map((product, index) => (
            <ProductRow key={product.id} {...each(index)} />
          ))}
        </View>
      )}
      {(layout === 'rail' || layout === 'rank') && (
        <Rail label={label}>
          {products.map((product, index) => (
            <ProductTile key={product.id} {...each(index)} {...(layout === 'rank' ? { rank: index + 1 } : {})} />
          ))}
        </Rail>
      )}
    </Fragment>
  )
}

const Coupons = ({ block }: { block: Shown<'coupons'> }): JSX.Element => (
  <Fragment>
    {block.title !== '' && <SectionHead title={block.title} />}
    <Rail label={block.title || '优惠券'}>
      {block.coupons.map((coupon) => (
        <View className="zg-coupon" role="listitem" key={coupon.id}>
          <To link={coupon.link} className="zg-coupon-link">
            <Text className="zg-coupon-value">{coupon.value}</Text>
            <Text className="zg-coupon-title zg-clip">{coupon.title}</Text>
            <Text className="zg-small zg-muted zg-clip">{coupon.note}</Text>
          </To>
        </View>
      ))}
    </Rail>
  </Fragment>
)

const LIVE_SIZES = '(min-width: 700px) 360px, 46vw'

const Live = ({ block }: { block: Shown<'live'> }): JSX.Element => (
  <Fragment>
    {block.title !== '' && <SectionHead title={block.title} />}
    <View className="zg-live" role="list" label={block.title || '直播'}>
      {block.rooms.map((room) => (
        <View className="zg-live-room" role="listitem" key={room.id}>
          <To link={room.link} className="zg-live-link">
            <View className="zg-live-picture">
              <Image picture={room.picture} alt="" sizes={LIVE_SIZES} />
              <Text className={`zg-live-state zg-live-${room.state}`}>
                {room.state === 'live' ? '直播中' : '即将开播'}
              </Text>
            </View>
            <Text className="zg-card-title">{room.title}</Text>
            <Text className="zg-small zg-muted">{room.note}</Text>
          </To>
        </View>
      ))}
    </View>
  </Fragment>
)

/** Room for a picture before it is there: its own shape, or the one that was asked for. */
const roomOf = (picture: { width: number | null; height: number | null }, percent: number | null) => ({
  paddingTop: `${percent ?? (picture.width && picture.height ? (picture.height / picture.width) * 100 : 56)}%`,
})

const Wide = ({ block, isFirst }: { block: Shown<'picture'>; isFirst: boolean }): JSX.Element => (
  <To
    link={block.link}
    className="zg-wide"
    label={block.alt || '图片'}
    style={roomOf(block.picture, block.ratioPercent)}
  >
    <Image picture={block.picture} alt={block.alt} sizes={BANNER_SIZES} isFirst={isFirst} isHero={isFirst} />
  </To>
)

const Hotspot = ({ block, isFirst }: { block: Shown<'hotspot'>; isFirst: boolean }): JSX.Element => (
  <View className="zg-wide" style={roomOf(block.picture, null)}>
    <Image picture={block.picture} alt={block.alt} sizes={BANNER_SIZES} isFirst={isFirst} isHero={isFirst} />
    {block.areas.map(({ label, x, y, width, height, link }) => (
      <To
        key={`${label}${x}${y}`}
        link={link}
        className="zg-hotspot-area"
        label={label}
        style={{ left: `${x}%`, top: `${y}%`, width: `${width}%`, height: `${height}%` }}
      />
    ))}
  </View>
)

const Notice = ({ block }: { block: Shown<'notice'> }): JSX.Element => (
  <To link={block.link} className="zg-notice">
    <Icon name="spark" />
    <Text className="zg-grow">{block.text}</Text>
    {block.link !== null && <Icon name="chevron" />}
  </To>
)

const Gap = ({ block }: { block: Shown<'gap'> }): JSX.Element => (
  <View className={block.hasLine ? 'zg-gap zg-gap-line' : 'zg-gap'} style={{ height: `${block.heightPx}px` }} />
)

const TAGS = { heading: 'h3', paragraph: 'p', item: 'p', quote: 'p' } as const

const RichText = ({ nodes }: { nodes: readonly RichNode[] }): JSX.Element => (
  <View className="zg-panel">
    {nodes.map((node, index) => (
      <Text
        key={`${node.kind}${index}`}
        as={TAGS[node.kind]}
        className={`zg-rich-${node.kind} ${node.align === 'center' ? 'zg-rich-center' : ''}`}
      >
        {node.spans.map((span, place) => (
          <Span key={`${place}${span.text.slice(0, 8)}`} span={span} />
        ))}
      </Text>
    ))}
  </View>
)

function Span({ span }: { span: RichNode['spans'][number] }): JSX.Element {
  const look = span.bold ? 'zg-rich-bold' : ''
  const target = span.link === null ? undefined : targetOf(span.link)
  if (!target) return <Text className={look}>{span.text}</Text>
  return (
    <Link className={`zg-rich-link ${look}`} to={target.to} params={target.params} isTab={target.isTab}>
      {span.text}
    </Link>
  )
}
