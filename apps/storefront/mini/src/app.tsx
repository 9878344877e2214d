import '../../src/kit/tokens.css'
import '../../src/kit/icons.css'
import '../../src/kit/price.css'
import '../../src/kit/kit.css'
import '../../src/kit/mini/mini.css'
import Taro, { useLaunch, usePageNotFound } from '@tarojs/taro'
import type { PropsWithChildren } from 'react'
import { HOME } from '../../src/platform/mini/places.ts'
import { watchPrivacy } from '../../src/platform/mini/privacy.ts'
import { watchUpdates } from './updates'

export default function App({ children }: PropsWithChildren) {
  useLaunch(() => {
    watchPrivacy()
    watchUpdates()
  })
  // an old code, or a page that a newer version has and this one has not
  usePageNotFound(() => {
    void Taro.reLaunch({ url: `/${HOME}` })
    void Taro.showToast({ title: '页面不存在，已为你打开首页', icon: 'none' })
  })
  return children
}
