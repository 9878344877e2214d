import Taro from '@tarojs/taro'
import type { Platform } from '../port.ts'

/** The address that the buyer picks out of WeChat's own book; undefined when none was picked. */
export const chooseAddress: Platform['chooseAddress'] = async () => {
  try {
    const picked = await Taro.chooseAddress()
    return {
      name: picked.userName,
      phone: picked.telNumber,
      province: picked.provinceName,
      city: picked.cityName,
      district: picked.countyName,
      street: (picked as { streetName?: string }).streetName ?? '',
      detail: picked.detailInfoNew || picked.detailInfo,
    }
  } catch (failure) {
    const { errMsg = '' } = failure as { errMsg?: string }
    if (/cancel/.test(errMsg)) return undefined
    const isRefused = /auth|privacy/i.test(errMsg)
    throw new Error(isRefused ? '没有授权微信地址，可以在下面填写' : '微信地址没有打开，请在下面填写', {
      cause: failure,
    })
  }
}
