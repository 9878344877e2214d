import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { SwiperProps } from '../types.ts'
import { useDrawnWhole } from './below.tsx'
import { Image } from './primitives.tsx'

/** Pictures side by side that snap into place; dots by finger, thumbnails by mouse. */
export function Swiper({ pictures, alt }: SwiperProps): JSX.Element {
  const track = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const isWhole = useDrawnWhole()
  const onScroll = () => {
    const box = track.current
    if (box) setCurrent(Math.round(box.scrollLeft / Math.max(1, box.clientWidth)))
  }
  const show = (index: number) =>
    track.current?.scrollTo({ left: index * track.current.clientWidth, behavior: 'smooth' })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a carousel is a region by the ARIA practices
    <div class="zg-swiper" role="region" aria-roledescription="轮播图" aria-label={alt}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <div class="zg-swiper-track" ref={track} onScroll={onScroll} tabIndex={0}>
        {(isWhole ? pictures : pictures.slice(0, 1)).map((picture, index) => (
          <div class="zg-swiper-slide" key={picture.fileId}>
            <Image
              picture={picture}
              alt={`${alt} 图 ${index + 1}`}
              sizes={SWIPER_SIZES}
              isFirst={index === 0}
              isHero={index === 0}
              fit="contain"
            />
          </div>
        ))}
        {pictures.length === 0 && (
          <div class="zg-swiper-slide">
            <Image picture={null} alt="暂无图片" sizes={SWIPER_SIZES} />
          </div>
        )}
      </div>
      {pictures.length > 1 && (
        <>
          <span class="zg-swiper-count" aria-hidden="true">
            {current + 1}/{pictures.length}
          </span>
          <div class="zg-swiper-thumbs">
            {(isWhole ? pictures : []).map((picture, index) => (
              <button
                type="button"
                key={picture.fileId}
                class={`zg-tap zg-swiper-thumb ${index === current ? 'zg-swiper-thumb-on' : ''}`}
                aria-label={`看第 ${index + 1} 张图`}
                aria-pressed={index === current}
                onClick={() => show(index)}
              >
                <Image picture={picture} alt="" sizes="64px" />
              </button>
            ))}
          </div>
        </>
      )}
    </div>
  )
}

/** Width of a picture in the swiper, as `<img sizes>`. */
export const SWIPER_SIZES = '(min-width: 900px) 480px, 100vw'
