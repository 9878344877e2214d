import type { JSX } from 'preact'
import { useApp, useCell } from '../../app.ts'
import { back as goBack } from '../../platform/web/index.ts'
import { pathOf } from '../../routes.ts'
import type { NavBarProps, TabName } from '../types.ts'

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
  { name: 'category', text: '分类', icon: 'grid' },
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

/** The five places of the shop, at the bottom of a phone. */
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
