import type { Overview, TrendDay } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'

export const METRICS = ['money', 'orders', 'visitors', 'conversion', 'average'] as const
export type Metric = (typeof METRICS)[number]

/** One hour or day of a trend; null where nothing is known, or where it has not come yet. */
export interface TrendPoint {
  label: string
  money: number | null
  orders: number | null
  visitors: number | null
  /** Paying orders of 100 visitors. */
  conversion: number | null
  average: number | null
}

/** The hours of a day; `last` is the hour that has begun last. */
export function hourPoints(hours: Overview['analytics']['hours'], last: number): TrendPoint[] {
  return hours.map((each) => {
    const label = `${String(each.hour).padStart(2, '0')}:00`
    if (each.hour > last) return { label, money: null, orders: null, visitors: null, conversion: null, average: null }
    return { label, ...figures(each.paidFen, each.ordersPaid, each.visitors) }
  })
}

/** Days, oldest first. */
export const dayPoints = (days: readonly TrendDay[]): TrendPoint[] =>
  days.map((each) => ({ label: each.day.slice(5), ...figures(each.paidFen, each.paidOrders, each.visitors) }))

const figures = (money: number, orders: number, visitors: number | null) => ({
  money,
  orders,
  visitors,
  conversion: visitors === null || visitors === 0 ? null : Math.round((orders / visitors) * 1000) / 10,
  average: orders === 0 ? null : Math.round(money / orders),
})

/** How a value of a figure is written. */
export function metricText(metric: Metric, value: number | null): string {
  if (value === null) return '—'
  if (metric === 'money' || metric === 'average') return formatMoney(Math.round(value))
  return metric === 'conversion' ? `${value}%` : String(value)
}
