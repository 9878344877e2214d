import Taro from '@tarojs/taro'
import type { Platform } from '../port.ts'

/** The place that the buyer points to on WeChat's map; undefined when none was chosen. */
export const locate: Platform['locate'] = async () => {
  try {
    const { latitude, longitude } = await Taro.chooseLocation({})
    return { latitude: Number(latitude), longitude: Number(longitude) }
  } catch (failure) {
    const { errMsg = '' } = failure as { errMsg?: string }
    if (/cancel/.test(errMsg)) return undefined
    const isRefused = /auth|privacy/i.test(errMsg)
    throw new Error(isRefused ? '没有授权使用位置' : '地图没有打开，请稍后再试', { cause: failure })
  }
}
