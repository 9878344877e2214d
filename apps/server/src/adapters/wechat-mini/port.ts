/** The mini program's server calls (api.weixin.qq.com). All throw `WechatApiError`. */
export interface WechatMini {
  readonly appid: string

  /** `wx.login` code → session. Codes work once, for five minutes. */
  codeToSession(jsCode: string): Promise<MiniSession>
  /** Code of the getPhoneNumber button → phone. A paid call: ask only when the person pressed the button. */
  phoneNumber(code: string, openid?: string): Promise<MiniPhone>
  /** One grant is one message: 43101 says there is none left, and is not an accident. */
  sendSubscribeMessage(message: SubscribeMessage): Promise<void>
  /** Obligatory for managed trade. 10060001 right after payment means "not yet": it is retryable. */
  uploadShipping(shipping: ShippingUpload): Promise<void>
  queryShipping(order: ShippingOrderKey): Promise<ShippingState>
  /** A mini program code 小程序码 that leads to a page with a scene; PNG or JPEG. Codes of this kind have no limit. */
  miniCode(code: MiniCode): Promise<Buffer>
  /** The current token, for calls this port does not have. */
  accessToken(): Promise<string>
}

/** Web sign-in with a service account 公众号. */
export interface WechatOauth {
  readonly appid: string
  /** Where to send the browser. `state` is ours, at most 128 letters and digits. */
  authorizeUrl(input: { redirectUri: string; scope?: OauthScope; state: string }): string
  exchangeCode(code: string): Promise<OauthGrant>
  /** Needs a grant with scope `snsapi_userinfo`. */
  userInfo(grant: Pick<OauthGrant, 'accessToken' | 'openid'>): Promise<OauthUser>
}

export interface WechatAppConfig {
  /** `https://api.weixin.qq.com`, or a simulator's address. */
  apiBaseUrl: string
  appid: string
  secret: string
  /** Default 10 s. */
  timeoutMs?: number | undefined
}

export interface WechatOauthConfig extends WechatAppConfig {
  /** `https://open.weixin.qq.com`, or a simulator's address. */
  oauthBaseUrl: string
}

export interface WechatAppDependencies {
  fetch?: typeof globalThis.fetch
  /** Milliseconds since the epoch; default `Date.now`. */
  now?: () => number
}

export interface MiniSession {
  openid: string
  /** Secret: never leaves the server. */
  sessionKey: string
  /** Present when the mini program is bound to an open-platform account. */
  unionid: string | null
}

export interface MiniPhone {
  /** With a country code for foreign numbers. */
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
}

export interface MiniCode {
  /** At most 32 characters of those that WeChat allows. */
  scene: string
  /** Without a slash in front; the released program must have it, unless `checkPath` is false. */
  page: string
  checkPath?: boolean | undefined
  /** In pixels, 280–1280. */
  width?: number | undefined
}

export interface SubscribeMessage {
  openid: string
  templateId: string
  /** Value by template key, such as `{ thing1: '…', amount2: '12.00' }`. */
  data: Record<string, string>
  page?: string | undefined
  state?: 'developer' | 'trial' | 'formal' | undefined
}

export type ShippingOrderKey = { transactionId: string } | { mchid: string; outTradeNo: string }

export interface ShippingUpload {
  order: ShippingOrderKey
  openid: string
  method: 'express' | 'same_city' | 'virtual' | 'pickup'
  /** Given when the order goes in several parcels; true with the last. Only express may be split. */
  split?: { allDelivered: boolean } | undefined
  parcels: ShippingParcel[]
  uploadedAt: Date
}

export interface ShippingParcel {
  /** At most 120 characters. */
  itemDescription: string
  trackingNo?: string | undefined
  /** WeChat's company code: SF, ZTO, YTO, STO, YD, JTSD, EMS … */
  expressCompany?: string | undefined
  /** Masked phones, last four digits visible; SF requires one. */
  receiverContact?: string | undefined
  consignorContact?: string | undefined
}

export type ShippingOrderState = 'to_ship' | 'shipped' | 'confirmed' | 'completed' | 'refunded' | 'settling'

export interface ShippingState {
  transactionId: string
  outTradeNo: string
  openid: string
  paidFen: number
  state: ShippingOrderState
  finished: boolean
  parcels: Array<{ trackingNo: string; expressCompany: string }>
}

export type OauthScope = 'snsapi_base' | 'snsapi_userinfo'

export interface OauthGrant {
  openid: string
  unionid: string | null
  /** Secret: never leaves the server. */
  accessToken: string
  scope: string
  /** A virtual user of the snapshot page mode: it must not be signed in. */
  isSnapshotUser: boolean
}

export interface OauthUser {
  openid: string
  unionid: string | null
  nickname: string
  avatarUrl: string
}
