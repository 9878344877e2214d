import { t } from '../../i18n/index.ts'

const MINUTE_MS = 60_000

/** How long until an instant, or since, in the largest two units. */
export function leftOf(dueAt: string, nowMs: number): { text: string; isOver: boolean } {
  const leftMs = Date.parse(dueAt) - nowMs
  const minutes = Math.floor(Math.abs(leftMs) / MINUTE_MS)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
  const text =
    days > 0
      ? t('left.days', { days, hours })
      : hours > 0
        ? t('left.hours', { hours, minutes: rest })
        : t('left.minutes', { minutes: rest })
  return { text, isOver: leftMs < 0 }
}
