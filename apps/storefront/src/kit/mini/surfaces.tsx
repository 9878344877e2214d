import { RootPortal, ScrollView, SwiperItem, Swiper as TaroSwiper, Text, View } from '@tarojs/components'
import { useReachBottom } from '@tarojs/taro'
import { type ReactNode, useEffect, useState } from 'react'
import { setTitle } from '../../platform/mini/index.ts'
import { themeStyle } from '../../platform/mini/theme.ts'
import type { InfiniteListProps, NavBarProps, SheetProps, SwiperProps, TabName } from '../types.ts'
import { useLater } from './later.ts'
import { Image } from './primitives.tsx'

/** Width of a picture in the swiper: the whole screen. */
export const SWIPER_SIZES = '100vw'

export function Sheet({ isOpen, onClose, title, footer, testId, children }: SheetProps) {
  if (!isOpen) return null
  return (
    <RootPortal>
      <View className="zg-theme zg-sheet" style={themeStyle()} data-testid={testId} catchMove>
        <View className="zg-sheet-shade" ariaLabel="关闭" onClick={onClose} />
        <View className="zg-sheet-box" ariaRole="dialog" ariaLabel={title}>
          <View className="zg-sheet-head">
            <Text className="zg-sheet-title">{title}</Text>
            <View className="zg-sheet-close" ariaRole="button" ariaLabel="关闭" onClick={onClose}>
              <View className="zg-icon zg-icon-close" />
            </View>
          </View>
          <ScrollView className="zg-sheet-body" scrollY>
            {children as ReactNode}
          </ScrollView>
          {footer ? <View className="zg-sheet-foot">{footer as ReactNode}</View> : null}
        </View>
      </View>
    </RootPortal>
  )
}

/** Two rows are more than the first screen shows. */
const FIRST_ITEMS = 6
const LIST_LATER_MS = 48

export function InfiniteList({
  hasMore,
  isLoading,
  error,
  onMore,
  endText,
  className,
  label,
  children,
}: InfiniteListProps) {
  const shown = useLater(children, FIRST_ITEMS, LIST_LATER_MS)
  useReachBottom(() => {
    if (hasMore && !isLoading && error === undefined) onMore()
  })
  return (
    <View>
      <View className={className} ariaRole="list" ariaLabel={label}>
        {shown}
      </View>
      <View className="zg-list-end" onClick={error === undefined ? undefined : onMore}>
        <Text className="zg-list-note">
          {error !== undefined ? `${error}，点此重试` : isLoading ? '加载中…' : hasMore ? '' : (endText ?? '')}
        </Text>
      </View>
    </View>
  )
}

export function Swiper({ pictures, alt }: SwiperProps) {
  const [current, setCurrent] = useState(0)
  if (pictures.length === 0) return <View className="zg-swiper zg-image-none" ariaLabel="暂无图片" />
  return (
    <View className="zg-swiper">
      <TaroSwiper className="zg-swiper-track" onChange={(event) => setCurrent(event.detail.current)}>
        {pictures.map((picture, index) => (
          <SwiperItem key={picture.fileId}>
            <Image
              className="zg-swiper-picture"
              picture={picture}
              alt={`${alt} 图 ${index + 1}`}
              sizes={SWIPER_SIZES}
              isFirst={index === 0}
              fit="contain"
            />
          </SwiperItem>
        ))}
      </TaroSwiper>
      {pictures.length > 1 && (
        <Text className="zg-swiper-count">
          {current + 1}/{pictures.length}
        </Text>
      )}
    </View>
  )
}

/** WeChat draws the bar; only its title is ours. What stood at its right follows below it. */
export function NavBar({ title, right }: NavBarProps) {
  useEffect(() => setTitle(title), [title])
  return right ? <View className="zg-nav-extra">{right as ReactNode}</View> : null
}

/** The bar of tabs is WeChat's own, declared in `app.config.ts`. */
export const TabBar = (_: { current: TabName }) => null
