import { type JSX, useEffect, useState } from '@hooks'
import { Input, Select } from '@kit'
import { useApp } from '../app.ts'

/** Where the buyer last had goods sent, or would: remembered on the device. */
export const PROVINCE_KEY = 'zg.province'

interface Above {
  province?: string
  city?: string
  district?: string
}

interface DivisionFieldProps {
  label: string
  /** The places above; undefined while the next one above is not chosen. */
  above: Above | undefined
  value: string
  onChange: (value: string) => void
  placeholder: string
  error?: string | undefined
  testId: string
  maxLength: number
  /** Called with the only name there is, for the buyer to be spared a choice. */
  onOnly?: (name: string) => void
}

const known = new Map<string, readonly string[]>()

/** The names below a place, fetched once on this device; undefined while they come, empty where there are none. */
function useNames(above: Above | undefined): readonly string[] | undefined {
  const { api } = useApp()
  const key = above === undefined ? '' : [above.province, above.city, above.district].join('/')
  const [, redraw] = useState(0)
  useEffect(() => {
    if (above === undefined || known.has(key)) return
    api('store.divisions', { query: above })
      .then(({ items }) => known.set(key, items))
      // without the list the buyer writes the name
      .catch(() => known.set(key, []))
      .finally(() => redraw((count) => count + 1))
  }, [key])
  return above === undefined ? undefined : known.get(key)
}

/** One level of a place: chosen from a list; written where there is none. */
export function DivisionField(props: DivisionFieldProps): JSX.Element {
  const { label, above, value, onChange, placeholder, error, testId, maxLength, onOnly } = props
  const names = useNames(above)
  const [only] = names?.length === 1 ? names : []
  useEffect(() => {
    if (only !== undefined && value === '') onOnly?.(only)
  }, [only, value])
  const shared = { label, value, placeholder, testId, ...(error === undefined ? {} : { error }) }
  if (above !== undefined && names?.length === 0) return <Input {...shared} maxLength={maxLength} onInput={onChange} />
  // what was saved before stays, also when the list no longer has it
  const choices = value === '' || names?.includes(value) ? (names ?? []) : [value, ...(names ?? [])]
  return <Select {...shared} choices={choices} onChange={onChange} />
}
