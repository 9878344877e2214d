import { FilterOutlined, SearchOutlined } from '@ant-design/icons'
import { Button, Input, type InputRef, Select } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { t } from '../i18n/index.ts'
import { Period } from './period.tsx'

/** A filter above a list. Its value lives in the address under `name`. */
export type Filter =
  | { kind: 'search'; name: string; label: string }
  | { kind: 'choice'; name: string; label: string; options: { value: string; label: string }[] }
  | { kind: 'number'; name: string; label: string }
  | { kind: 'period'; name: string; label: string }
  | {
      kind: 'custom'
      name: string
      render: (value: string | undefined, set: (value: string | undefined) => void) => ReactNode
    }

interface Props {
  filters: readonly Filter[]
  values: Record<string, string>
  set: (name: string, value: string | undefined) => void
  /** On a phone: the search stays in sight, the others wait behind a button that says how many are in force. */
  folded?: boolean
}

/** Fewer than this are not worth a button. */
const MANY = 3

/** The filters above a list. */
export function Filters({ filters, values, set, folded = false }: Props) {
  const [open, setOpen] = useState(false)
  const one = (filter: Filter) => (
    <OneFilter key={filter.name} filter={filter} value={values[filter.name]} set={(value) => set(filter.name, value)} />
  )
  const searches = filters.filter((filter) => filter.kind === 'search')
  const others = filters.filter((filter) => filter.kind !== 'search')
  if (!folded || others.length < MANY) return <div className="resource-filters">{filters.map(one)}</div>
  const inForce = others.filter((filter) => values[filter.name] !== undefined).length
  return (
    <div className="resource-filters">
      {searches.map(one)}
      <Button
        className="filter-fold"
        icon={<FilterOutlined />}
        aria-expanded={open}
        {...(inForce > 0 ? { type: 'primary' as const, ghost: true } : {})}
        onClick={() => setOpen(!open)}
      >
        {inForce > 0 ? t('list.filtersOn', { count: inForce }) : t('list.filters')}
      </Button>
      {open && <div className="filter-more">{others.map(one)}</div>}
    </div>
  )
}

function OneFilter({
  filter,
  value,
  set,
}: {
  filter: Filter
  value: string | undefined
  set: (value: string | undefined) => void
}) {
  switch (filter.kind) {
    case 'search':
      return <SearchFilter label={filter.label} value={value ?? ''} set={set} />
    case 'choice':
      return (
        <Select
          className="filter-choice"
          aria-label={filter.label}
          placeholder={filter.label}
          allowClear
          value={value ?? null}
          options={filter.options}
          popupMatchSelectWidth={false}
          onChange={(next: string | null) => set(next ?? undefined)}
        />
      )
    case 'number':
      return (
        <SettledInput
          className="filter-number"
          label={filter.label}
          value={value ?? ''}
          set={(text) => set(/^\d{1,7}$/.test(text) ? text : undefined)}
        />
      )
    case 'period':
      return <Period label={filter.label} value={value} onChange={set} />
    default:
      return filter.render(value, set)
  }
}

const SETTLE_MS = 300

/** Text that counts once the typing pauses, so that each letter is not a request. */
function useSettled(value: string, set: (value: string | undefined) => void) {
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    if (timer.current === undefined) setText(value)
  }, [value])
  const commit = (next: string) => {
    clearTimeout(timer.current)
    timer.current = undefined
    set(next.trim() === '' ? undefined : next.trim())
  }
  const type = (next: string) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => commit(next), SETTLE_MS)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return { text, type, commit }
}

function SearchFilter({
  label,
  value,
  set,
}: {
  label: string
  value: string
  set: (value: string | undefined) => void
}) {
  const { text, type, commit } = useSettled(value, set)
  const input = useRef<InputRef>(null)
  useSlashFocus(() => input.current?.focus())
  return (
    <Input
      ref={input}
      className="filter-search"
      type="search"
      allowClear
      aria-label={t('list.search')}
      placeholder={label}
      maxLength={60}
      prefix={<SearchOutlined className="faint" />}
      suffix={text === '' ? <kbd aria-hidden>/</kbd> : null}
      value={text}
      onChange={(event) => type(event.target.value)}
      onPressEnter={() => commit(text)}
      onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
    />
  )
}

function SettledInput({
  label,
  value,
  set,
  className,
}: {
  label: string
  value: string
  set: (text: string) => void
  className: string
}) {
  const { text, type, commit } = useSettled(value, (next) => set(next ?? ''))
  return (
    <Input
      className={className}
      inputMode="numeric"
      allowClear
      aria-label={label}
      placeholder={label}
      maxLength={7}
      value={text}
      onChange={(event) => type(event.target.value)}
      onPressEnter={() => commit(text)}
    />
  )
}

/** `/` jumps to the search, unless one is typing somewhere. */
function useSlashFocus(focus: () => void): void {
  const latest = useRef(focus)
  latest.current = focus
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (
        event.key !== '/' ||
        event.ctrlKey ||
        event.metaKey ||
        target.closest('input, textarea, select, [contenteditable], [role=dialog]')
      )
        return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
