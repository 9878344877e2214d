import { ScrollView, SwiperItem, Swiper as TaroSwiper, View } from '@tarojs/components'
import Taro, { usePageScroll } from '@tarojs/taro'
import { type ReactNode, useState } from 'react'
import type { BelowProps, CarouselProps, NearProps, RailProps } from '../types.ts'
import { useLater } from './later.ts'

export const Carousel = ({ label, ratioPercent, intervalSeconds, slides }: CarouselProps) => (
  <View className="zg-carousel" ariaLabel={label}>
    <View className="zg-carousel-room" style={{ paddingTop: `${ratioPercent}%` }}>
      <TaroSwiper
        className="zg-carousel-track"
        circular={slides.length > 1}
        autoplay={intervalSeconds > 0 && slides.length > 1}
        interval={Math.max(1, intervalSeconds) * 1000}
        indicatorDots={slides.length > 1}
        indicatorColor="rgba(255,255,255,0.55)"
        indicatorActiveColor="#ffffff"
      >
        {slides.map(({ key, content }) => (
          <SwiperItem key={key}>{content as ReactNode}</SwiperItem>
        ))}
      </TaroSwiper>
    </View>
  </View>
)

/** What is in sight before anybody moves the rail. */
const FIRST_ON_RAIL = 3

export function Rail({ label, className, children }: RailProps) {
  const shown = useLater(children, FIRST_ON_RAIL, 0)
  return (
    <ScrollView scrollX enhanced showScrollbar={false} ariaLabel={label}>
      <View className={`zg-rail ${className ?? ''}`}>{shown}</View>
    </ScrollView>
  )
}

/** The mini program draws a page in one go: what is near is drawn at once. */
export const Below = ({ children }: BelowProps) => <View>{children as ReactNode}</View>

export const Near = ({ children }: NearProps) => <View>{children() as ReactNode}</View>

const SCREENS_DOWN = 1.5

export function ToTop() {
  const [isDown, setDown] = useState(false)
  usePageScroll(({ scrollTop }) => {
    const isFar = scrollTop > Taro.getWindowInfo().windowHeight * SCREENS_DOWN
    if (isFar !== isDown) setDown(isFar)
  })
  if (!isDown) return null
  return (
    <View
      className="zg-float-key"
      ariaRole="button"
      ariaLabel="回到顶部"
      data-testid="to-top"
      onClick={() => void Taro.pageScrollTo({ scrollTop: 0, duration: 260 })}
    >
      <View className="zg-icon zg-icon-up" />
    </View>
  )
}
