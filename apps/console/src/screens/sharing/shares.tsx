import { MONEY_STATES, type MoneyState, type OrderMoney } from '@zhanggui/contract'
import { Button, Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { useIsPhone } from '../../kit/media.ts'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { OrderSharingCard } from './order-sharing.tsx'

const COLOURS = { frozen: 'default', settled: 'blue', due: 'gold', closed: 'success' } as const

export const MoneyStateTag = ({ state }: { state: MoneyState }) => (
  <Tag color={COLOURS[state]}>{t(`share.state.${state}`)}</Tag>
)

const columns = (slug: string): Column<OrderMoney>[] => [
  {
    key: 'orderNo',
    title: t('order.order'),
    role: 'title',
    render: (row) => (
      <Link className="num" to={`/s/${slug}/orders/${row.orderId}`}>
        {row.orderNo}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('party.state'),
    render: (row) => (
      <span>
        <MoneyStateTag state={row.state} />
        {row.trouble && (
          <Tooltip title={row.lastError ?? t('share.troubleHint')}>
            <Tag color="red">{t('share.trouble')}</Tag>
          </Tooltip>
        )}
      </span>
    ),
  },
  {
    key: 'paidFen',
    title: t('share.paid'),
    align: 'right',
    render: (row) => (row.paidFen === null ? <Later /> : <Money fen={row.paidFen} />),
  },
  { key: 'sharesFen', title: t('share.shares'), align: 'right', render: (row) => <Money fen={row.sharesFen} strong /> },
  { key: 'splitFen', title: t('share.sum.splitFen'), align: 'right', render: (row) => <Money fen={row.splitFen} /> },
  { key: 'owedFen', title: t('share.owed'), align: 'right', render: (row) => <Money fen={row.owedFen} /> },
  {
    key: 'feeFen',
    title: t('share.fee'),
    align: 'right',
    render: (row) => (row.state === 'frozen' ? <Later /> : <Money fen={row.feeFen} />),
  },
  {
    key: 'merchantFen',
    title: t('share.merchant'),
    align: 'right',
    render: (row) => (row.state === 'frozen' ? <Later /> : <Money fen={row.merchantFen} />),
  },
  { key: 'holdUntil', title: t('share.holdUntil'), width: 150, render: (row) => <InstantText at={row.holdUntil} /> },
]

/** What is only known when the order is settled. */
const Later = () => <span className="faint">{t('share.later')}</span>

/** How an order is shared, below its row; on a phone one asks for it. */
function Detail({ orderId }: { orderId: string }) {
  const phone = useIsPhone()
  const [open, setOpen] = useState(false)
  if (phone && !open)
    return (
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        {t('share.details')}
      </Button>
    )
  return <OrderSharingCard orderId={orderId} />
}

/** What of each order is whose, and what WeChat has split. */
export default function SharesPage() {
  const { shop, shopId } = useShop()
  return (
    <Page title={t('nav.shares')}>
      <ResourceTable
        name="shares"
        route="console.shares"
        input={({ state, party, trouble, q }) => ({
          params: { shopId },
          query: {
            ...{ state: state as MoneyState | undefined, partyId: party, q },
            trouble: trouble === 'true' ? ('true' as const) : undefined,
          },
        })}
        rowKey={(row) => row.orderId}
        columns={columns(shop.slug)}
        filters={[
          { kind: 'search', name: 'q', label: t('share.search') },
          {
            ...{ kind: 'choice', name: 'state', label: t('party.state') },
            options: MONEY_STATES.map((value) => ({ value, label: t(`share.state.${value}`) })),
          },
          {
            ...{ kind: 'choice', name: 'trouble', label: t('share.trouble') },
            options: [{ value: 'true', label: t('share.trouble') }],
          },
        ]}
        expand={(row) => <Detail orderId={row.orderId} />}
        empty={{ title: t('share.none'), hint: t('share.noneHint') }}
      />
    </Page>
  )
}
