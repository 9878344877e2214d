import type { JSX } from '@hooks'
import { Image, Text, Video, View } from '@kit'
import type { DetailRun, StoreDetailBlock, StoreProduct } from '@zhanggui/contract'
import './story.css'

const DETAIL_SIZES = '(min-width: 900px) 760px, 100vw'

/** What the shop tells of the goods: headings, words, lists, pictures, films and size tables. */
export function Story({ product }: { product: StoreProduct }): JSX.Element | null {
  if (product.detailBlocks.length === 0 && !product.video) return null
  return (
    <View className="zg-panel zg-detail-story">
      <Text as="h2" className="zg-panel-title">
        商品详情
      </Text>
      {product.video && (
        <Video
          className="zg-story-video"
          video={product.video}
          poster={product.video.poster ?? product.picture}
          label={`${product.title} 视频`}
        />
      )}
      {product.detailBlocks.map((block, index) => (
        <Block key={`${index}-${block.type}`} block={block} title={product.title} />
      ))}
    </View>
  )
}

function Block({ block, title }: { block: StoreDetailBlock; title: string }): JSX.Element {
  switch (block.type) {
    case 'heading':
      return (
        <Text as="h3" className={`zg-story-${block.level === 2 ? 'head' : 'subhead'}${centred(block.align)}`}>
          <Runs runs={block.runs} />
        </Text>
      )
    case 'paragraph':
      return (
        <Text as="p" className={`zg-detail-paragraph${centred(block.align)}`}>
          <Runs runs={block.runs} />
        </Text>
      )
    case 'list':
      return <List items={block.items} isOrdered={block.ordered} />
    case 'table':
      return <SizeTable rows={block.rows} />
    case 'divider':
      return <View className="zg-story-divider" />
    case 'image':
      return (
        <View className="zg-story-figure">
          <Image className="zg-detail-picture" picture={block.picture} alt={block.caption ?? ''} sizes={DETAIL_SIZES} />
          {block.caption !== undefined && (
            <Text as="p" className="zg-story-caption">
              {block.caption}
            </Text>
          )}
        </View>
      )
    case 'video':
      return <Video className="zg-story-video" video={block.video} poster={block.poster} label={`${title} 视频`} />
  }
}

const centred = (align: 'left' | 'center' | undefined): string => (align === 'center' ? ' zg-story-centre' : '')

const Runs = ({ runs }: { runs: readonly DetailRun[] }): JSX.Element => (
  <>
    {runs.map((run, index) => (
      <Text
        key={`${index}-${run.text}`}
        as={run.bold ? 'strong' : 'span'}
        className={`zg-story-run${run.bold ? ' zg-story-bold' : ''}${run.tint === undefined ? '' : ` zg-story-${run.tint}`}`}
      >
        {run.text}
      </Text>
    ))}
  </>
)

const List = ({ items, isOrdered }: { items: readonly (readonly DetailRun[])[]; isOrdered: boolean }): JSX.Element => (
  <View className="zg-story-list" role="list">
    {items.map((runs, index) => (
      <View className="zg-story-item" role="listitem" key={`${index}-${runs[0]?.text ?? ''}`}>
        <Text className="zg-story-mark">{isOrdered ? `${index + 1}.` : '·'}</Text>
        <View className="zg-grow">
          <Runs runs={runs} />
        </View>
      </View>
    ))}
  </View>
)

/** Scrolls sideways where it is wider than the screen. */
const SizeTable = ({ rows }: { rows: readonly (readonly string[])[] }): JSX.Element => (
  <View className="zg-story-scroll" role="region" label="尺寸表">
    <View className="zg-story-table">
      {rows.map((cells, y) => (
        <View className={`zg-story-row${y === 0 ? ' zg-story-row-head' : ''}`} key={`${y}-${cells[0] ?? ''}`}>
          {cells.map((cell, x) => (
            <View className="zg-story-cell" key={`${x}-${cell}`}>
              <Text>{cell}</Text>
            </View>
          ))}
        </View>
      ))}
    </View>
  </View>
)
