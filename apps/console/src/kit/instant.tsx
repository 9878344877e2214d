import { Tooltip } from 'antd'
import { locale } from '../i18n/index.ts'

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** How long ago, in words. */
export function relativeText(instant: string, nowMs: number): string {
  const difference = Date.parse(instant) - nowMs
  const [unit, size] = UNITS.find(([, size]) => Math.abs(difference) >= size) ?? UNITS.at(-1)!
  return new Intl.RelativeTimeFormat(locale() === 'en' ? 'en' : 'zh-CN', { numeric: 'auto' }).format(
    Math.round(difference / size),
    unit,
  )
}

const formats = new Map<string, Intl.DateTimeFormat>()
function localText(instant: string, seconds: boolean): string {
  const key = String(seconds)
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: seconds ? 'medium' : 'short' })
    formats.set(key, format)
  }
  return format.format(new Date(instant))
}

/** An instant in the viewer's own time; how long ago it was on hover. */
export function InstantText({ at, seconds = false }: { at: string | null | undefined; seconds?: boolean }) {
  if (!at) return <span className="faint">—</span>
  return (
    <Tooltip title={() => relativeText(at, Date.now())}>
      <time className="num" dateTime={at}>
        {localText(at, seconds)}
      </time>
    </Tooltip>
  )
}
