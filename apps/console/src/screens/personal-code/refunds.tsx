import { PERSONAL_REFUND_STATES, type PersonalRefundRow, PersonalRefundState } from '@zhanggui/contract'
import { Tag } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { orderColumn } from '../payments/filters.tsx'
import { RecordDialog } from './dialogs.tsx'
import { Evidence } from './payments.tsx'

const columns = (slug: string): Column<PersonalRefundRow>[] => [
  orderColumn(slug),
  {
    key: 'state',
    title: t('payment.state'),
    field: 'state',
    labels: sayEach(PERSONAL_REFUND_STATES),
    render: (row) => (
      <Tag color={row.state === 'owed' ? 'orange' : 'success'}>{say(PERSONAL_REFUND_STATES[row.state])}</Tag>
    ),
  },
  {
    key: 'amount',
    title: t('payment.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.amountFen} strong />,
  },
  { key: 'reason', title: t('refund.reason'), field: 'reason', render: (row) => row.reason },
  {
    key: 'paymentNo',
    title: t('personal.paymentNo'),
    field: 'paymentNo',
    render: (row) => <span className="num">{row.paymentNo}</span>,
  },
  { key: 'createdAt', title: t('money.createdAt'), render: (row) => <InstantText at={row.createdAt} /> },
  {
    key: 'recorded',
    title: t('personal.recorded'),
    field: 'transactionNo',
    render: (row) => (
      <span className="cell-text">
        <span className="num">{row.transactionNo}</span>
        <span className="faint">{row.recordedBy}</span>
      </span>
    ),
  },
  { key: 'evidence', field: false, title: t('personal.evidence'), render: (row) => <Evidence files={row.evidence} /> },
]

/** What is to be sent back by hand, first what is owed. */
export function HandRefunds() {
  const { shop, shopId, may } = useShop()
  const [row, setRow] = useState<PersonalRefundRow>()
  return (
    <>
      <ResourceTable
        name="personal-refunds"
        route="console.personalRefunds"
        input={({ refundState, q }) => ({
          params: { shopId },
          query: { state: refundState as PersonalRefundState | undefined, q },
        })}
        rowKey={(each) => each.id}
        columns={columns(shop.slug)}
        filters={[
          { kind: 'search', name: 'q', label: t('personal.search') },
          {
            ...{ kind: 'choice', name: 'refundState', label: t('payment.state') },
            options: PersonalRefundState.options.map((value) => ({ value, label: say(PERSONAL_REFUND_STATES[value]) })),
          },
        ]}
        actions={(each) =>
          each.state === 'owed' && may('money.write')
            ? [{ key: 'record', label: t('personal.record'), main: true, run: () => setRow(each) }]
            : []
        }
        empty={{ title: t('personal.noRefunds'), hint: t('personal.noRefundsHint') }}
      />
      {row && <RecordDialog row={row} onClose={() => setRow(undefined)} />}
    </>
  )
}
