import { CHANNELS, type Channel, formatMoney, PRICE_KINDS } from '@zhanggui/contract'
import type { PriceFormula, PriceRule, ResolvedPrice } from '../pricing/index.ts'

/** China's zone has no summer time. */
const ZONE_OFFSET_MS = 8 * 3_600_000

const momentText = (ms: number): string => new Date(ms + ZONE_OFFSET_MS).toISOString().slice(5, 16).replace('T', ' ')

/** `12-01 20:00`; an end at midnight is `24:00` of the day before, as people say it. */
export function untilText(instant: string): string {
  const ms = Date.parse(instant)
  const text = momentText(ms)
  return text.endsWith('00:00') ? momentText(ms - 1).replace(/\d\d:\d\d$/, '24:00') : text
}

export const sinceText = (instant: string): string => momentText(Date.parse(instant))

const ROUNDINGS = { fen: '', jiao: '，取整到角', yuan: '，取整到元', nine: '，尾数 9' } as const

/** `85 折，尾数 9`, `立减 ¥5.00`, `¥86.00`. */
export function formulaText({ method, value, rounding }: PriceFormula): string {
  if (method === 'fixed') return formatMoney(value)
  if (method === 'minus') return `立减 ${formatMoney(value)}${ROUNDINGS[rounding]}`
  const zhe = value / 1000
  return `${value <= 10_000 ? `${zhe} 折` : `${value / 100}%`}${ROUNDINGS[rounding]}`
}

type Conditions = Pick<PriceRule, 'kind' | 'label' | 'provinces' | 'channels' | 'startsAt' | 'endsAt' | 'levelIds'> &
  PriceFormula

/** A whole rule in words: what, for whom, where, when. */
export function ruleText(rule: Conditions, levelNames: ReadonlyMap<string, string>): string {
  const levels = rule.levelIds.map((id) => levelNames.get(id) ?? '已删除的等级')
  const channels = rule.channels.map((name) => CHANNELS[name as Channel]?.zh ?? name)
  return [
    `${PRICE_KINDS[rule.kind].zh} ${formulaText(rule)}`,
    levels.length > 0 ? `会员：${levels.join('、')}` : '',
    rule.provinces.length > 0 ? `地区：${placesText(rule.provinces)}` : '',
    channels.length > 0 ? `渠道：${channels.join('、')}` : '',
    windowText(rule),
  ]
    .filter(Boolean)
    .join('；')
}

const SHOWN_PLACES = 4
const placesText = (provinces: readonly string[]): string =>
  provinces.length <= SHOWN_PLACES
    ? provinces.join('、')
    : `${provinces.slice(0, SHOWN_PLACES).join('、')} 等 ${provinces.length} 个`

export function windowText({ startsAt, endsAt }: Pick<PriceRule, 'startsAt' | 'endsAt'>): string {
  if (startsAt !== null && endsAt !== null) return `${sinceText(startsAt)} 至 ${untilText(endsAt)}`
  if (startsAt !== null) return `${sinceText(startsAt)} 起`
  return endsAt === null ? '' : `至 ${untilText(endsAt)}`
}

/** Why a price is what it is, for the buyer: `会员价 ¥86.00，到 12-01 24:00`. Empty for the base price. */
export function priceNote(price: ResolvedPrice, province: string | null): string {
  if (price.rule === null) return ''
  const { label, kind } = price.rule
  const place = kind === 'region' && province !== null ? `（${province}）` : ''
  const until = price.rule.endsAt === null ? '' : `，到 ${untilText(price.rule.endsAt)}`
  return `${label}${place} ${formatMoney(price.priceFen)}${until}`
}
