import { SETTLEMENT_ITEM_STATES, type SettlementItem, type SettlementItemState } from '@zhanggui/contract'
import { Tag } from 'antd'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { rangeFromText, rangeInstants } from '../../kit/days.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

const COLOURS = { waiting: 'gold', frozen: 'red', released: 'success' } as const

const columns = (slug: string): Column<SettlementItem>[] => [
  {
    key: 'order',
    title: t('order.order'),
    role: 'title',
    field: 'orderNo',
    render: (row) => (
      <Link className="num" to={`/s/${slug}/orders/${row.orderId}`}>
        {row.orderNo}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('settle.state'),
    width: 110,
    field: 'state',
    labels: sayEach(SETTLEMENT_ITEM_STATES),
    render: (row) => <Tag color={COLOURS[row.state]}>{say(SETTLEMENT_ITEM_STATES[row.state])}</Tag>,
  },
  {
    key: 'amount',
    title: t('settle.merchantPart'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.amountFen} />,
  },
  {
    key: 'shares',
    title: t('settle.shares'),
    align: 'right',
    field: 'sharesFen',
    render: (row) => <Money fen={row.sharesFen} faint />,
  },
  {
    key: 'released',
    title: t('settle.releasedPart'),
    align: 'right',
    field: 'releasedFen',
    render: (row) => <Money fen={row.releasedFen} strong />,
  },
  { key: 'cycle', title: t('settle.cycle'), width: 80, field: 'cycleDays', render: (row) => `T+${row.cycleDays}` },
  { key: 'settledAt', title: t('settle.settledAt'), render: (row) => <InstantText at={row.settledAt} /> },
  { key: 'dueAt', title: t('settle.dueAt'), render: (row) => <InstantText at={row.dueAt} /> },
  {
    key: 'releasedAt',
    title: t('settle.releasedAt'),
    role: 'hidden',
    render: (row) => <InstantText at={row.releasedAt} />,
  },
]

/** Settled orders and when their money becomes available. */
export default function SettlementItemsPage() {
  const { shop, shopId } = useShop()
  return (
    <Page title={t('nav.settlementItems')}>
      <ResourceTable
        name="settlement-items"
        route="console.settlementItems"
        input={({ state, q, period }) => {
          const range = rangeFromText(period)
          return {
            params: { shopId },
            query: { state: state as SettlementItemState | undefined, q, ...(range ? rangeInstants(range) : {}) },
          }
        }}
        rowKey={(row) => row.orderId}
        columns={columns(shop.slug)}
        filters={[
          { kind: 'search', name: 'q', label: t('settle.searchOrder') },
          {
            kind: 'choice',
            name: 'state',
            label: t('settle.state'),
            options: Object.entries(SETTLEMENT_ITEM_STATES).map(([value, words]) => ({ value, label: say(words) })),
          },
          { kind: 'period', name: 'period', label: t('settle.settledAt') },
        ]}
        empty={{ title: t('settle.itemsNone'), hint: t('settle.itemsNoneHint') }}
      />
    </Page>
  )
}
