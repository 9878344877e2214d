import type { LedgerTransfer } from '@zhanggui/contract'
import { Link, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { accountName, transferName } from '../settlement/movements.tsx'
import { accountTitle } from './ledger.tsx'

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
    render: (row) => <Money fen={row.isIn ? row.amountFen : -row.amountFen} strong signed />,
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
  { key: 'at', title: t('reconcile.at'), render: (row) => <InstantText at={row.at} /> },
]

/** As many accounts as a page has: enough to find the name of one. */
const MOST_ACCOUNTS = 100

/** What moved on one account, the latest first, with the orders it is about. */
export default function LedgerAccountPage() {
  const { shop, shopId } = useShop()
  const { ledgerAccountId = '' } = useParams()
  const accounts = useRead('console.ledgerAccounts', { params: { shopId }, query: { limit: MOST_ACCOUNTS } })
  const account = accounts.data?.items.find(({ id }) => id === ledgerAccountId)
  return (
    <Page
      title={account ? t('ledger.transfersOf', { account: accountTitle(account) }) : t('ledger.transfers')}
      hint={t('ledger.signs')}
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
