import type { StoreShop } from '@zhanggui/contract'
import { createClient } from '@zhanggui/contract/client'
import type { ThemeChoice } from '@zhanggui/contract/theme'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type App, createCell, useCell } from '../app.ts'
import { firstPageLives } from '../kit/web/below.tsx'
import { tellArrival } from '../model/account-code.ts'
import { keepShare } from '../model/attribution.ts'
import { watchCart } from '../model/cart-count.ts'
import type { AnyPage } from '../page.ts'
import { installRouter } from '../platform/web/history.ts'
import { storage, toast } from '../platform/web/index.ts'
import { isSlow, sendWithClock, serverNow, setServerNow } from '../platform/web/send.ts'
import { matchPath } from '../routes.ts'
import type { Boot } from './boot.ts'
import { pageEvent } from './page-event.ts'
import { pageModule } from './pages.ts'
import { Root } from './root.tsx'
import { headOf, isPreview, isSignedOut, loadScreen, type ScreenState } from './screen.ts'

/** What is shown, and what going back shows again. */
interface Shown {
  screen: ScreenState
  page: AnyPage
  visit: number
}

const api = createClient({ send: sendWithClock })
const shops = new Map<string, Promise<StoreShop>>()

/** A page that was loaded ahead is as good as new for this long; afterwards it is shown and read again behind. */
const AHEAD_MS = 8_000
const STALE_MS = 60_000
/** When the buyer has stopped scrolling, the products in sight are loaded ahead: so many, after so long. */
const WARM_LINKS = 4
const WARM_MS = 500
const SLOW_MS = 120
const KEPT_SCREENS = 30
/** Lists that have grown are shown again as they were. */
const LISTS: ReadonlySet<string> = new Set(['home', 'category', 'page', 'search'])

const ahead = new Map<string, { at: number; shown: Promise<Omit<Shown, 'visit'>> }>()

/** Loads code and data of an address side by side. */
async function open(url: string): Promise<Omit<Shown, 'visit'>> {
  const match = matchPath(url)
  if (!match) throw new Error(`No page at ${url}`)
  const [page, shop] = await Promise.all([pageModule(match.name), shopAt(match.shop ?? '')])
  return { page, screen: await loadScreen(page, match, url, shop, api) }
}

function shopAt(shop: string): Promise<StoreShop> {
  let found = shops.get(shop)
  if (!found) {
    found = api('store.shop', { params: { shop } })
    found.catch(() => shops.delete(shop))
    shops.set(shop, found)
  }
  return found
}

function openAhead(url: string): void {
  const known = ahead.get(url)
  if (known && Date.now() - known.at < AHEAD_MS) return
  const shown = open(url)
  shown.catch(() => ahead.delete(url))
  ahead.set(url, { at: Date.now(), shown })
}

/** `isStale`: it was loaded a while ago, prices and stock have to be read again. */
function takeAhead(url: string): { shown: Promise<Omit<Shown, 'visit'>>; isStale: boolean } {
  const known = ahead.get(url)
  ahead.delete(url)
  const age = known ? Date.now() - known.at : Number.POSITIVE_INFINITY
  return known && age < STALE_MS
    ? { shown: known.shown, isStale: age >= AHEAD_MS }
    : { shown: open(url), isStale: false }
}

/** Loads what the buyer is likely to tap next: products in sight, one after another, unless data is to be saved. */
async function warmSight(isCurrent: () => boolean): Promise<void> {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  if (connection?.saveData || !navigator.onLine) return
  const links = [...document.querySelectorAll<HTMLAnchorElement>('#main a[data-testid=product-card]')].filter(
    (link) => {
      const { top, bottom, left } = link.getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight + 80 && left >= 0 && left < innerWidth
    },
  )
  for (const link of links.slice(0, WARM_LINKS)) {
    const url = link.pathname + link.search
    if (!isCurrent()) return
    if (!ahead.has(url)) openAhead(url)
    await ahead.get(url)?.shown.catch(() => undefined)
  }
  for (const [url, { at }] of ahead) if (Date.now() - at > STALE_MS) ahead.delete(url)
}

/** The link of ours that an event happened on, as path and query. */
function ownLink(event: Event): string | undefined {
  const link = (event.target as Element | null)?.closest?.('a')
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return undefined
  const url = link.pathname + link.search
  const match = matchPath(url)
  return match ? url : undefined
}

const here = () => location.pathname + location.search

