import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp, useCell } from '../../app.ts'
import { back as goBack } from '../../platform/web/index.ts'
import { pathOf } from '../../routes.ts'
import type { InfiniteListProps, NavBarProps, SheetProps, SwiperProps, TabName } from '../types.ts'
import { Image, useInSight } from './primitives.tsx'

/** A panel from the bottom (a card in the middle on wide screens); the browser keeps the focus inside. */
export function Sheet({ isOpen, onClose, title, footer, testId, children }: SheetProps): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (isOpen && !dialog.open) dialog.showModal()
    if (!isOpen && dialog.open) dialog.close()
  }, [isOpen])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a tap beside the sheet closes it as Escape does, which the dialog handles
    <dialog
      ref={ref}
      class="zg-sheet"
      aria-label={title}
      data-testid={testId}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {isOpen && (
        <div class="zg-sheet-box">
          <header class="zg-sheet-head">
            <h2 class="zg-sheet-title">{title}</h2>
            <button type="button" class="zg-tap zg-sheet-close" aria-label="关闭" onClick={onClose}>
              <span class="zg-icon zg-icon-close" />
            </button>
          </header>
          <div class="zg-sheet-body">{children}</div>
          {footer && <footer class="zg-sheet-foot">{footer}</footer>}
        </div>
      )}
    </dialog>
  )
}

/** A list that asks for more before its end is reached. */
export function InfiniteList({
  hasMore,
  isLoading,
  error,
  onMore,
  endText,
  className,
  label,
  children,
}: InfiniteListProps): JSX.Element {
  const ref = useInSight(() => hasMore && !isLoading && error === undefined && onMore(), '800px')
  return (
    <div>
      <ul class={`zg-list ${className ?? ''}`} aria-label={label}>
        {children}
      </ul>
      {/* remounted when a page has come, so that a sentinel still in sight asks again */}
      <div ref={ref} key={String(isLoading)} class="zg-list-end" aria-live="polite">
        {error !== undefined ? (
          <button type="button" class="zg-button zg-button-plain zg-button-small" onClick={onMore}>
            {error}，点此重试
          </button>
        ) : isLoading ? (
          <span class="zg-list-note">
            <span class="zg-spinner" aria-hidden="true" /> 加载中…
          </span>
        ) : (
          !hasMore && endText && <span class="zg-list-note">{endText}</span>
        )}
      </div>
    </div>
  )
}

/** Pictures side by side that snap into place; dots by finger, thumbnails by mouse. */
export function Swiper({ pictures, alt }: SwiperProps): JSX.Element {
  const track = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
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
        {pictures.map((picture, index) => (
          <div class="zg-swiper-slide" key={picture.fileId}>
            <Image
              picture={picture}
              alt={`${alt} 图 ${index + 1}`}
              sizes={SWIPER_SIZES}
              isFirst={index === 0}
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
            {pictures.map((picture, index) => (
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

/** The bar on top. On wide screens it carries the shop's own navigation too. */
export function NavBar({ title, back, right, isQuiet }: NavBarProps): JSX.Element {
  const { shop } = useApp()
  return (
    <header class={`zg-nav ${back ? 'zg-nav-sub' : ''} ${isQuiet ? 'zg-nav-quiet' : ''}`}>
      <div class="zg-nav-inner">
        {back && (
          <button type="button" class="zg-tap zg-nav-back" aria-label="返回" onClick={() => goBack(back)}>
            <span class="zg-icon zg-icon-back" />
          </button>
        )}
        <TopLinks shopName={shop.name} />
        {!isQuiet && <h1 class="zg-nav-title">{title}</h1>}
        <div class="zg-nav-right">{right}</div>
      </div>
    </header>
  )
}

const TABS: { name: TabName; text: string; icon: string }[] = [
  { name: 'home', text: '首页', icon: 'home' },
  { name: 'cart', text: '购物车', icon: 'cart' },
  { name: 'orders', text: '订单', icon: 'list' },
  { name: 'me', text: '我的', icon: 'user' },
]

/** Navigation of wide screens, where there is room for words beside the title. */
export function TopLinks({ shopName }: { shopName: string }): JSX.Element {
  const { base, cartCount, page } = useApp()
  const count = useCell(cartCount)
  return (
    <nav class="zg-top" aria-label="店铺导航">
      <a class="zg-top-shop" href={pathOf('home', {}, base)}>
        {shopName}
      </a>
      {TABS.map(({ name, text }) => (
        <a
          key={name}
          class="zg-top-link"
          href={pathOf(name, {}, base)}
          aria-current={page === name ? 'page' : undefined}
        >
          {text}
          {name === 'cart' && count > 0 && <span class="zg-top-count">{count}</span>}
        </a>
      ))}
    </nav>
  )
}

/** The four places of the shop, at the bottom of a phone. */
export function TabBar({ current }: { current: TabName }): JSX.Element {
  const { base, cartCount } = useApp()
  const count = useCell(cartCount)
  return (
    <nav class="zg-tabs" aria-label="主导航">
      {TABS.map(({ name, text, icon }) => (
        <a
          key={name}
          class={`zg-tab ${name === current ? 'zg-tab-on' : ''}`}
          href={pathOf(name, {}, base)}
          aria-current={name === current ? 'page' : undefined}
          aria-label={name === 'cart' && count > 0 ? `购物车，${count} 件` : undefined}
          data-testid={`tab-${name}`}
        >
          <span class={`zg-icon zg-icon-${icon}`} aria-hidden="true" />
          <span>{text}</span>
          {name === 'cart' && count > 0 && (
            <span class="zg-badge" aria-hidden="true">
              {count > 99 ? '99+' : count}
            </span>
          )}
        </a>
      ))}
    </nav>
  )
}
