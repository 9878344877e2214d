import type { ReactNode } from 'react'
import { t } from '../../i18n/index.ts'
import { changeText } from './change-text.ts'

interface Props {
  label: string
  now: number
  before: number
  show?: (value: number) => ReactNode
  main?: boolean
  lessIsBetter?: boolean
}

/** A figure of today beside yesterday's. */
export function ComparedNumber({
  label,
  now,
  before,
  show = (value) => <span className="num">{value}</span>,
  main,
  lessIsBetter,
}: Props) {
  const change = changeText(now, before)
  const good = now === before ? '' : now > before !== (lessIsBetter ?? false) ? ' green' : ' red'
  return (
    <div className={main ? 'figure main' : 'figure'}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{show(now)}</span>
      <span className="figure-before">
        {t('overview.yesterday')} {show(before)}
        {change && <span className={`figure-change num${good}`}>{change}</span>}
      </span>
    </div>
  )
}
