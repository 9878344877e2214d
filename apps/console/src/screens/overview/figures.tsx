import type { Overview } from '@zhanggui/contract'
import type { ReactNode } from 'react'
import { t } from '../../i18n/index.ts'
import { Money } from '../../kit/money.tsx'
import { changeText } from './change-text.ts'

type DayMoney = Overview['today']

const averageOf = (day: DayMoney): number => (day.paidOrders === 0 ? 0 : Math.round(day.paidFen / day.paidOrders))
const netOf = (day: DayMoney): number => day.paidFen - day.refundedFen

const money = (fen: number) => <Money fen={fen} />
const plain = (value: number) => <span className="num">{value}</span>

interface FigureOf {
  label: string
  of: (day: DayMoney) => number
  show: (value: number) => ReactNode
  lessIsBetter?: boolean
}

/** Today's money, each beside yesterday and last week at the same time of day. */
export function Figures({ overview }: { overview: Overview }) {
  const figures: FigureOf[] = [
    { label: t('overview.paid'), of: (day) => day.paidFen, show: money },
    { label: t('overview.refunded'), of: (day) => day.refundedFen, show: money, lessIsBetter: true },
    { label: t('overview.orders'), of: (day) => day.paidOrders, show: plain },
    { label: t('overview.buyers'), of: (day) => day.buyers, show: plain },
    { label: t('overview.average'), of: averageOf, show: money },
  ]
  return (
    <section className="figures" aria-label={t('overview.today')}>
      <Figure figure={{ label: t('overview.net'), of: netOf, show: money }} overview={overview} main />
      {figures.map((figure) => (
        <Figure key={figure.label} figure={figure} overview={overview} />
      ))}
    </section>
  )
}

function Figure({ figure, overview, main }: { figure: FigureOf; overview: Overview; main?: boolean }) {
  const { label, of, show, lessIsBetter = false } = figure
  const now = of(overview.today)
  return (
    <div className={main ? 'figure main' : 'figure'}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{show(now)}</span>
      <dl className="figure-before">
        <Before label={t('overview.yesterday')} now={now} before={of(overview.yesterday)} {...{ show, lessIsBetter }} />
        <Before label={t('overview.lastWeek')} now={now} before={of(overview.lastWeek)} {...{ show, lessIsBetter }} />
      </dl>
    </div>
  )
}

function Before(props: {
  label: string
  now: number
  before: number
  show: (value: number) => ReactNode
  lessIsBetter: boolean
}) {
  const { label, now, before, show, lessIsBetter } = props
  const change = changeText(now, before)
  const tone = now === before ? 'soft' : now > before !== lessIsBetter ? 'green' : 'red'
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {show(before)}
        {change && <span className={`figure-change num ${tone}`}>{change}</span>}
      </dd>
    </div>
  )
}
