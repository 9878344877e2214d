import { formatMoney } from '@zhanggui/contract/money'
import { Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { t } from '../i18n/index.ts'
import { moneyFieldText, readMoney } from './money-text.ts'

interface MoneyProps {
  fen: number | null | undefined
  strong?: boolean
  faint?: boolean
  /** With a plus before what came in. */
  signed?: boolean
}

/** An amount of money. */
export function Money({ fen, strong, faint, signed }: MoneyProps) {
  if (fen === null || fen === undefined) return <span className="faint">—</span>
  return (
    <span className={`num${strong ? ' strong' : ''}${faint ? ' faint' : ''}`}>
      {`${signed && fen > 0 ? '+' : ''}${formatMoney(fen)}`}
    </span>
  )
}

/** A range of prices, as one amount when both are the same. */
export function MoneyRange({ min, max }: { min: number; max: number }) {
  return <span className="num">{min === max ? formatMoney(min) : `${formatMoney(min)} – ${formatMoney(max)}`}</span>
}

interface MoneyInputProps {
  id?: string
  /** Fen; null or undefined is empty, NaN something that is no amount. */
  value?: number | null
  onChange?: (fen: number | null) => void
  placeholder?: string
  disabled?: boolean
  size?: 'small' | 'middle'
  'aria-label'?: string
}

/** A field for an amount: yuan on the screen, fen in the form. Takes what is pasted, "¥1,234.50" too. */
export function MoneyInput({ value, onChange, ...rest }: MoneyInputProps) {
  const [text, setText] = useState(() => moneyFieldText(value))
  const told = useRef(value)
  useEffect(() => {
    if (Object.is(told.current, value)) return
    told.current = value
    setText(moneyFieldText(value))
  }, [value])
  const type = (typed: string) => {
    setText(typed)
    const reading = readMoney(typed)
    const next = reading.kind === 'amount' ? reading.fen : reading.kind === 'empty' ? null : Number.NaN
    told.current = next
    onChange?.(next)
  }
  const invalid = readMoney(text).kind === 'invalid'
  return (
    <Input
      {...rest}
      className="num"
      inputMode="decimal"
      prefix={<span className="faint">¥</span>}
      value={text}
      maxLength={20}
      title={invalid ? t('form.amountInvalid') : undefined}
      {...(invalid ? { status: 'error' as const } : {})}
      onChange={(event) => type(event.target.value)}
      onBlur={() => invalid || setText(moneyFieldText(value))}
    />
  )
}
