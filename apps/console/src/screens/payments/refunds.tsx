import type { RefundRow } from '@zhanggui/contract'
import { App, Tag } from 'antd'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { errorText, useWrite } from '../../kit/api.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useMoreFilters } from '../orders/more-filters.tsx'
import { AMOUNT_FILTERS, LastError, MONEY_FILTERS, moneyQuery, OrderLink } from './filters.tsx'

const STATES = ['created', 'processing', 'succeeded', 'failed'] as const
const COLOURS = { created: 'gold', processing: 'gold', succeeded: 'success', failed: 'red' } as const

const columns = (slug: string): Column<RefundRow>[] => [
  {
    key: 'order',
    title: t('order.order'),
    role: 'title',
    field: 'orderNo',
    render: (row) => <OrderLink slug={slug} row={row} />,
  },
  {
    key: 'state',
    title: t('payment.state'),
    field: 'state',
    labels: messagesUnder('refund.state.'),
    render: (row) => (
      <span className="cell-text">
        <Tag color={COLOURS[row.state]}>{t(`refund.state.${row.state}`)}</Tag>
        <LastError text={row.lastError} />
      </span>
    ),
  },
  {
    key: 'amount',
    title: t('payment.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.amountFen} />,
  },
  {
    key: 'by',
    field: 'requestedBy',
    labels: messagesUnder('refund.by.'),
    title: t('refund.by'),
    render: (row) => t(`refund.by.${row.requestedBy}`),
  },
  { key: 'reason', title: t('refund.reason'), field: 'reason', render: (row) => row.reason },
  {
    key: 'number',
    title: t('refund.number'),
    field: 'outRefundNo',
    render: (row) => (
      <span className="cell-text num small">
        <span>{row.outRefundNo}</span>
        {row.refundId && <span>{row.refundId}</span>}
      </span>
    ),
  },
  { key: 'attempts', title: t('refund.attempts'), align: 'right', field: 'attempts', render: (row) => row.attempts },
  { key: 'createdAt', title: t('money.createdAt'), render: (row) => <InstantText at={row.createdAt} /> },
  { key: 'finishedAt', title: t('refund.finishedAt'), render: (row) => <InstantText at={row.finishedAt} /> },
]

/** Money that goes back, and what WeChat says about it. */
export default function RefundsPage() {
  const { shop, shopId, may } = useShop()
  const { message } = App.useApp()
  const moreFilters = useMoreFilters(AMOUNT_FILTERS)
  const ask = useWrite('console.askRefund', ['console.refunds'])
  const askNow = (refundId: string) =>
    ask.mutate(
      { params: { shopId, refundId } },
      {
        onSuccess: () => void message.success(t('refund.asked')),
        onError: (error) => void message.error(errorText(error)),
      },
    )
  return (
    <Page title={t('nav.refunds')}>
      <ResourceTable
        name="refunds"
        route="console.refunds"
        input={(filters) => ({
          params: { shopId },
          query: { ...moneyQuery(filters), state: filters.state as RefundRow['state'] | undefined },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          ...MONEY_FILTERS,
          {
            kind: 'choice',
            name: 'state',
            label: t('payment.state'),
            options: STATES.map((value) => ({ value, label: t(`refund.state.${value}`) })),
          },
          ...moreFilters,
        ]}
        actions={(row) =>
          row.state === 'succeeded' || !may('money.write')
            ? []
            : [{ key: 'ask', label: t('refund.ask'), main: true, run: () => askNow(row.id) }]
        }
        empty={{ title: t('refund.none'), hint: t('refund.noneHint') }}
      />
    </Page>
  )
}
