import { setTimeout as delay } from 'node:timers/promises'
import type { Phone, WxRequest } from './phone.ts'

/** What a call of the program is given back through its callbacks. */
interface Options {
  success?: (result: object) => void
  fail?: (result: { errMsg: string }) => void
  complete?: (result: object) => void
  [key: string]: unknown
}

export interface Call {
  name: string
  options: Options
}

/** How the program was entered: by whom, where, and with which scene code. */
export interface Entry {
  path: string
  query: Record<string, string>
  scene: number
}

export class WxFailure extends Error {}

export interface WxDeps {
  phone: Phone
  entry: () => Entry
  /** What WeChat's own windows do on the pages. */
  router: {
    open(kind: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch', url: string): Promise<void>
    back(delta: number): Promise<void>
    isTabShown(): boolean
    nodeExists(id: string): boolean
    /** Runs what WeChat asks for privacy before it goes on. */
    askPrivacy(api: string): Promise<void>
    stopPullDown(): void
  }
  calls: Call[]
  /** Work under way, so that a test can wait for the end of it. */
  track<T>(work: Promise<T>): Promise<T>
}

const INFO = {
  windowWidth: 375,
  windowHeight: 667,
  screenWidth: 375,
  screenHeight: 667,
  pixelRatio: 2,
  statusBarHeight: 20,
  platform: 'ios',
  system: 'iOS 17.5',
  SDKVersion: '3.7.0',
  version: '8.0.50',
  theme: 'light',
  language: 'zh_CN',
}

/** Titles of toasts that are longer are cut by WeChat when there is an icon. */
const TOAST_WITH_ICON = 7

/**
 * WeChat as the program sees it. Strict: what is not played here is an error that names it, and every call is
 * answered later, never within the call, as on a phone.
 */
export function createWx(deps: WxDeps) {
  const { phone, router, calls, track } = deps
  const storage = new Map<string, unknown>()

  /** An asynchronous API: answers by callbacks after the caller has returned. */
  const api =
    (name: string, work: (options: Options) => Promise<object | undefined> | object | undefined) =>
    (options: Options = {}) => {
      calls.push({ name, options })
      const run = async () => {
        await delay(1)
        try {
          const result = { errMsg: `${name}:ok`, ...(await work(options)) }
          options.success?.(result)
          options.complete?.(result)
        } catch (error) {
          if (!(error instanceof WxFailure)) throw error
          const result = { errMsg: `${name}:fail ${error.message}` }
          options.fail?.(result)
          options.complete?.(result)
        }
      }
      void track(run())
    }

  const navigation = (kind: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch') =>
    api(kind, async ({ url }) => {
      await router.open(kind, String(url))
      return undefined
    })
  const badge = (name: string) =>
    api(name, () => {
      if (!router.isTabShown()) throw new WxFailure('not TabBar page')
      return undefined
    })

  const plain = {
    canIUse: (name: string) => name.split('.')[0]! in plain || name in asynchronous,
    getSystemInfoSync: () => INFO,
    getWindowInfo: () => INFO,
    getAppBaseInfo: () => INFO,
    getDeviceInfo: () => INFO,
    getAccountInfoSync: () => ({ miniProgram: { appId: phone.appid, envVersion: 'develop' } }),
    getMenuButtonBoundingClientRect: () => ({ top: 24, left: 278, right: 365, bottom: 56, width: 87, height: 32 }),
    getLaunchOptionsSync: () => deps.entry(),
    getEnterOptionsSync: () => deps.entry(),
    nextTick: (work: () => void) => setTimeout(work, 0),
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void storage.set(key, value),
    removeStorageSync: (key: string) => void storage.delete(key),
    onThemeChange: () => undefined,
    offThemeChange: () => undefined,
    onAppHide: (work: () => void) => void phone.onHide.push(work),
    onNeedPrivacyAuthorization: (listener: Phone['privacyListener']) => {
      phone.privacyListener = listener
    },
    getUpdateManager: () => ({
      onUpdateReady: (work: () => void) => {
        phone.onUpdateReady = work
      },
      onCheckForUpdate: () => undefined,
      onUpdateFailed: () => undefined,
      applyUpdate: () => void calls.push({ name: 'applyUpdate', options: {} }),
    }),
    env: { USER_DATA_PATH: 'wxfile://usr' },
    createIntersectionObserver: () => {
      const observer = {
        relativeToViewport: () => observer,
        observe(selector: string, seen: (result: { intersectionRatio: number }) => void) {
          const look = async () => {
            await delay(5)
            if (router.nodeExists(selector.slice(1))) seen({ intersectionRatio: 1 })
          }
          void track(look())
        },
        disconnect: () => undefined,
      }
      return observer
    },
    request(options: Options & WxRequest) {
      calls.push({ name: 'request', options })
      const run = async () => {
        try {
          const answer = await phone.fetch(options)
          options.success?.(answer)
          options.complete?.(answer)
        } catch (error) {
          const result = { errMsg: `request:fail ${(error as Error).message}` }
          options.fail?.(result)
          options.complete?.(result)
        }
      }
      void track(run())
      return { abort: () => undefined }
    },
  }

  const asynchronous = {
    navigateTo: navigation('navigateTo'),
    redirectTo: navigation('redirectTo'),
    switchTab: navigation('switchTab'),
    reLaunch: navigation('reLaunch'),
    navigateBack: api('navigateBack', async ({ delta }) => {
      await router.back(typeof delta === 'number' ? delta : 1)
      return undefined
    }),
    setTabBarBadge: badge('setTabBarBadge'),
    removeTabBarBadge: badge('removeTabBarBadge'),
    showToast: api('showToast', ({ title, icon }) => {
      if (typeof title !== 'string' || title === '') throw new TypeError('showToast without a title')
      if (icon !== 'none' && title.length > TOAST_WITH_ICON) throw new TypeError(`This toast would be cut: ${title}`)
      phone.toasts.push(title)
      return undefined
    }),
    showModal: api('showModal', ({ title, content, confirmText = '确定' }) => {
      if (String(confirmText).length > 4)
        throw new WxFailure('confirmText length should not larger than 4 Chinese characters')
      phone.modals.push(`${title}：${content}`)
      return { confirm: phone.confirms, cancel: !phone.confirms }
    }),
    setNavigationBarTitle: api('setNavigationBarTitle', ({ title }) => {
      phone.title = String(title)
      return undefined
    }),
    showShareMenu: api('showShareMenu', () => undefined),
    stopPullDownRefresh: api('stopPullDownRefresh', () => {
      router.stopPullDown()
      return undefined
    }),
    setClipboardData: api('setClipboardData', async ({ data }) => {
      await router.askPrivacy('setClipboardData')
      phone.clipboard = String(data)
      return undefined
    }),
    getPrivacySetting: api('getPrivacySetting', () => ({
      needAuthorization: !phone.hasAgreed,
      privacyContractName: '《掌柜小店用户隐私保护指引》',
    })),
    openPrivacyContract: api('openPrivacyContract', () => undefined),
    login: api('login', async () => ({ code: await phone.loginCode() })),
    requestPayment: api('requestPayment', async (options) => {
      await phone.pay(options)
      phone.gesture()
      return undefined
    }),
    requestSubscribeMessage: api('requestSubscribeMessage', async ({ tmplIds }) => phone.subscribe(tmplIds)),
    chooseAddress: api('chooseAddress', async () => {
      await router.askPrivacy('chooseAddress')
      if (!phone.address) throw new WxFailure('cancel')
      return phone.address
    }),
  }

  const played: Record<string | symbol, unknown> = { ...plain, ...asynchronous }
  // what Taro asks for only to see whether it is there
  const optional = new Set([
    'webpackJsonp',
    'cloud',
    'ap',
    'offWindowResize',
    'getPerformance',
    'then',
    'onWindowResize',
    '__taroAppConfig',
  ])
  return new Proxy(played, {
    get(target, name) {
      if (name in target || typeof name === 'symbol' || optional.has(name)) return target[name]
      throw new Error(`The program asks for wx.${name}, which the harness does not play`)
    },
  })
}
