import Taro from '@tarojs/taro'
import type { PageName } from '../../routes.ts'
import { placeOf } from './places.ts'

type Params = Record<string, string>

/** Told with a tab's name when it is opened with parameters: it may be alive already. */
export const TAB_OPENED = 'zg.tab-opened'

/** WeChat switches to a tab without parameters; they wait here. */
const given = new Map<PageName, Params>()

/** The parameters a tab was last opened with. */
export const tabParams = (name: PageName): Params => given.get(name) ?? {}

/** Switches to a tab page and shows what the parameters name there. */
export function openTab(name: PageName, params: Record<string, string | undefined>): Promise<unknown> {
  const clean = Object.entries(params).filter((pair): pair is [string, string] => (pair[1] ?? '') !== '')
  given.set(name, Object.fromEntries(clean))
  Taro.eventCenter.trigger(TAB_OPENED, name)
  return Taro.switchTab({ url: `/${placeOf(name)}` })
}
