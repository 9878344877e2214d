import type { Platform } from '../port.ts'

interface WeixinBridge {
  invoke(
    name: 'getBrandWCPayRequest' | 'requestMerchantTransfer',
    request: object,
    done: (answer: { err_msg: string }) => void,
  ): void
}
declare global {
  interface Window {
    WeixinJSBridge?: WeixinBridge
  }
}

/** Pays by what the server has prepared; see `Platform.pay`. */
export const pay: Platform['pay'] = async (start) => {
  if (start.method === 'native') return 'shown'
  if (start.method === 'h5' && start.h5Url) {
    location.assign(start.h5Url)
    return 'left'
  }
  if (!start.jsapi) throw new Error(`No parameters to pay by ${start.method}`)
  const bridge = window.WeixinJSBridge ?? (await bridgeReady())
  const request = start.jsapi
  return new Promise((done) =>
    bridge.invoke('getBrandWCPayRequest', request, ({ err_msg }) =>
      done(err_msg === 'get_brand_wcpay_request:ok' ? 'finished' : 'cancelled'),
    ),
  )
}

/** Only WeChat's own browser can show a transfer. */
export const receiveTransfer: Platform['receiveTransfer'] = async (transfer) => {
  if (!/MicroMessenger/i.test(navigator.userAgent)) return 'elsewhere'
  const bridge = window.WeixinJSBridge ?? (await bridgeReady())
  return new Promise((done) =>
    bridge.invoke('requestMerchantTransfer', transfer, ({ err_msg }) => {
      if (err_msg === 'requestMerchantTransfer:ok') done('finished')
      // the transfer may belong to the mini program, which this window is not
      else done(/cancel/.test(err_msg) ? 'cancelled' : 'elsewhere')
    }),
  )
}

const BRIDGE_MS = 5_000

function bridgeReady(): Promise<WeixinBridge> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('微信支付没有响应，请在微信中重新打开页面')), BRIDGE_MS)
    document.addEventListener(
      'WeixinJSBridgeReady',
      () => {
        clearTimeout(timer)
        if (window.WeixinJSBridge) done(window.WeixinJSBridge)
      },
      { once: true },
    )
  })
}
