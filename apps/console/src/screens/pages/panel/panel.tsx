import type { ComponentType } from 'react'
import type { PanelProps } from '../fields.tsx'
import type { BlockKind } from '../layout-edit.ts'
import { GapPanel, NoticePanel, PicturePanel } from './basics.tsx'
import { AutomaticPanel, CountedPanel, FeedPanel, ProductsPanel } from './goods.tsx'
import { HotspotPanel } from './hotspot.tsx'
import { BannerPanel, NavPanel } from './lists.tsx'
import { RichTextPanel } from './words.tsx'

const PANELS: Record<BlockKind, ComponentType<PanelProps>> = {
  banner: BannerPanel,
  nav: NavPanel,
  hot: AutomaticPanel,
  new: AutomaticPanel,
  products: ProductsPanel,
  coupons: CountedPanel,
  live: CountedPanel,
  picture: PicturePanel,
  'rich-text': RichTextPanel,
  notice: NoticePanel,
  gap: GapPanel,
  hotspot: HotspotPanel,
  feed: FeedPanel,
}

/** What can be set of a block. */
export function BlockPanel(props: PanelProps) {
  const Panel = PANELS[props.block.kind]
  return <Panel {...props} />
}
