import { Typography } from 'antd'
import { Link } from 'react-router'
import { t } from '../../i18n/index.ts'
import { rangeFromText, rangeInstants } from '../../kit/days.ts'
import type { Filter } from '../../kit/filters.tsx'
import type { Column } from '../../kit/resource-table.tsx'

/** What payments and refunds are both filtered by. */
export const MONEY_FILTERS: readonly Filter[] = [
  { kind: 'search', name: 'q', label: t('money.number') },
  { kind: 'period', name: 'period', label: t('money.createdAt') },
]

/** Between which amounts; seldom used. */
export const AMOUNT_FILTERS: readonly Filter[] = [
  { kind: 'number', name: 'min', label: t('money.minYuan') },
  { kind: 'number', name: 'max', label: t('money.maxYuan') },
]

const fen = (yuan: string | undefined) =>
  yuan === undefined || !/^\d{1,9}(\.\d{1,2})?$/.test(yuan) ? undefined : Math.round(Number(yuan) * 100)

/** The query of the list from the filters in the address. */
export function moneyQuery({ q, period, min, max }: Record<string, string>) {
  const range = rangeFromText(period)
  return { q, minFen: fen(min), maxFen: fen(max), ...(range ? rangeInstants(range) : {}) }
}

export function OrderLink({ slug, row }: { slug: string; row: { orderId: string; orderNo: string } }) {
  return (
    <Link className="num" to={`/s/${slug}/orders/${row.orderId}`}>
      {row.orderNo}
    </Link>
  )
}

export function LastError({ text }: { text: string | null }) {
  if (!text) return null
  return (
    <Typography.Text type="danger" className="small">
      {text}
    </Typography.Text>
  )
}

/** The order and whose it is, as the title of a row. */
export const orderColumn = (slug: string): Column<{ orderId: string; orderNo: string; buyerNickname: string }> => ({
  key: 'order',
  title: t('order.order'),
  role: 'title',
  field: 'orderNo',
  render: (row) => (
    <span className="cell-text">
      <OrderLink slug={slug} row={row} />
      <span className="faint">{row.buyerNickname}</span>
    </span>
  ),
})
