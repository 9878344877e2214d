import Taro from '@tarojs/taro'
import type { Platform } from '../port.ts'

export const payMethod: Platform['payMethod'] = () => 'mini'

/**
 * WeChat's own payment window. Whether money moved is only ever said by the server.
 * @throws Error in the buyer's words when the window could not be opened
 */
export const pay: Platform['pay'] = (start) =>
  new Promise((done, fail) => {
    if (start.method === 'native') return done('shown')
    if (!start.jsapi) return fail(new Error('缺少支付参数，请稍后重试'))
    const { timeStamp, nonceStr, package: prepay, signType, paySign } = start.jsapi
    // by callbacks: Taro makes no promise of this one, and waiting for none would take every window for a payment
    void Taro.requestPayment({
      timeStamp,
      nonceStr,
      package: prepay,
      signType: signType as 'RSA',
      paySign,
      success: () => done('finished'),
      fail: ({ errMsg }) => {
        if (/cancel/.test(errMsg)) done('cancelled')
        else fail(new Error('微信支付没有打开，请稍后再试', { cause: errMsg }))
      },
    })
  })
