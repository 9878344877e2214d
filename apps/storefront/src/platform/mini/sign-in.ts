import Taro from '@tarojs/taro'
import { ApiError, createClient } from '@zhanggui/contract/client'
import type { Platform } from '../port.ts'
import { rememberToken, sendByWx } from './send.ts'
import { storage } from './storage.ts'

/** Told to every open page when the buyer has signed in. */
export const SIGNED_IN = 'zg.signed-in'

let underWay: Promise<void> | undefined

/** Signs in with WeChat, silently; several pages that ask at once sign in once. */
export const login: Platform['login'] = () => {
  underWay ??= signIn().finally(() => {
    underWay = undefined
  })
  return underWay
}

async function signIn(): Promise<void> {
  try {
    const { code } = await Taro.login()
    const guestToken = storage.get('zg.guest') ?? undefined
    const session = await createClient({ send: sendByWx })('auth.miniSignIn', { body: { code, guestToken } })
    rememberToken(session.token)
  } catch (error) {
    const title = error instanceof ApiError ? error.message : '微信登录没有完成，请稍后再试'
    void Taro.showToast({ title, icon: 'none', duration: 2_200 })
    return
  }
  Taro.eventCenter.trigger(SIGNED_IN)
}
