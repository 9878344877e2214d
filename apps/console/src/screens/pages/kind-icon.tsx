import {
  AppstoreOutlined,
  BorderlessTableOutlined,
  ColumnHeightOutlined,
  FileTextOutlined,
  FireOutlined,
  GiftOutlined,
  NotificationOutlined,
  PictureOutlined,
  ShoppingOutlined,
  StarOutlined,
  UnorderedListOutlined,
  VideoCameraOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { BlockKind } from './layout-edit.ts'

/** The sign of each kind of block, in the palette and in the outline. */
export const KIND_ICONS: Record<BlockKind, ReactNode> = {
  banner: <PictureOutlined />,
  nav: <AppstoreOutlined />,
  hot: <FireOutlined />,
  new: <StarOutlined />,
  products: <ShoppingOutlined />,
  coupons: <GiftOutlined />,
  live: <VideoCameraOutlined />,
  picture: <PictureOutlined />,
  'rich-text': <FileTextOutlined />,
  notice: <NotificationOutlined />,
  gap: <ColumnHeightOutlined />,
  hotspot: <BorderlessTableOutlined />,
  feed: <UnorderedListOutlined />,
}
