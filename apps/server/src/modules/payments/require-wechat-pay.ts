import type { WechatPay } from '../../adapters/wechat-pay/port.ts'
import { AppError } from '../../kernel/errors.ts'

/** The configured client. @throws AppError UNAVAILABLE, saying what to set */
export function requireWechatPay(client: WechatPay | undefined): WechatPay {
  if (!client)
    throw new AppError('UNAVAILABLE', { values: { what: '微信支付', reason: '尚未配置商户号（WECHAT_PAY_MCHID 等）' } })
  return client
}
