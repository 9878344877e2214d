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

const FORMATS = {
  minutes: new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }),
  seconds: new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }),
  time: new Intl.DateTimeFormat('sv-SE', { timeStyle: 'short' }),
}

interface Props {
  at: string | null | undefined
  seconds?: boolean
  /** Without the day, where the day is plain. */
  timeOnly?: boolean
}

/** An instant in the viewer's own time, to the minute; to the second and how long ago it was on hover. */
export function InstantText({ at, seconds, timeOnly }: Props) {
  if (!at) return <span className="faint">—</span>
  const format = FORMATS[timeOnly ? 'time' : seconds ? 'seconds' : 'minutes']
  return (
    <Tooltip title={() => `${FORMATS.seconds.format(new Date(at))} · ${relativeText(at, Date.now())}`}>
      <time className="num" dateTime={at}>
        {format.format(new Date(at))}
      </time>
    </Tooltip>
  )
}
