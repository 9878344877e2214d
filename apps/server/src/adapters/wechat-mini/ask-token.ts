import { ApiClient, required } from './http.ts'
import type { WechatAppConfig, WechatAppDependencies } from './port.ts'

/**
 * Asks for a token once, to learn whether an id and its secret are right. The stable token leaves the one in use as it
 * is. @throws WechatApiError
 */
export async function askToken(
  kind: 'app' | 'wecom',
  config: WechatAppConfig,
  dependencies: WechatAppDependencies = {},
): Promise<void> {
  const { appid, secret } = config
  const api = new ApiClient(config, dependencies)
  const answer = await api.call(
    kind === 'wecom'
      ? { path: '/cgi-bin/gettoken', query: { corpid: appid, corpsecret: secret } }
      : { path: '/cgi-bin/stable_token', body: { grant_type: 'client_credential', appid, secret } },
  )
  required(answer, 'access_token')
}
