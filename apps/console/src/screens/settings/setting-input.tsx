import { Input, InputNumber, Select, Space, Switch } from 'antd'
import { useState } from 'react'
import { hasMessage, t } from '../../i18n/index.ts'
import { MoneyInput } from '../../kit/money.tsx'
import { bpOfPercent, percentOfBp, type SettingField } from '../../kit/setting-field.ts'

interface Props {
  field: SettingField
  unit: string | null
  label: string
  value: unknown
  disabled: boolean
  onChange: (value: unknown) => void
}

/** What a unit is called, e.g. `minutes` → 分钟. */
export function unitText(unit: string): string {
  const key = `unit.${unit}`
  return hasMessage(key) ? t(key) : unit
}

/** What an option of a setting is called, where the catalogue knows it. */
function optionText(option: string): string {
  const key = `option.${option}`
  return hasMessage(key) ? t(key) : option
}

/**
 * The field that fits a setting. Numbers are not pushed into their range while they are typed: the range is said
 * beside the field, and the server refuses what lies outside in words.
 */
export function SettingInput({ field, unit, label, value, disabled, onChange }: Props) {
  const common = { disabled, 'aria-label': label }
  switch (field.kind) {
    case 'boolean':
      return <Switch {...common} checked={value === true} onChange={onChange} />
    case 'money':
      return <MoneyInput {...common} value={value as number} onChange={onChange} />
    case 'percent':
      return (
        <NumberWithUnit
          {...common}
          precision={2}
          unit="%"
          value={typeof value === 'number' ? percentOfBp(value) : null}
          onChange={(percent) => onChange(percent === null ? null : bpOfPercent(percent))}
        />
      )
    case 'number':
      return (
        <NumberWithUnit
          {...common}
          {...(field.integer ? { precision: 0 } : {})}
          unit={unit === null ? null : unitText(unit)}
          value={value as number | null}
          onChange={onChange}
        />
      )
    case 'enum':
      return (
        <Select
          {...common}
          className="wide"
          value={value as string}
          options={field.options.map((option) => ({ value: option, label: optionText(option) }))}
          onChange={onChange}
        />
      )
    case 'list':
      return (
        <Select
          {...common}
          className="wide"
          mode={field.options ? 'multiple' : 'tags'}
          {...(field.maxItems === undefined ? {} : { maxCount: field.maxItems })}
          value={value as string[]}
          options={(field.options ?? []).map((option) => ({ value: option, label: optionText(option) }))}
          onChange={onChange}
        />
      )
    case 'text': {
      const text = {
        ...common,
        value: (value as string | null) ?? '',
        ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
      }
      return field.multiline ? (
        <Input.TextArea
          {...text}
          autoSize={{ minRows: 2, maxRows: 8 }}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <Input {...text} onChange={(event) => onChange(event.target.value)} />
      )
    }
    default:
      return <JsonInput {...common} value={value} onChange={onChange} />
  }
}

interface NumberProps {
  'aria-label': string
  disabled: boolean
  precision?: number
  unit: string | null
  value: number | null
  onChange: (value: number | null) => void
}

function NumberWithUnit({ unit, ...props }: NumberProps) {
  const input = <InputNumber {...props} className="setting-number" />
  if (unit === null) return input
  return (
    <Space.Compact>
      {input}
      <Space.Addon>{unit}</Space.Addon>
    </Space.Compact>
  )
}

/** For values that have no simpler field. Only JSON is handed on. */
function JsonInput({
  value,
  onChange,
  ...rest
}: {
  value: unknown
  onChange: (value: unknown) => void
  disabled: boolean
  'aria-label': string
}) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2))
  const [broken, setBroken] = useState(false)
  const type = (typed: string) => {
    setText(typed)
    try {
      onChange(JSON.parse(typed))
      setBroken(false)
    } catch {
      setBroken(true)
    }
  }
  return (
    <Input.TextArea
      {...rest}
      className="num"
      autoSize={{ minRows: 3, maxRows: 16 }}
      value={text}
      {...(broken ? { status: 'error' as const } : {})}
      onChange={(event) => type(event.target.value)}
    />
  )
}
