import { ErrorNotice, SignInPrompt, Skeleton, View } from '@kit'
import { SIGNED_IN, send, storage } from '@platform'
import Taro, { useRouter } from '@tarojs/taro'
import type { StoreShop } from '@zhanggui/contract'
import { ApiError, createClient, routeUrl } from '@zhanggui/contract/client'
import { createTracker, type Happening } from '@zhanggui/tracker'
import { useEffect, useMemo, useState } from 'react'
import { type App, AppContext, createCell } from '../../src/app.ts'
import { watchCart } from '../../src/model/cart-count.ts'
import type { AnyPage, Page } from '../../src/page.ts'
import { serverNow } from '../../src/platform/mini/send.ts'
import type { PageName } from '../../src/routes.ts'

/** Slug or id of the shop this mini program belongs to; set when it is built. */
declare const SHOP: string

// one buyer per phone: what the web keeps per request is kept once here
const api = createClient({ send })
const cartCount = createCell(0)
let shop: Promise<StoreShop> | undefined
let track: ((event: Happening) => void) | undefined

function findShop(): Promise<StoreShop> {
  shop ??= api('store.shop', { params: { shop: SHOP } })
  shop.catch(() => {
    shop = undefined
  })
  return shop
}

const LONGEST_REFUSAL = 500

/** Events of the mini program; there is no beacon here, so the queue in storage does what it can. */
function trackerOf(shopId: string): (event: Happening) => void {
  if (track) return track
  const tracker = createTracker({
    shopId,
    platform: 'mini',
    storage,
    transport: async (batch) => {
      const { status } = await send({
        method: 'POST',
        url: routeUrl('events.send', {}),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(batch),
      })
      return status < LONGEST_REFUSAL && status !== 429
    },
  })
  Taro.onAppHide?.(() => void tracker.flush(true))
  watchCart(api, storage, cartCount)
  track = tracker.track
  return track
}

interface Loaded {
  shop: StoreShop
  data: unknown
}

/** Makes a page of the mini program out of one of the shared pages. */
export function mountPage<N extends PageName, D>(shared: Page<N, D>) {
  const page = shared as unknown as AnyPage
  return function MiniPage() {
    const { params: raw } = useRouter()
    const params = useMemo(() => decoded(raw), [raw])
    const [loaded, setLoaded] = useState<Loaded | undefined>(undefined)
    const [failure, setFailure] = useState<ApiError | undefined>(undefined)
    const load = async () => {
      try {
        const found = await findShop()
        const data = await page.load({ api, shop: found, params: params as never })
        setLoaded({ shop: found, data })
        setFailure(undefined)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        setFailure(error)
      }
    }
    // biome-ignore lint/correctness/useExhaustiveDependencies: loaded once; afterwards the page itself asks for more
    useEffect(() => {
      void load()
      Taro.eventCenter.on(SIGNED_IN, load)
      return () => {
        Taro.eventCenter.off(SIGNED_IN, load)
      }
    }, [])
    const shown = loaded?.shop
    useEffect(() => {
      if (shown) trackerOf(shown.id)({ name: 'page', page: page.name })
    }, [shown])
    const app = useMemo<App | undefined>(
      () => shown && { api, shop: shown, page: page.name, base: '', cartCount, serverNow, track: trackerOf(shown.id) },
      [shown],
    )
    return <View className="zg-theme zg-root">{content()}</View>

    function content() {
      if (failure && !loaded)
        return failure.status === 401 ? (
          <SignInPrompt title="登录后继续" />
        ) : (
          <ErrorNotice message={failure.message} onRetry={() => void load()} />
        )
      if (!loaded || !app) return <Skeleton kind={page.name === 'home' ? 'grid' : 'rows'} />
      return (
        <AppContext.Provider value={app}>
          <page.View data={loaded.data} params={params as never} reload={load} />
        </AppContext.Provider>
      )
    }
  }
}

/** WeChat hands parameters over as they stood in the address. */
function decoded(raw: Record<string, string | undefined>): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [key, value] of Object.entries(raw))
    if (value !== undefined && !key.startsWith('$')) params[key] = decodeURIComponent(value)
  return params
}
