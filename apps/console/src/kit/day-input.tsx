import { DatePicker } from 'antd'
import dayjs from 'dayjs'

const FORMAT = 'YYYY-MM-DD'

interface Props {
  /** A business day, as YYYY-MM-DD. */
  value?: string
  onChange?: (day: string) => void
  /** The last day that can be chosen. */
  max?: string
  'aria-label'?: string
  /** Of the label that a form gives it. */
  id?: string
}

/** One day of the shop; it cannot be left empty. Also as what a form's item holds. */
export function DayInput({ value, onChange, max, ...named }: Props) {
  return (
    <DatePicker
      {...named}
      allowClear={false}
      format={FORMAT}
      value={value ? dayjs(value) : null}
      {...(max ? { maxDate: dayjs(max) } : {})}
      onChange={(day) => day && onChange?.(day.format(FORMAT))}
    />
  )
}
