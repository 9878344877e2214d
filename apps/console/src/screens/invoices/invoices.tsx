import { INVOICE_STATES, INVOICE_TYPES, type InvoiceRow, InvoiceState } from '@zhanggui/contract'
import { Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { orderColumn } from '../payments/filters.tsx'
import { IssueDialog, RefuseInvoiceDialog, ReverseDialog } from './dialogs.tsx'

const COLOURS = {
  asked: 'orange',
  issued: 'success',
  refused: 'red',
  withdrawn: 'default',
  reversed: 'default',
} as const

const columns = (slug: string): Column<InvoiceRow>[] => [
  orderColumn(slug),
  {
    key: 'state',
    title: t('payment.state'),
    width: 150,
    field: 'state',
    labels: sayEach(INVOICE_STATES),
    render: (row) => (
      <span className="cell-text">
        <span>
          <Tag color={COLOURS[row.state]}>{say(INVOICE_STATES[row.state])}</Tag>
          {row.mustReverse && <Tag color="red">{t('invoice.mustReverse')}</Tag>}
        </span>
        {row.number === null && row.reason && <span className="faint small cell-note">{row.reason}</span>}
      </span>
    ),
  },
  {
    key: 'title',
    title: t('invoice.title'),
    field: 'title',
    render: (row) => (
      <span className="cell-text">
        <span>{row.title}</span>
        <span className="faint num">{row.taxNo}</span>
      </span>
    ),
  },
  {
    key: 'type',
    title: t('invoice.type'),
    field: 'type',
    labels: sayEach(INVOICE_TYPES),
    render: (row) => say(INVOICE_TYPES[row.type]),
  },
  {
    key: 'amount',
    title: t('invoice.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.amountFen} strong />,
  },
  {
    key: 'number',
    title: t('invoice.number'),
    width: 170,
    field: 'number',
    render: (row) => (
      <span className="cell-text">
        <span className="num">{row.number ?? '—'}</span>
        <span className="faint">
          {row.reversedBy === null ? row.issuedOn : t('invoice.reversedBy', { number: row.reversedBy })}
        </span>
      </span>
    ),
  },
  { key: 'by', title: t('invoice.by'), field: 'by', render: (row) => row.by },
  { key: 'askedAt', title: t('invoice.askedAt'), field: 'askedAt', render: (row) => <InstantText at={row.askedAt} /> },
]

type Asking = { kind: 'issue' | 'refuse' | 'reverse'; row: InvoiceRow }

/** What buyers ask to be invoiced, what was issued, and what has to be reversed. (PAY-06) */
export default function InvoicesPage() {
  const { shop, shopId, may } = useShop()
  const [asking, setAsking] = useState<Asking>()
  const close = () => setAsking(undefined)
  const action = (kind: Asking['kind'], row: InvoiceRow, main: boolean) => ({
    ...{ key: kind, label: t(`invoice.${kind}`), main },
    run: () => setAsking({ kind, row }),
  })
  return (
    <Page
      title={t('nav.invoices')}
      hint={<Link to={`/s/${shop.slug}/settings?group=invoices`}>{t('invoice.toSettings')}</Link>}
    >
      <ResourceTable
        name="invoices"
        route="console.invoices"
        input={({ state, mustReverse, q }) => ({
          params: { shopId },
          query: {
            state: state as InvoiceState | undefined,
            q,
            ...(mustReverse === undefined ? {} : { mustReverse: mustReverse as 'true' }),
          },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          { kind: 'search', name: 'q', label: t('invoice.search') },
          {
            ...{ kind: 'choice', name: 'state', label: t('payment.state') },
            options: InvoiceState.options.map((value) => ({ value, label: say(INVOICE_STATES[value]) })),
          },
          {
            ...{ kind: 'choice', name: 'mustReverse', label: t('invoice.reversal') },
            options: [{ value: 'true', label: t('invoice.mustReverse') }],
          },
        ]}
        actions={(row) => {
          if (!may('money.write')) return []
          if (row.state === 'asked') return [action('issue', row, true), action('refuse', row, false)]
          return row.state === 'issued' ? [action('reverse', row, row.mustReverse)] : []
        }}
        empty={{ title: t('invoice.none'), hint: t('invoice.noneHint') }}
      />
      {asking?.kind === 'issue' && <IssueDialog row={asking.row} onClose={close} />}
      {asking?.kind === 'refuse' && <RefuseInvoiceDialog row={asking.row} onClose={close} />}
      {asking?.kind === 'reverse' && <ReverseDialog row={asking.row} onClose={close} />}
    </Page>
  )
}
