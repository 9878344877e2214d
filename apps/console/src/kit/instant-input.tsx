import { Input } from 'antd'

interface Props {
  id?: string
  /** ISO instant; null or undefined is empty. */
  value?: string | null
  onChange?: (instant: string | null) => void
  disabled?: boolean
  'aria-label'?: string
}

const two = (number: number) => String(number).padStart(2, '0')

/** An instant as the field writes it: in the viewer's own time, to the minute. */
function localText(instant: string): string {
  const at = new Date(instant)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** A field for a day and time of day. */
export function InstantInput({ value, onChange, ...rest }: Props) {
  return (
    <Input
      {...rest}
      type="datetime-local"
      value={value ? localText(value) : ''}
      onChange={(event) => onChange?.(event.target.value === '' ? null : new Date(event.target.value).toISOString())}
    />
  )
}
