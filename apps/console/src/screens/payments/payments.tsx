import type { PaymentRow } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Tag } from 'antd'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useMoreFilters } from '../orders/more-filters.tsx'
import { CombinedNote } from './combined-note.tsx'
import { AMOUNT_FILTERS, LastError, MONEY_FILTERS, moneyQuery, OrderLink } from './filters.tsx'

const STATES = ['created', 'pending', 'paid', 'closed', 'failed'] as const
const METHODS = ['mini', 'jsapi', 'h5', 'native'] as const

const columns = (slug: string): Column<PaymentRow>[] => [
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
    labels: messagesUnder('payment.state.'),
    render: (row) => (
      <span className="cell-text">
        <Tag color={row.state === 'paid' ? 'success' : 'default'}>{t(`payment.state.${row.state}`)}</Tag>
        <LastError text={row.taken === false ? t('payment.notTaken') : row.lastError} />
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
    key: 'refunded',
    title: t('payment.refunded'),
    align: 'right',
    field: 'refundedFen',
    render: (row) => (
      <span className="cell-text">
        <Money fen={row.refundedFen} faint />
        {row.refundingFen > 0 && (
          <span className="faint small">{t('payment.refundingNow', { amount: formatMoney(row.refundingFen) })}</span>
        )}
      </span>
    ),
  },
  {
    key: 'method',
    title: t('payment.method'),
    field: 'method',
    labels: messagesUnder('payment.method.'),
    render: (row) => t(`payment.method.${row.method}`),
  },
  {
    key: 'outTradeNo',
    title: t('payment.number'),
    field: 'outTradeNo',
    render: (row) => (
      <span className="cell-text num small">
        <span>{row.outTradeNo}</span>
        {row.transactionId && <span>{row.transactionId}</span>}
        <CombinedNote combined={row.combined} />
      </span>
    ),
  },
  { key: 'createdAt', title: t('money.createdAt'), render: (row) => <InstantText at={row.createdAt} /> },
  { key: 'paidAt', title: t('order.paidAt'), render: (row) => <InstantText at={row.paidAt} /> },
]

/** Every attempt to pay. */
export default function PaymentsPage() {
  const { shop, shopId } = useShop()
  const moreFilters = useMoreFilters(AMOUNT_FILTERS)
  return (
    <Page title={t('nav.payments')}>
      <ResourceTable
        name="payments"
        route="console.payments"
        input={(filters) => ({
          params: { shopId },
          query: {
            ...moneyQuery(filters),
            state: filters.state as PaymentRow['state'] | undefined,
            method: filters.method as PaymentRow['method'] | undefined,
          },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          ...MONEY_FILTERS,
          {
            kind: 'choice',
            name: 'state',
            label: t('payment.state'),
            options: STATES.map((value) => ({ value, label: t(`payment.state.${value}`) })),
          },
          {
            kind: 'choice',
            name: 'method',
            label: t('payment.method'),
            options: METHODS.map((value) => ({ value, label: t(`payment.method.${value}`) })),
          },
          ...moreFilters,
        ]}
        empty={{ title: t('payment.none'), hint: t('payment.noneHint') }}
      />
    </Page>
  )
}
