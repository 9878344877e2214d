import { useEffect } from '@hooks'
import { uuidv7 } from '@zhanggui/tracker/uuid'
import type { PageName, PageParams } from '../../routes.ts'
import { pathOf } from '../../routes.ts'
import type { NavigateOptions, Platform } from '../port.ts'
import { go, goBack } from './history.ts'
import { toast } from './overlay.ts'
import { sendWithClock } from './send.ts'

export { toast }

export const kind: Platform['kind'] = 'h5'

/** Base of the shop that the address bar shows. Only called in the browser, after the page has been shown. */
const currentBase = () => /^\/s\/[^/]+/.exec(location.pathname)?.[0] ?? ''
const baseOf = (options?: NavigateOptions) =>
  options?.shop === undefined ? currentBase() : `/s/${encodeURIComponent(options.shop)}`

export const navigate: Platform['navigate'] = (name, params, options) => go(pathOf(name, params, baseOf(options)))
export const redirect: Platform['redirect'] = (name, params, options) =>
  go(pathOf(name, params, baseOf(options)), { replace: true })
export const back: Platform['back'] = (fallback = 'home') =>
  goBack(pathOf(fallback, {} as PageParams[PageName], currentBase()))
export const switchTab: Platform['switchTab'] = (name) => navigate(name, {})

export const storage: Platform['storage'] = {
  get: (key) => quietly(() => localStorage.getItem(key)) ?? null,
  set: (key, value) => quietly(() => localStorage.setItem(key, value)),
  remove: (key) => quietly(() => localStorage.removeItem(key)),
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

export const send = sendWithClock

export const canShare: Platform['canShare'] = () => typeof navigator.share === 'function'
export const share: Platform['share'] = async ({ title, name, params }) => {
  const url = location.origin + pathOf(name, params as PageParams[PageName], currentBase())
  if (canShare()) {
    await navigator.share({ title, url }).catch(() => undefined)
    return
  }
  await copy(url)
  toast('链接已复制，去分享给好友吧', 'good')
}
/** The canvas is only needed by who makes a poster. */
export const drawPoster: Platform['drawPoster'] = async (poster) => (await import('./poster.ts')).drawPoster(poster)
export const savePicture: Platform['savePicture'] = async (picture, name) =>
  (await import('./poster.ts')).savePicture(picture, name)

/** WeChat's own browser, a phone, or a desk with a second screen in the pocket. */
export const payMethod: Platform['payMethod'] = () => {
  if (/MicroMessenger/i.test(navigator.userAgent)) return 'jsapi'
  return /Mobi|Android|iPhone|iPad/i.test(navigator.userAgent) ? 'h5' : 'native'
}
/** Asks before something that cannot be undone. */
export const confirm: Platform['confirm'] = async (question) => (await import('./confirm.ts')).confirm(question)
/** Where this device is, is only asked by who looks for a place near by. */
export const locate: Platform['locate'] = async () => (await import('./place.ts')).locate()
/** How WeChat is asked for money is only needed by who pays. */
export const pay: Platform['pay'] = async (start) => (await import('./pay.ts')).pay(start)

export const receiveTransfer: Platform['receiveTransfer'] = async (transfer) =>
  (await import('./pay.ts')).receiveTransfer(transfer)

/** Files and large pictures are only needed by some. */
export const pickFiles: Platform['pickFiles'] = async (kind, most) => (await import('./media.ts')).pickFiles(kind, most)
export const uploadFile: Platform['uploadFile'] = async (url, file) =>
  (await import('./media.ts')).uploadFile(url, file)
export const previewPictures: Platform['previewPictures'] = (urls, index) => {
  void import('./media.ts').then((media) => media.previewPictures(urls, index))
}

export const callPhone: Platform['callPhone'] = (phone) => location.assign(`tel:${phone.replace(/[^\d+]/g, '')}`)
export const openChat: Platform['openChat'] = (url) => {
  window.open(url, '_blank', 'noopener')
}

export const copy: Platform['copy'] = async (text) => {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // no clipboard without HTTPS: the old way
    const field = document.createElement('textarea')
    field.value = text
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
}

export const download: Platform['download'] = (url) => location.assign(url)

export const login: Platform['login'] = async () => {
  location.assign(`/api/auth/wechat/web?returnTo=${encodeURIComponent(location.pathname + location.search)}`)
}
export const forgetSession: Platform['forgetSession'] = () => undefined

export const askToNotify: Platform['askToNotify'] = async () => undefined

export const chooseAddress: Platform['chooseAddress'] = undefined

export const setTitle: Platform['setTitle'] = (title) => {
  document.title = title
}
export const useOnPullDown: Platform['useOnPullDown'] = () => undefined
export const useOnShow: Platform['useOnShow'] = (work) => {
  useEffect(() => {
    // pages that a phone brings back from its cache, or from the payment app
    const onShow = () => document.visibilityState === 'visible' && work()
    document.addEventListener('visibilitychange', onShow)
    return () => document.removeEventListener('visibilitychange', onShow)
  }, [work])
}
export const newKey: Platform['newKey'] = () => uuidv7(Date.now())
