import type { Platform } from '../port.ts'

interface TransferWindow {
  mchId: string
  appId: string
  package: string
  success: () => void
  fail: (result: { errMsg: string }) => void
}
/** Taro does not know this one. Absent in a WeChat that is too old. */
declare const wx: { requestMerchantTransfer?: (window: TransferWindow) => void }

/** WeChat's own window of a merchant transfer. */
export const receiveTransfer: Platform['receiveTransfer'] = (transfer) =>
  new Promise((done, fail) => {
    const open = wx.requestMerchantTransfer
    if (open === undefined) return fail(new Error('微信版本过低，请更新微信后再确认收款'))
    open({
      ...transfer,
      success: () => done('finished'),
      fail: ({ errMsg }) => {
        if (/cancel/.test(errMsg)) done('cancelled')
        else fail(new Error('微信收款没有打开，请稍后再试', { cause: errMsg }))
      },
    })
  })
