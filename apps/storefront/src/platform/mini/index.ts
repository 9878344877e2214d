import Taro from '@tarojs/taro'
import { uuidv7 } from '@zhanggui/tracker'
import type { PageName, PageParams } from '../../routes.ts'
import type { NavigateOptions, Platform } from '../port.ts'
import { isTab, placeOf, queryOf } from './places.ts'
import { absolute, forgetToken, sendByWx } from './send.ts'
import { openTab } from './tabs.ts'

export { chooseAddress } from './address.ts'
export { pickFiles, previewPictures, uploadFile } from './media.ts'
export { askToNotify } from './notices.ts'
export { pay, payMethod } from './pay.ts'
export { locate } from './place.ts'
export { login } from './sign-in.ts'
export { storage } from './storage.ts'
export { receiveTransfer } from './transfer.ts'

export const kind: Platform['kind'] = 'mini'
export const send = sendByWx

/** WeChat keeps ten pages upon one another; the next one takes the place of the last. */
const DEEPEST = 10

const complain = () => toast('页面暂时打不开，请稍后再试', 'bad')

/** The address of a page; within another shop than the program's own it stays in that shop. */
function addressOf(name: PageName, params: Record<string, string | undefined>, options?: NavigateOptions): string {
  const here = Taro.getCurrentPages().at(-1)?.options as { shop?: string } | undefined
  const query = queryOf({ ...params, shop: options?.shop ?? here?.shop })
  return `/${placeOf(name)}${query === '' ? '' : `?${query}`}`
}

export const navigate: Platform['navigate'] = (name, params, options) => {
  const given = params as Record<string, string | undefined>
  const open = () => {
    if (isTab(name)) return openTab(name, given)
    const isDeep = Taro.getCurrentPages().length >= DEEPEST
    return (isDeep ? Taro.redirectTo : Taro.navigateTo)({ url: addressOf(name, given, options) })
  }
  void open().catch(complain)
}
export const redirect: Platform['redirect'] = (name, params, options) => {
  const given = params as Record<string, string | undefined>
  const open = () => (isTab(name) ? openTab(name, given) : Taro.redirectTo({ url: addressOf(name, given, options) }))
  void open().catch(complain)
}
export const back: Platform['back'] = (fallback = 'home') => {
  if (Taro.getCurrentPages().length > 1) void Taro.navigateBack()
  else navigate(fallback, {} as PageParams[PageName])
}
export const switchTab: Platform['switchTab'] = (name) => navigate(name, {})

/** In the mini program friends are reached through its own menu; the page says what is shared. */
export const share: Platform['share'] = async ({ title }) => {
  await Taro.showShareMenu({ withShareTicket: true })
  toast(`点右上角“…”分享：${title.slice(0, 12)}`)
}
export const canShare: Platform['canShare'] = () => true
export { drawPoster, savePicture } from './poster.ts'
export const callPhone: Platform['callPhone'] = (phoneNumber) => {
  void Promise.resolve(Taro.makePhoneCall({ phoneNumber })).catch(() => undefined)
}
/** A chat is a web address; the mini program can only hand it over. */
export const openChat: Platform['openChat'] = (url) => {
  void copy(url).then(() => toast('客服链接已复制，请在微信中打开'))
}
export const copy: Platform['copy'] = async (text) => {
  await Taro.setClipboardData({ data: text })
}

export const download: Platform['download'] = (url) => {
  void copy(absolute(url)).then(() => toast('下载链接已复制，请在浏览器打开'))
}

export const forgetSession: Platform['forgetSession'] = () => forgetToken()

export const toast: Platform['toast'] = (text, kind = 'plain') => {
  void Taro.showToast({ title: text, icon: kind === 'good' && text.length <= 7 ? 'success' : 'none', duration: 2_200 })
}
export const confirm: Platform['confirm'] = async ({
  title,
  content,
  confirmText = '确定',
  cancelText = '取消',
  isDanger,
}) => {
  const answer = await Taro.showModal({
    title,
    content: content ?? '',
    confirmText,
    cancelText,
    confirmColor: isDanger ? '#c4262e' : '#d34400',
  })
  return answer.confirm
}
export const setTitle: Platform['setTitle'] = (title) => {
  void Taro.setNavigationBarTitle({ title })
}
/** Every page of the mini program is loaded again by its mount when it is pulled down. */
export const useOnPullDown: Platform['useOnPullDown'] = () => undefined
export const useOnShow: Platform['useOnShow'] = (work) => Taro.useDidShow(work)
export const newKey: Platform['newKey'] = () => uuidv7(Date.now())
