import type { Platform } from '../port.ts'
import { toGcj02 } from './gcj02.ts'

const PATIENCE_MS = 10_000
/** What the browser says when the buyer, or the device, does not tell. */
const REASONS: Readonly<Record<number, string>> = {
  1: '没有允许获取位置，可以在浏览器的网站设置里打开',
  2: '暂时定位不到，请到窗边或打开手机定位再试',
  3: '定位超时，请再试一次',
}

/** Where this device is, after the browser has asked. */
export const locate: Platform['locate'] = () =>
  new Promise((done, fail) => {
    if (!navigator.geolocation) return fail(new Error('这个浏览器不能定位'))
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done(toGcj02({ latitude: coords.latitude, longitude: coords.longitude })),
      ({ code }) => fail(new Error(REASONS[code] ?? REASONS[2])),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    )
  })
