import { isIPv4, isIPv6 } from 'node:net'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import type { IdentityDeps } from './deps.ts'
import { familiarDays } from './settings.ts'
import { insertSignIn, signInsSince } from './store-sign-ins.ts'

const SYSTEMS = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Mac', /Mac OS X/],
  ['Windows', /Windows/],
  ['Linux', /Linux/],
] as const
const BROWSERS = [
  ['微信', /MicroMessenger\//],
  ['Edge', /Edg\//],
  ['Chrome', /Chrome\//],
  ['Firefox', /Firefox\//],
  ['Safari', /Safari\//],
] as const

const UNKNOWN = '未知设备'

/** System and browser, without their versions, which change by themselves. */
export function deviceOf(agent: string): string {
  const named = (list: readonly (readonly [string, RegExp])[]) => list.find(([, pattern]) => pattern.test(agent))?.[0]
  return [named(SYSTEMS), named(BROWSERS)].filter((each) => each !== undefined).join(' · ') || UNKNOWN
}

/** The block of addresses: /24 of IPv4, /48 of IPv6. A phone's address changes within it, its region hardly does. */
export function placeOf(ip: string): string {
  const plain = ip.replace(/^::ffff:/i, '')
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return '未知地址'
  const [head = '', tail] = plain.split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const missing = 8 - groups(head).length - groups(tail).length
  const all = tail === undefined ? groups(head) : [...groups(head), ...Array(missing).fill('0'), ...groups(tail)]
  return `${all.slice(0, 3).join(':')}::/48`
}

/**
 * Writes a sign-in down and answers what is new about it, in words; undefined when nothing is, or when there is nothing
 * to compare with: the first one makes a place and a device familiar.
 */
export async function noticeSignIn(
  deps: Pick<IdentityDeps, 'clock' | 'settings'>,
  tx: Tx,
  signIn: { staffId: string; sessionId: string; ip: string; agent: string },
): Promise<string | undefined> {
  const { staffId, sessionId } = signIn
  const at = deps.clock.instant()
  const [place, device] = [placeOf(signIn.ip), deviceOf(signIn.agent)]
  const days = await deps.settings.get(familiarDays, {})
  const since = await signInsSince(tx, staffId, plusMs(at, -days * DAY_MS))
  // Programs have no device; a person is compared with what persons used.
  const familiar = since.filter((each) => each.device !== UNKNOWN)
  const isNew = (what: 'place' | 'device', value: string) =>
    value !== UNKNOWN && familiar.length > 0 && !familiar.some((each) => each[what] === value)
  const [newPlace, newDevice] = [isNew('place', place), isNew('device', device)]
  await insertSignIn(tx, { id: newId(), staffId, sessionId, at, place, device, newPlace, newDevice })
  const words = [...(newDevice ? [`新设备（${device}）`] : []), ...(newPlace ? [`新地点（${place}）`] : [])]
  return words.length === 0 ? undefined : words.join('、')
}
