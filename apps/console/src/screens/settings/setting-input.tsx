import { Input, InputNumber, Select, Space, Switch } from 'antd'
import { useState } from 'react'
import { MoneyInput } from '../../kit/money.tsx'
import { hundredthsOfShown, type SettingField, shownOfHundredths } from '../../kit/setting-field.ts'
import { PictureSetting } from './picture-setting.tsx'
import { optionText, unitText } from './value-text.ts'

interface Props {
  field: SettingField
  unit: string | null
  label: string
  value: unknown
  disabled: boolean
  onChange: (value: unknown) => void
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
    case 'hundredths':
      return (
        <NumberWithUnit
          {...common}
          precision={2}
          unit={unitText(unit)}
          value={typeof value === 'number' ? shownOfHundredths(value) : null}
          onChange={(shown) => onChange(shown === null ? null : hundredthsOfShown(shown))}
        />
      )
    case 'number':
      return (
        <NumberWithUnit
          {...common}
          {...(field.integer ? { precision: 0 } : {})}
          unit={unitText(unit)}
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
    case 'picture':
      return <PictureSetting label={label} disabled={disabled} value={String(value ?? '')} onChange={onChange} />
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
  /** Empty for none. */
  unit: string
  value: number | null
  onChange: (value: number | null) => void
}

/** A number as it is written elsewhere: `5,000`. */
function withCommas(number: string): string {
  const [whole = '', ...part] = number.split('.')
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...part].join('.')
}

function NumberWithUnit({ unit, onChange, ...props }: NumberProps) {
  const input = (
    <InputNumber<number | string>
      {...props}
      className="setting-number"
      formatter={(value) => withCommas(`${value ?? ''}`)}
      parser={(text = '') => text.replaceAll(',', '')}
      onChange={(value) => onChange(value === null || value === '' ? null : Number(value))}
    />
  )
  if (unit === '') return input
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
