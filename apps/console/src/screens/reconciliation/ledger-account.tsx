import type { LedgerTransfer } from '@zhanggui/contract'
import { Link, useLocation, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { accountName, transferName } from '../settlement/movements.tsx'

const columns = (slug: string): Column<LedgerTransfer>[] => [
  {
    key: 'what',
    title: t('ledger.transfer'),
    role: 'title',
    field: [
      { field: 'code', title: t('ledger.transfer'), labels: messagesUnder('move.') },
      { field: 'fromAccount', title: t('settle.from'), labels: messagesUnder('ledgerAccount.') },
      { field: 'toAccount', title: t('settle.to'), labels: messagesUnder('ledgerAccount.') },
    ],
    render: (row) => (
      <span className="cell-text">
        <span>{`${accountName(row.fromAccount)} → ${accountName(row.toAccount)}`}</span>
        <span className="faint">{`${transferName(row.code)} · ${t(`ledger.kind.${row.kind}`)}`}</span>
      </span>
    ),
  },
  {
    key: 'amount',
    title: t('reconcile.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.isIn ? row.amountFen : -row.amountFen} strong />,
  },
  {
    key: 'order',
    title: t('ledger.order'),
    field: 'orderNo',
    render: (row) =>
      row.orderId === null ? (
        '—'
      ) : (
        <Link className="num" to={`/s/${slug}/orders/${row.orderId}/money`}>
          {row.orderNo}
        </Link>
      ),
  },
  {
    key: 'group',
    role: 'hidden',
    field: 'linkId',
    title: t('ledger.group'),
    render: (row) => <span className="num faint">{row.linkId?.slice(-8) ?? '—'}</span>,
  },
  { key: 'at', title: t('reconcile.at'), render: (row) => <InstantText at={row.at} seconds /> },
]

/** What moved on one account, the latest first, with the orders it is about. */
export default function LedgerAccountPage() {
  const { shop, shopId } = useShop()
  const { ledgerAccountId = '' } = useParams()
  // Told by the list of accounts, which knows it; whoever comes by an address of old sees the transfers' own words.
  const named = (useLocation().state as { account?: string } | null)?.account
  return (
    <Page
      title={named === undefined ? t('ledger.transfers') : t('ledger.transfersOf', { account: named })}
      back={`/s/${shop.slug}/ledger`}
    >
      <ResourceTable
        name="ledger-account"
        route="console.ledgerTransfers"
        input={() => ({ params: { shopId, ledgerAccountId } })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        empty={{ title: t('ledger.transfersNone') }}
      />
    </Page>
  )
}