/** The router of the browser: addresses to screens, with history, prefetch and scroll positions. */
function useRouter(boot: Boot, firstPage: AnyPage) {
  const [shown, setShown] = useState<Shown>({ screen: boot.screen, page: firstPage, visit: 0 })
  const [isLoading, setLoading] = useState(false)
  const state = useRef({
    visit: 0,
    index: 0,
    turn: 0,
    shown,
    kept: new Map<number, { shown: Shown; scrollY: number }>(),
  }).current
  state.shown = shown

  const refresh = async ({ page, screen }: Shown) => {
    const match = matchPath(screen.url)
    if (!match) return location.reload()
    const fresh = await loadScreen(page, match, screen.url, screen.shop, api)
    // the buyer may have gone on meanwhile
    setShown((now) => (now.screen.url === screen.url ? { ...now, screen: fresh } : now))
  }
  const reload = () => refresh(state.shown)

  useEffect(() => {
    history.scrollRestoration = 'manual'
    const started = history.state as { index?: number } | null
    state.index = started?.index ?? 0
    history.replaceState({ index: state.index }, '')
    const keep = () => {
      state.kept.set(state.index, { shown: state.shown, scrollY })
      if (state.kept.size > KEPT_SCREENS) state.kept.delete(state.kept.keys().next().value!)
    }
    const show = (next: Shown, scrollTo: number) => {
      setShown(next)
      warmLater()
      requestAnimationFrame(() => requestAnimationFrame(() => window.scrollTo({ top: scrollTo, behavior: 'instant' })))
    }
    const go = async (url: string, options?: { replace?: boolean }) => {
      if (!matchPath(url)) return location.assign(url)
      const turn = ++state.turn
      const slow = setTimeout(() => setLoading(true), SLOW_MS)
      try {
        const { shown: loading, isStale } = takeAhead(url)
        const next = await loading
        if (turn !== state.turn) return
        if (isSignedOut(next.screen.failure) && next.page.access === 'buyer-redirect') return leaveToSignIn(url)
        keep()
        if (!options?.replace) state.index++
        history[options?.replace ? 'replaceState' : 'pushState']({ index: state.index }, '', url)
        show({ ...next, visit: ++state.visit }, 0)
        if (isStale) void refresh({ ...next, visit: state.visit })
        document.getElementById('main')?.focus({ preventScroll: true })
      } catch (error) {
        console.error(error)
        // without a network the browser would only show its own error page: the last wish is kept until there is one
        if (!navigator.onLine) {
          toast('网络已断开，恢复后打开', 'bad')
          return addEventListener('online', () => turn === state.turn && go(url, options), { once: true })
        }
        // the code of the page could not be fetched, or it is a newer version's: let the browser load all of it
        location.assign(url)
      } finally {
        clearTimeout(slow)
        if (turn === state.turn) setLoading(false)
      }
    }
    const onPop = async (event: PopStateEvent) => {
      keep()
      const turn = ++state.turn
      state.index = (event.state as { index?: number } | null)?.index ?? 0
      const kept = state.kept.get(state.index)
      const url = here()
      if (kept && kept.shown.screen.url === url) {
        show({ ...kept.shown, visit: ++state.visit }, kept.scrollY)
        // what was shown may be old: prices, stock and orders are read again behind it
        if (!LISTS.has(kept.shown.page.name)) void refresh(kept.shown)
        return
      }
      const next = await open(url).catch(() => undefined)
      if (turn !== state.turn) return
      if (next) show({ ...next, visit: ++state.visit }, 0)
      else location.reload()
    }
    const onClick = (event: MouseEvent) => {
      if (
        event.defaultPrevented ||
        event.button !== 0 ||
        event.metaKey ||
        event.ctrlKey ||
        event.shiftKey ||
        event.altKey
      )
        return
      const url = ownLink(event)
      if (url === undefined) return
      event.preventDefault()
      if (url === here()) return window.scrollTo({ top: 0, behavior: 'smooth' })
      void go(url)
    }
    const onIntent = (event: Event) => {
      const url = ownLink(event)
      if (url !== undefined && url !== here()) openAhead(url)
    }
    let warming: ReturnType<typeof setTimeout> | undefined
    const warmLater = () => {
      clearTimeout(warming)
      const { visit } = state
      warming = setTimeout(() => void warmSight(() => visit === state.visit), WARM_MS)
    }
    warmLater()
    const uninstall = listen({
      scroll: warmLater,
      popstate: onPop,
      click: onClick,
      pointerover: onIntent,
      touchstart: onIntent,
      focusin: onIntent,
    })
    installRouter({ go: (url, options) => void go(url, options), canGoBack: () => state.index > 0 })
    return uninstall
  }, [])
  return { shown, isLoading, reload }
}

