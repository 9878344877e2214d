import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { t } from '../i18n/index.ts'
import { DAY_PRESETS, type DayRange, dayPresets, rangeFromText, rangeText } from './days.ts'

const FORMAT = 'YYYY-MM-DD'

/** A range of business days, as `rangeText`; empty is any time. */
export function Period({
  value,
  onChange,
  label,
}: {
  value: string | undefined
  onChange: (text: string | undefined) => void
  label: string
}) {
  const range = rangeFromText(value)
  const presets = dayPresets(Date.now())
  const preset = (name: keyof typeof presets) => ({ label: t(`period.${name}`), value: toDays(presets[name]) })
  return (
    <DatePicker.RangePicker
      aria-label={label}
      value={range ? toDays(range) : null}
      presets={DAY_PRESETS.map(preset)}
      onChange={(days) => {
        const [from, to] = days ?? []
        onChange(from && to ? rangeText({ from: from.format(FORMAT), to: to.format(FORMAT) }) : undefined)
      }}
    />
  )
}

const toDays = (range: DayRange): [dayjs.Dayjs, dayjs.Dayjs] => [dayjs(range.from), dayjs(range.to)]
