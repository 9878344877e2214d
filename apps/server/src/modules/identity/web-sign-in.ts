import { randomBytes } from 'node:crypto'
import { AppError } from '../../kernel/errors.ts'
import type { IdentityDeps } from './deps.ts'

/** The cookie that ties a sign-in at WeChat to the browser that started it. */
export const OAUTH_COOKIE = 'zg_oauth'
export const OAUTH_COOKIE_SECONDS = 600
const CALLBACK_PATH = '/api/auth/wechat/web/callback'

export interface WebSignInStart {
  authorizeUrl: string
  /** For the cookie; WeChat brings `state` back, which must be its first half. */
  cookie: string
}

/** Begins a sign-in in the browser: a random state goes to WeChat and, with the way back, into a cookie. */
export function startWebSignIn(deps: IdentityDeps, returnTo: string): WebSignInStart {
  // WeChat takes letters and digits only.
  const state = randomBytes(24).toString('hex')
  return {
    authorizeUrl: deps.wechat.webAuthorizeUrl(`${deps.publicUrl}${CALLBACK_PATH}`, state),
    cookie: `${state}.${Buffer.from(returnTo).toString('base64url')}`,
  }
}

/** The way back, once WeChat's state is the one this browser was given. @throws AppError WECHAT_SIGN_IN_FAILED */
export function finishWebSignIn(cookie: string | undefined, state: string): string {
  const [expected, returnTo] = (cookie ?? '').split('.')
  if (!expected || expected !== state)
    throw new AppError('WECHAT_SIGN_IN_FAILED', { values: { reason: '登录已超时或不是从本页面发起，请重新登录' } })
  return Buffer.from(returnTo ?? '', 'base64url').toString() || '/'
}
