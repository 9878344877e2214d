import { ApiClient, optional, required } from './http.ts'
import type { WechatAppDependencies, WechatOauth, WechatOauthConfig } from './port.ts'

/** Web sign-in with a service account (facts §3). */
export function createWechatOauth(config: WechatOauthConfig, dependencies: WechatAppDependencies = {}): WechatOauth {
  const { appid, secret } = config
  const api = new ApiClient(config, dependencies)
  const base = config.oauthBaseUrl.replace(/\/+$/, '')
  return {
    appid,
    authorizeUrl({ redirectUri, scope = 'snsapi_userinfo', state }) {
      if (!/^[A-Za-z0-9]{1,128}$/.test(state)) throw new RangeError('state has 1 to 128 letters and digits')
      // WeChat checks the order of these members, and the fragment.
      const query = new URLSearchParams([
        ['appid', appid],
        ['redirect_uri', redirectUri],
        ['response_type', 'code'],
        ['scope', scope],
        ['state', state],
      ])
      return `${base}/connect/oauth2/authorize?${query}#wechat_redirect`
    },
    async exchangeCode(code) {
      const query = { appid, secret, code, grant_type: 'authorization_code' }
      const answer = await api.call({ path: '/sns/oauth2/access_token', query })
      return {
        openid: required(answer, 'openid'),
        unionid: optional(answer, 'unionid'),
        accessToken: required(answer, 'access_token'),
        scope: required(answer, 'scope'),
        isSnapshotUser: answer.is_snapshotuser === 1,
      }
    },
    async userInfo({ accessToken, openid }) {
      const query = { access_token: accessToken, openid, lang: 'zh_CN' }
      const answer = await api.call({ path: '/sns/userinfo', query })
      return {
        openid: required(answer, 'openid'),
        unionid: optional(answer, 'unionid'),
        nickname: optional(answer, 'nickname') ?? '',
        avatarUrl: optional(answer, 'headimgurl') ?? '',
      }
    },
  }
}