function listen(handlers: Record<string, (event: never) => void>): () => void {
  for (const [name, handler] of Object.entries(handlers))
    addEventListener(name, handler as EventListener, { passive: name === 'touchstart' || name === 'scroll' })
  return () => {
    for (const [name, handler] of Object.entries(handlers)) removeEventListener(name, handler as EventListener)
  }
}

/** WeChat's sign-in comes back to where the buyer wanted to go. */
function leaveToSignIn(url: string): void {
  location.assign(`/api/auth/wechat/web?returnTo=${encodeURIComponent(url)}`)
}

/** The tracker is fetched after the page lives; what happens before waits for it. Without it the shop works on. */
function lateEvents(shopId: string): App['track'] {
  const ready = import('./events.ts').then(({ createEvents }) => createEvents(shopId))
  return (event) => void ready.then((track) => track(event)).catch(() => undefined)
}

/** The colours of another shop than the one the page came with. */
function useShopColors(first: StoreShop, shop: StoreShop): void {
  const isDone = useRef(first.id)
  useEffect(() => {
    if (isDone.current === shop.id) return
    isDone.current = shop.id
    void import('@zhanggui/contract/theme').then(({ themeCss }) => {
      const style = document.getElementById('zg-colors') ?? document.createElement('style')
      style.id = 'zg-colors'
      // the first shop's own rules stand in the page: the default theme has to be said as well
      style.textContent = themeCss(shop.theme as ThemeChoice, { isExplicit: true })
      // after the style sheet, which stands at the end of the page
      document.body.append(style)
    })
  }, [shop])
}

/** A draft talks with the editor it stands in; the code for that comes only then. */
function usePreview(isDraft: boolean, screen: ScreenState, reload: () => Promise<void>): void {
  const latest = useRef(reload)
  latest.current = reload
  const bridge = useRef<Promise<{ tellDrawn: () => void; close: () => void }> | undefined>(undefined)
  useEffect(() => {
    if (!isDraft) return
    const opened = import('./preview/bridge.ts').then(({ openPreview }) => openPreview(() => latest.current()))
    bridge.current = opened
    return () => void opened.then(({ close }) => close())
  }, [isDraft])
  useEffect(() => void bridge.current?.then(({ tellDrawn }) => tellDrawn()), [screen])
}

function useOffline(onBack: () => void): boolean {
  const [isOffline, set] = useState(false)
  const latest = useRef(onBack)
  latest.current = onBack
  useEffect(() => {
    const update = () => set(!navigator.onLine)
    update()
    const back = () => {
      update()
      latest.current()
    }
    return listen({ online: back, offline: update })
  }, [])
  return isOffline
}

export function Browser({ boot, firstPage }: { boot: Boot; firstPage: AnyPage }): JSX.Element {
  useMemo(() => {
    shops.set(matchPath(here())?.shop ?? '', Promise.resolve(boot.screen.shop))
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    if (boot.now !== undefined && navigation) setServerNow(boot.now, performance.timeOrigin + navigation.responseStart)
  }, [])
  const { shown, isLoading, reload } = useRouter(boot, firstPage)
  const { screen, page, visit } = shown
  // what could not be loaded without a network is loaded as soon as there is one
  const isOffline = useOffline(() => screen.failure?.code === 'NETWORK' && void reload())
  const isWaiting = useCell(isSlow)
  const [cartCount] = useState(() => createCell(0))
  // staff who look at a draft are no visitors
  const isDraft = isPreview(boot.screen)
  const track = useMemo<App['track']>(
    () => (isDraft ? () => undefined : lateEvents(screen.shop.id)),
    [screen.shop.id, isDraft],
  )
  const app = useMemo<App>(
    () => ({ api, shop: screen.shop, page: screen.name, base: screen.base, cartCount, serverNow, track }),
    [screen.shop, screen.name, screen.base, track],
  )
  useEffect(firstPageLives, [])
  useEffect(() => watchCart(app.api, storage, cartCount), [])
  useEffect(() => {
    document.title = headOf(page, screen).title
  }, [screen])
  useEffect(() => {
    keepShare(storage, screen.params.from, Date.now())
    void tellArrival(api, screen.shop.id, screen.params.from)
    track(pageEvent(screen, visit === 0 ? document.referrer : ''))
  }, [visit, track])
  useShopColors(boot.screen.shop, screen.shop)
  usePreview(isDraft, screen, reload)
  return (
    <Root
      app={app}
      page={page}
      screen={screen}
      visit={visit}
      reload={reload}
      isLoading={isLoading}
      isOffline={isOffline}
      isSlow={isWaiting && !isOffline}
      simulatorUrl={boot.simulatorUrl}
    />
  )
}
