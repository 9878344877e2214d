import Taro from '@tarojs/taro'
import { uuidv7 } from '@zhanggui/tracker'
import type { PageName, PageParams } from '../../routes.ts'
import type { Platform } from '../port.ts'
import { forgetToken, rememberToken, sendByWx } from './send.ts'
import { storage } from './storage.ts'

export { storage } from './storage.ts'

export const kind: Platform['kind'] = 'mini'
export const send = sendByWx

/** Pages of the tab bar are switched to; the others are put on top. */
const TABS: ReadonlySet<PageName> = new Set(['cart', 'orders', 'me'])

function pageUrl<N extends PageName>(name: N, params: PageParams[N]): string {
  const query = Object.entries(params as Record<string, string | undefined>)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value!)}`)
    .join('&')
  return `/pages/${name}/index${query === '' ? '' : `?${query}`}`
}

const complain = () => toast('页面暂时打不开，请稍后再试', 'bad')

export const navigate: Platform['navigate'] = (name, params) => {
  // the home page with other filters is the same page again, not one more on top
  const open = name === 'home' ? Taro.reLaunch : TABS.has(name) ? Taro.switchTab : Taro.navigateTo
  void Promise.resolve(open({ url: pageUrl(name, params) })).catch(complain)
}
export const redirect: Platform['redirect'] = (name, params) => {
  void Promise.resolve(Taro.redirectTo({ url: pageUrl(name, params) })).catch(complain)
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
export const copy: Platform['copy'] = async (text) => {
  await Taro.setClipboardData({ data: text })
}

export const payMethod: Platform['payMethod'] = () => 'mini'
export const pay: Platform['pay'] = async (start) => {
  if (!start.jsapi) throw new Error('缺少支付参数，请稍后重试')
  try {
    await Taro.requestPayment(start.jsapi as Parameters<typeof Taro.requestPayment>[0])
    return 'finished'
  } catch {
    return 'cancelled'
  }
}

/** Told to every open page when the buyer has signed in. */
export const SIGNED_IN = 'zg.signed-in'

export const login: Platform['login'] = async () => {
  const { code } = await Taro.login()
  const { createClient } = await import('@zhanggui/contract/client')
  const session = await createClient({ send })('auth.miniSignIn', {
    body: { code, guestToken: storage.get('zg.guest') ?? undefined },
  })
  rememberToken(session.token)
  Taro.eventCenter.trigger(SIGNED_IN)
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
export const useOnPullDown: Platform['useOnPullDown'] = (work) => {
  Taro.usePullDownRefresh(() => {
    void work().finally(() => Taro.stopPullDownRefresh())
  })
}
export const useOnShow: Platform['useOnShow'] = (work) => Taro.useDidShow(work)
export const newKey: Platform['newKey'] = () => uuidv7(Date.now())
