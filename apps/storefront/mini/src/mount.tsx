import { ErrorNotice, SignInPrompt, Skeleton, View } from '@kit'
import { login, storage } from '@platform'
import Taro, { useDidShow, usePullDownRefresh, useRouter, useShareAppMessage, useShareTimeline } from '@tarojs/taro'
import type { StoreProduct, StoreShop } from '@zhanggui/contract'
import { ApiError } from '@zhanggui/contract/client'
import { decodeScene } from '@zhanggui/contract/mini-scene'
import type { ThemeChoice } from '@zhanggui/contract/theme'
import type { Happening } from '@zhanggui/tracker'
import { useEffect, useMemo, useRef, useState } from 'react'
import { AppContext } from '../../src/app.ts'
import { pictureUrl } from '../../src/kit/pictures.ts'
import { tellArrival } from '../../src/model/account-code.ts'
import { keepShare } from '../../src/model/attribution.ts'
import type { AnyPage, Page } from '../../src/page.ts'
import { ConsentAsk } from '../../src/parts/consent-ask.tsx'
import { arrivalOf, friendCard, goTo, momentCard } from '../../src/platform/mini/arrival.ts'
import { prepareNotices } from '../../src/platform/mini/notices.ts'
import { isTab } from '../../src/platform/mini/places.ts'
import { absolute, serverNow } from '../../src/platform/mini/send.ts'
import { SIGNED_IN } from '../../src/platform/mini/sign-in.ts'
import { TAB_OPENED, tabParams } from '../../src/platform/mini/tabs.ts'
import { useThemeStyle } from '../../src/platform/mini/theme.ts'
import type { PageName } from '../../src/routes.ts'
import { PrivacyAsk } from './privacy-ask'
import { api, appOf, findShop, forgetShops, showCartCount, startCartCount, trackerOf } from './shop'

type Params = Record<string, string>

interface Loaded {
  shop: StoreShop
  data: unknown
  /** What the data was loaded for: shown together, so that a list never stands below another heading. */
  params: Params
}

const TITLE_LENGTH = 120

/** Makes a page of the mini program out of one of the shared pages. */
export function mountPage<N extends PageName, D>(shared: Page<N, D>) {
  const page = shared as unknown as AnyPage
  return function MiniPage() {
    const { params, arrival, from } = useArrival(page.name)
    const { loaded, failure, load } = useLoaded(page, params)
    const shown = loaded?.shop
    const isTold = useRef(false)
    useEffect(() => {
      if (!loaded || isTold.current) return
      isTold.current = true
      startCartCount()
      void prepareNotices(loaded.shop.id)
      trackerOf(loaded.shop.id)(pageEvent(page.name, loaded.data, arrival))
      void tellArrival(api, loaded.shop.id, from)
    }, [loaded, arrival, from])
    useSharing(page, loaded)
    const theme = useThemeStyle(shown?.theme as ThemeChoice | undefined)
    const app = useMemo(() => shown && appOf(shown, page.name, serverNow), [shown])
    return (
      <View className="zg-theme zg-root" style={theme ?? {}}>
        {content()}
        <PrivacyAsk />
      </View>
    )

    function content() {
      if (failure && !loaded)
        return failure.status === 401 ? (
          <SignInPrompt title="登录后继续" />
        ) : (
          <ErrorNotice message={failure.message} onRetry={() => void load()} />
        )
      if (!loaded || !app) return <Skeleton kind={SKELETONS[page.name] ?? 'rows'} />
      return (
        <AppContext.Provider value={app}>
          <page.View data={loaded.data} params={loaded.params as never} reload={load} />
          {page.access !== 'public' && <ConsentAsk onSignedOut={() => void load()} />}
        </AppContext.Provider>
      )
    }
  }
}

/** "Somebody looks at this page", and how they came here. */
function pageEvent(name: PageName, data: unknown, arrival: string): Happening {
  const { product } = (name === 'detail' ? data : {}) as { product?: StoreProduct }
  return {
    name: 'page',
    page: name,
    ...(product ? { productId: product.id, title: product.title.slice(0, TITLE_LENGTH) } : {}),
    ...(arrival === '' ? {} : { referrer: arrival }),
  }
}

const SKELETONS: Partial<Record<PageName, 'grid' | 'detail'>> = { home: 'grid', search: 'grid', detail: 'detail' }

