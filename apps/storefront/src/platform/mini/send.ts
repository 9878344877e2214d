import Taro from '@tarojs/taro'
import type { WireRequest, WireResponse } from '@zhanggui/contract/client'
import { storage } from './storage.ts'

/** Where the shop is reached; set when the mini program is built. */
declare const API_ORIGIN: string

const TIMEOUT_MS = 15_000
const TOKEN = 'zg.token'
/** The cart of somebody who has not signed in. */
const GUEST = 'zg.guest'

let offsetMs = 0
/** The server's time, as well as its last answer tells. */
export const serverNow = (): number => Date.now() + offsetMs

export const rememberToken = (token: string): void => {
  storage.set(TOKEN, token)
  storage.remove(GUEST)
}
export const forgetToken = (): void => storage.remove(TOKEN)

/** An address of our server, as the mini program needs it: with the origin. */
export const absolute = (url: string): string => (url.startsWith('/') ? API_ORIGIN + url : url)

/** Who asks: the buyer's token, or the guest's. */
export function identity(): Record<string, string> {
  const token = storage.get(TOKEN)
  const guest = storage.get(GUEST)
  return {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(guest ? { 'x-guest-token': guest } : {}),
  }
}

/** `wx.request` with the buyer's token, or the guest's. */
export async function sendByWx(request: WireRequest): Promise<WireResponse> {
  const token = storage.get(TOKEN)
  const header: Record<string, string> = { ...request.headers, ...identity() }
  const startedAt = Date.now()
  const answer = await Taro.request({
    url: absolute(request.url),
    method: request.method as 'GET',
    header,
    data: request.body as string | undefined,
    timeout: TIMEOUT_MS,
  })
  const headers = (answer.header ?? {}) as Record<string, string>
  const date = Date.parse(headers.Date ?? headers.date ?? '')
  const heard = date + 500 - (startedAt + Date.now()) / 2
  // a better guess than the last only when they differ by more than the header's own precision
  if (Number.isFinite(heard) && Math.abs(heard - offsetMs) > 1_000) offsetMs = heard
  const json: unknown = answer.data
  const fresh = (json as { guestToken?: string | null } | null)?.guestToken
  if (typeof fresh === 'string' && !token) storage.set(GUEST, fresh)
  return { status: answer.statusCode, json }
}
