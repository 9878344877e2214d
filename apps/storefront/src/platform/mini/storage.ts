import Taro from '@tarojs/taro'
import type { Platform } from '../port.ts'

export const storage: Platform['storage'] = {
  get: (key) => {
    try {
      return (Taro.getStorageSync(key) as string) || null
    } catch {
      return null
    }
  },
  set: (key, value) => {
    try {
      Taro.setStorageSync(key, value)
    } catch {
      // full: what is kept here is a convenience
    }
  },
  remove: (key) => Taro.removeStorageSync(key),
}