/** Parameters of the page: from its address, from a code, or what its tab was opened with. */
function useArrival(name: PageName): { params: Params; arrival: string; from: string | undefined } {
  const { params: raw } = useRouter()
  const [opened, setOpened] = useState(tabParams(name))
  const start = useMemo(() => {
    const { scene: code, ...given } = decoded(raw)
    const scene = code === undefined ? undefined : decodeScene(code)
    const source = scene?.source ?? ''
    keepShare(storage, source === '' ? given.from : source, Date.now())
    return { given, scene, source, arrival: arrivalOf(given, source) }
  }, [raw])
  const isElsewhere = start.scene !== undefined && start.scene.page !== name
  useEffect(() => {
    if (start.scene && isElsewhere) goTo(start.scene.page, { ...start.scene.params, from: 'code', by: start.source })
  }, [start, isElsewhere])
  useEffect(() => {
    const onOpened = (tab: PageName) => {
      if (tab === name) setOpened(tabParams(name))
    }
    Taro.eventCenter.on(TAB_OPENED, onOpened)
    return () => {
      Taro.eventCenter.off(TAB_OPENED, onOpened)
    }
  }, [name])
  const params = useMemo(() => {
    const { from: _from, by: _by, ...own } = start.given
    return { ...own, ...(start.scene && !isElsewhere ? start.scene.params : {}), ...(isTab(name) ? opened : {}) }
  }, [start, opened, isElsewhere, name])
  return { params, arrival: start.arrival, from: start.given.from }
}

/** Pages that ask for themselves, or hold what the buyer is typing: not loaded again when they come into sight. */
const SELF_KEPT = new Set<PageName>(['checkout', 'pay', 'result'])

/** The data of the page, loaded for its parameters, after signing in, when pulled down, and when shown again. */
function useLoaded(page: AnyPage, params: Params) {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined)
  const [failure, setFailure] = useState<ApiError | undefined>(undefined)
  const turn = useRef(0)
  const hasAsked = useRef(false)
  const load = async (wanted = params): Promise<void> => {
    const mine = ++turn.current
    try {
      const shop = await findShop(wanted.shop)
      const data = await page.load({ api, shop, params: wanted as never })
      if (mine !== turn.current) return
      setLoaded({ shop, data, params: wanted })
      setFailure(undefined)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (mine !== turn.current) return
      setFailure(error)
      // WeChat vouches for the buyer without a question; once, or a refusal would go round in circles
      if (error.status === 401 && page.access === 'buyer-redirect' && !hasAsked.current) {
        hasAsked.current = true
        void login()
      } else if (loaded) void Taro.showToast({ title: error.message, icon: 'none' })
    }
  }
  const latest = useRef(load)
  latest.current = load
  useEffect(() => void latest.current(params), [params])
  useEffect(() => {
    const onSignedIn = () => void latest.current()
    Taro.eventCenter.on(SIGNED_IN, onSignedIn)
    return () => {
      Taro.eventCenter.off(SIGNED_IN, onSignedIn)
    }
  }, [])
  const hasBeenShown = useRef(false)
  useDidShow(() => {
    showCartCount()
    // what is the buyer's own may have changed on another page
    if (hasBeenShown.current && page.access !== 'public' && !SELF_KEPT.has(page.name)) void latest.current()
    hasBeenShown.current = true
  })
  usePullDownRefresh(() => {
    forgetShops()
    void latest.current().finally(() => Taro.stopPullDownRefresh())
  })
  return { loaded, failure, load: () => latest.current() }
}

/** What friends and Moments are shown of the page. */
function useSharing(page: AnyPage, loaded: Loaded | undefined): void {
  const card = () => {
    const head = loaded && page.head(loaded.data, loaded.shop)
    const picture = head?.picture && absolute(pictureUrl(head.picture.url, 800))
    return { params: loaded?.params ?? {}, title: head?.title ?? '', picture: picture ?? undefined }
  }
  useShareAppMessage(() => {
    const { params, title, picture } = card()
    const plain = friendCard(page.name, params, title, picture)
    const { name } = page
    if (!loaded || (name !== 'detail' && name !== 'home' && name !== 'page')) return plain
    const productId = name === 'detail' ? params.id : undefined
    const subject = name === 'page' ? params.slug : productId
    trackerOf(loaded.shop.id)({ name: 'share', page: name, productId, way: 'friend' })
    // WeChat waits three seconds for the sharer's own code, then takes the plain card
    const promise = api('store.share', { params: { shopId: loaded.shop.id }, body: { page: name, subject } })
      .then(({ code }) => friendCard(name, params, title, picture, code))
      .catch(() => plain)
    return { ...plain, promise }
  })
  useShareTimeline(() => {
    const { params, title, picture } = card()
    return momentCard(params, title, picture)
  })
}

/** WeChat hands parameters over as they stood in the address. */
function decoded(raw: Record<string, string | undefined>): Params {
  const params: Params = {}
  for (const [key, value] of Object.entries(raw))
    if (value !== undefined && !key.startsWith('$')) params[key] = plain(value)
  return params
}

function plain(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
