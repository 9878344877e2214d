import type { GeoPoint, SameCityZone } from '@zhanggui/contract'
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts'

const EARTH_METERS = 6_371_008.8

/** Metres between two places, along the great circle. */
export function metersBetween(a: GeoPoint, b: GeoPoint): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const [lat1, lat2] = [rad(a.latitude), rad(b.latitude)]
  const h =
    Math.sin((lat2 - lat1) / 2) ** 2 +
    Math.cos(lat1) * Math.cos(lat2) * Math.sin((rad(b.longitude) - rad(a.longitude)) / 2) ** 2
  return Math.round(2 * EARTH_METERS * Math.asin(Math.min(1, Math.sqrt(h))))
}

export interface Area {
  province: string
  city: string
  location: GeoPoint | null
  zones: readonly SameCityZone[]
}

export interface Place {
  province: string
  city: string
  district: string
  location?: GeoPoint | undefined
}

export type ZoneAnswer = { ok: true; zone: SameCityZone; meters: number | null } | { ok: false; reason: string }

/** Names as people write them: 深圳 and 深圳市 are the same city. */
const plain = (name: string): string => name.replace(/(特别行政区|自治区|自治州|地区|省|市|区|县)$/, '')

/** The first zone that an address lies in, or why there is none, in the buyer's words. */
export function zoneOf(area: Area, place: Place): ZoneAnswer {
  if (place.city === '') return { ok: false, reason: '请先选择收货地址' }
  if (plain(place.city) !== plain(area.city)) return { ok: false, reason: `只在${area.city}内配送` }
  const meters = area.location && place.location ? metersBetween(area.location, place.location) : null
  const fits = area.zones.find((zone) => {
    if (zone.districts.length > 0 && !zone.districts.some((name) => plain(name) === plain(place.district))) return false
    return zone.maxMeters === null || (meters !== null && meters <= zone.maxMeters)
  })
  if (fits) return { ok: true, zone: fits, meters }
  const wantsDistance =
    meters === null && area.zones.some((zone) => zone.maxMeters !== null && zone.districts.length === 0)
  if (wantsDistance) return { ok: false, reason: '请允许获取位置，才能计算配送距离' }
  return {
    ok: false,
    reason:
      meters === null ? `${place.district || '该地址'}不在配送范围` : `距门店 ${kilometers(meters)}，超出配送范围`,
  }
}

/** Whether some zone of this city could fit if it were known how far the address is. */
export const zonesByDistance = (area: Area, { city, district }: Place): boolean =>
  plain(city) === plain(area.city) &&
  area.zones.some(
    (zone) =>
      zone.maxMeters !== null &&
      (zone.districts.length === 0 || zone.districts.some((name) => plain(name) === plain(district))),
  )

export const kilometers = (meters: number): string =>
  meters < 1000 ? `${Math.max(10, Math.round(meters / 10) * 10)} 米` : `${(meters / 1000).toFixed(1)} 公里`

export interface Hours {
  /** `HH:MM` in the shop's time zone; opens before it closes. */
  opensAt: string
  closesAt: string
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** How far a time zone is ahead of UTC at an instant, in milliseconds. */
export function zoneOffsetMs(timeZone: string, atMs: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
  const local = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return local - Math.floor(atMs / 1000) * 1000
}

/**
 * The instant by which a promise is due: `minutes` of opening time after `from`. What does not fit before closing is
 * counted on from the next opening, so that nothing is promised for the middle of the night.
 */
export function dueAt(from: string, minutes: number, hours: Hours, timeZone: string): string {
  const startMs = Date.parse(from)
  const offset = zoneOffsetMs(timeZone, startMs)
  const [opens, closes] = [minutesOf(hours.opensAt) * MINUTE_MS, minutesOf(hours.closesAt) * MINUTE_MS]
  let local = startMs + offset
  let left = minutes * MINUTE_MS
  for (;;) {
    const day = Math.floor(local / DAY_MS) * DAY_MS
    const begin = Math.max(local, day + opens)
    const free = day + closes - begin
    if (free >= left) return new Date(begin + left - offset).toISOString()
    left -= Math.max(0, free)
    local = day + DAY_MS
  }
}

/** Minutes as people say them. */
export function durationText(minutes: number): string {
  if (minutes < 60) return `${minutes} 分钟`
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return rest === 0 ? `${hours} 小时` : `${hours} 小时 ${rest} 分钟`
}
