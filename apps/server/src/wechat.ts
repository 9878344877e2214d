import {
  askToken,
  createWechatMini,
  createWechatOauth,
  WechatApiError,
  type WechatMini,
} from './adapters/wechat-mini/index.ts'
import { createWechatPay, type PartnerConfig, type WechatPay } from './adapters/wechat-pay/index.ts'
import type { Config } from './kernel/config.ts'
import { AppError } from './kernel/errors.ts'
import type { IdentityDeps } from './modules/identity/index.ts'

/** WeChat as this installation is configured for it; what is not configured is absent. */
export interface Wechat {
  pay: WechatPay | undefined
  mini: WechatMini | undefined
  identity: IdentityDeps['wechat']
  /** Asks WeChat for a token of an app, or of a WeCom corp. Null when it gave one; otherwise what is wrong, in words. */
  probe(kind: 'app' | 'wecom', appId: string, secret: string): Promise<string | null>
}

/** Makes the WeChat clients. They do not know whether WeChat or the simulator answers. */
export function connectWechat(config: Config, now: () => number): Wechat {
  const mini =
    config.WECHAT_MINI_APPID && config.WECHAT_MINI_SECRET
      ? createWechatMini(
          {
            apiBaseUrl: config.WECHAT_API_BASE_URL,
            appid: config.WECHAT_MINI_APPID,
            secret: config.WECHAT_MINI_SECRET,
          },
          { now },
        )
      : undefined
  const oauth =
    config.WECHAT_MP_APPID && config.WECHAT_MP_SECRET
      ? createWechatOauth(
          {
            apiBaseUrl: config.WECHAT_API_BASE_URL,
            oauthBaseUrl: config.WECHAT_OAUTH_BASE_URL,
            appid: config.WECHAT_MP_APPID,
            secret: config.WECHAT_MP_SECRET,
          },
          { now },
        )
      : undefined
  const required = <T>(client: T | undefined, what: string, variable: string): T => {
    if (!client) throw new AppError('UNAVAILABLE', { values: { what, reason: `尚未配置 ${variable}` } })
    return client
  }
  return {
    pay: connectPay(config, now),
    probe: (kind, appId, secret) => probe(config, kind, appId, secret),
    mini,
    identity: {
      miniAppid: config.WECHAT_MINI_APPID ?? '',
      mpAppid: config.WECHAT_MP_APPID ?? '',
      miniPerson: (code) =>
        vouched(async () => {
          const session = await required(mini, '微信小程序登录', 'WECHAT_MINI_APPID、WECHAT_MINI_SECRET').codeToSession(
            code,
          )
          return { openid: session.openid, unionid: session.unionid, nickname: null, avatarUrl: null }
        }),
      miniPhone: (code) =>
        vouched(
          async () =>
            (await required(mini, '微信手机号', 'WECHAT_MINI_APPID、WECHAT_MINI_SECRET').phoneNumber(code))
              .purePhoneNumber,
        ),
      webAuthorizeUrl: (redirectUri, state) =>
        required(oauth, '微信网页登录', 'WECHAT_MP_APPID、WECHAT_MP_SECRET').authorizeUrl({ redirectUri, state }),
      webPerson: (code) =>
        vouched(async () => {
          const client = required(oauth, '微信网页登录', 'WECHAT_MP_APPID、WECHAT_MP_SECRET')
          const grant = await client.exchangeCode(code)
          if (grant.isSnapshotUser)
            throw new AppError('WECHAT_SIGN_IN_FAILED', { values: { reason: '请点击右下角「使用完整服务」后再登录' } })
          const user = grant.scope.includes('snsapi_userinfo') ? await client.userInfo(grant) : undefined
          return {
            openid: grant.openid,
            unionid: grant.unionid ?? user?.unionid ?? null,
            nickname: user?.nickname || null,
            avatarUrl: user?.avatarUrl || null,
          }
        }),
    },
  }
}

async function probe(config: Config, kind: 'app' | 'wecom', appId: string, secret: string): Promise<string | null> {
  const apiBaseUrl = kind === 'wecom' ? config.WECOM_API_BASE_URL : config.WECHAT_API_BASE_URL
  try {
    await askToken(kind, { apiBaseUrl, appid: appId, secret, timeoutMs: PROBE_TIMEOUT_MS })
    return null
  } catch (error) {
    if (!(error instanceof WechatApiError)) throw error
    if (error.fault === 'refused') return `${REFUSALS[error.errcode] ?? '微信拒绝了请求'}（${error.errcode}）`
    return error.fault === 'malformed' ? '微信的回答看不懂，请稍后再试' : '连不上微信，请检查服务器网络后再试'
  }
}

const PROBE_TIMEOUT_MS = 8000
/** What WeChat's refusals mean, and what to do. */
const REFUSALS: Record<number, string> = {
  40001: '密钥不正确，请在微信后台核对或重置',
  40013: 'AppID 不正确，请核对',
  40125: '密钥不正确，请在微信后台核对或重置',
  40164: '服务器 IP 不在白名单，请在微信后台添加',
  41002: '缺少 AppID',
  41004: '缺少密钥',
  45009: '今天调用次数已用完，明天再试',
  50002: '账号已被微信限制',
  89503: '调用需要管理员确认，请在微信上同意',
}

function connectPay(config: Config, now: () => number): WechatPay | undefined {
  const { WECHAT_PAY_MCHID, WECHAT_PAY_MERCHANT_SERIAL, WECHAT_PAY_MERCHANT_PRIVATE_KEY, WECHAT_PAY_APIV3_KEY } = config
  if (!WECHAT_PAY_MCHID || !WECHAT_PAY_MERCHANT_SERIAL || !WECHAT_PAY_MERCHANT_PRIVATE_KEY || !WECHAT_PAY_APIV3_KEY)
    return undefined
  return createWechatPay(
    {
      baseUrl: config.WECHAT_PAY_BASE_URL,
      mchid: WECHAT_PAY_MCHID,
      merchantSerial: WECHAT_PAY_MERCHANT_SERIAL,
      merchantPrivateKeyPem: WECHAT_PAY_MERCHANT_PRIVATE_KEY,
      apiV3Key: WECHAT_PAY_APIV3_KEY,
      publicKeyId: config.WECHAT_PAY_PUBLIC_KEY_ID,
      publicKeyPem: config.WECHAT_PAY_PUBLIC_KEY,
      partner: partnerOf(config),
    },
    { now },
  )
}

function partnerOf(config: Config): PartnerConfig | undefined {
  const { WECHAT_PAY_PARTNER_SP_APPID: spAppid, WECHAT_PAY_PARTNER_SUB_MCHID: subMchid } = config
  if (!spAppid || !subMchid) return undefined
  return { spAppid, subMchid, subAppid: config.WECHAT_PAY_PARTNER_SUB_APPID }
}

/** WeChat's refusal of a code, in the buyer's words. */
async function vouched<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof WechatApiError)) throw error
    const reason = error.retryable ? '微信服务繁忙，请稍后再试' : `授权已失效，请重新登录（${error.errcode}）`
    throw new AppError('WECHAT_SIGN_IN_FAILED', { values: { reason }, cause: error })
  }
}
