import Taro from '@tarojs/taro'
import type { PageName } from '../../routes.ts'
import { isTab, placeOf, queryOf } from './places.ts'
import { storage } from './storage.ts'

/** Where this phone's events are told apart: the tracker's own random id, nobody's name. */
const DEVICE_KEY = 'zg.device'

export type Channel = 'friend' | 'timeline'

/** Parameters of a shared page: how it was passed on, and by which device, so that visits and orders can be traced. */
const attribution = (channel: Channel): Record<string, string> => {
  const by = storage.get(DEVICE_KEY)
  return { from: channel, ...(by ? { by } : {}) }
}

/** What is shared to a friend or a group: WeChat opens the path as it stands. */
export function friendCard(
  name: PageName,
  params: Record<string, string | undefined>,
  title: string,
  imageUrl?: string,
  code?: string,
) {
  const query = queryOf({ ...params, ...attribution('friend'), ...(code === undefined ? {} : { from: code }) })
  return { title, path: `/${placeOf(name)}?${query}`, ...(imageUrl === undefined ? {} : { imageUrl }) }
}

/** What is shared to Moments 朋友圈: the same page with this query. */
export function momentCard(params: Record<string, string | undefined>, title: string, imageUrl?: string) {
  const query = queryOf({ ...params, ...attribution('timeline') })
  return { title, query, ...(imageUrl === undefined ? {} : { imageUrl }) }
}

const LONGEST_SOURCE = 80

/** How the buyer came here, for the first event of the page; empty when the page was opened within the program. */
export function arrivalOf(raw: Record<string, string | undefined>, source: string): string {
  const { from, by } = raw
  const { scene } = Taro.getEnterOptionsSync()
  if (from === undefined && source === '') return ''
  const query = queryOf({ scene: String(scene), from: source === '' ? from : 'code', by: source === '' ? by : source })
  return `mini:${query}`.slice(0, LONGEST_SOURCE)
}

/** Opens the page that a code leads to when WeChat opened another one. */
export function goTo(name: PageName, params: Record<string, string>): void {
  const query = queryOf(params)
  if (isTab(name)) void Taro.reLaunch({ url: `/${placeOf(name)}` })
  else void Taro.redirectTo({ url: `/${placeOf(name)}${query === '' ? '' : `?${query}`}` })
}
