import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { CarouselProps, NearProps, RailProps } from '../types.ts'
import { useInSight } from './sight.tsx'

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** Slides that snap into place; they move on by themselves until somebody touches them, and not out of sight. */
export function Carousel({ label, ratioPercent, intervalSeconds, slides }: CarouselProps): JSX.Element {
  const track = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const isTouched = useRef(false)
  const show = (index: number) =>
    track.current?.scrollTo({ left: index * track.current.clientWidth, behavior: isStill() ? 'instant' : 'smooth' })
  useEffect(() => {
    if (intervalSeconds === 0 || slides.length < 2 || isStill()) return
    const timer = setInterval(() => {
      const box = track.current
      if (!box || isTouched.current || document.hidden || box.getBoundingClientRect().bottom < 0) return
      show((Math.round(box.scrollLeft / Math.max(1, box.clientWidth)) + 1) % slides.length)
    }, intervalSeconds * 1000)
    return () => clearInterval(timer)
  }, [slides.length, intervalSeconds])
  const onScroll = () => {
    const box = track.current
    if (box) setCurrent(Math.round(box.scrollLeft / Math.max(1, box.clientWidth)))
  }
  const stop = () => {
    isTouched.current = true
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a carousel is a region by the ARIA practices
    <div class="zg-carousel" role="region" aria-roledescription="轮播图" aria-label={label}>
      <div
        class="zg-carousel-track"
        ref={track}
        style={{ aspectRatio: `100 / ${ratioPercent}` }}
        onScroll={onScroll}
        onPointerDown={stop}
        onFocusIn={stop}
      >
        {slides.map(({ key, content }) => (
          <div class="zg-carousel-slide" key={key}>
            {content}
          </div>
        ))}
      </div>
      {slides.length > 1 && (
        <div class="zg-carousel-dots" aria-hidden="true">
          {slides.map(({ key }, index) => (
            <span key={key} class={`zg-carousel-dot ${index === current ? 'zg-carousel-dot-on' : ''}`} />
          ))}
        </div>
      )}
    </div>
  )
}

export const Rail = ({ label, className, children }: RailProps): JSX.Element => (
  <ul class={`zg-rail ${className ?? ''}`} aria-label={label}>
    {children}
  </ul>
)

export function Near({ heightPx, children }: NearProps): JSX.Element {
  const [isNear, setNear] = useState(false)
  const ref = useInSight(() => setNear(true), '600px')
  return (
    <div ref={ref} style={isNear ? undefined : { minHeight: `${heightPx}px` }}>
      {isNear && children()}
    </div>
  )
}

const SCREENS_DOWN = 1.5

/** Back to the top, once the buyer has gone down a good way. */
export function ToTop(): JSX.Element | null {
  const [isDown, setDown] = useState(false)
  useEffect(() => {
    const onScroll = () => setDown(scrollY > innerHeight * SCREENS_DOWN)
    addEventListener('scroll', onScroll, { passive: true })
    return () => removeEventListener('scroll', onScroll)
  }, [])
  if (!isDown) return null
  return (
    <button
      type="button"
      class="zg-tap zg-float-key"
      aria-label="回到顶部"
      data-testid="to-top"
      onClick={() => scrollTo({ top: 0, behavior: isStill() ? 'instant' : 'smooth' })}
    >
      <span class="zg-icon zg-icon-up" />
    </button>
  )
}
