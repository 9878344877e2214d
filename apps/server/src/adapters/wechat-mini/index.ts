export { askToken } from './ask-token.ts'
export { isBadCode, isSubscribeRefused, WechatApiError } from './errors.ts'
export { createWechatMini } from './mini.ts'
export { createWechatOauth } from './oauth.ts'
export type {
  MiniCode,
  MiniPhone,
  MiniSession,
  OauthGrant,
  OauthScope,
  OauthUser,
  ShippingOrderKey,
  ShippingOrderState,
  ShippingParcel,
  ShippingState,
  ShippingUpload,
  SubscribeMessage,
  WechatAppConfig,
  WechatAppDependencies,
  WechatMini,
  WechatOauth,
  WechatOauthConfig,
} from './port.ts'
