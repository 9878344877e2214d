import type { LedgerAccount } from '@zhanggui/contract'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { accountName } from '../settlement/movements.tsx'

/** What an account is called, with whose it is. */
export const accountTitle = ({ code, owner }: LedgerAccount): string =>
  [accountName(code), owner].filter(Boolean).join(' · ')

const columns = (): Column<LedgerAccount>[] => [
  {
    key: 'account',
    title: t('ledger.account'),
    role: 'title',
    field: [
      { field: 'code', title: t('ledger.account'), labels: messagesUnder('ledgerAccount.') },
      { field: 'owner', title: t('ledger.owner') },
    ],
    render: (row) => (
      <span className="cell-text">
        <span className="strong">{accountTitle(row)}</span>
        {row.code.startsWith('channel.') && <span className="faint">{t('ledger.held')}</span>}
      </span>
    ),
  },
  {
    key: 'balance',
    title: t('ledger.balance'),
    align: 'right',
    field: 'balanceFen',
    render: (row) => <Money fen={row.balanceFen} strong />,
  },
  {
    key: 'out',
    title: t('ledger.pendingOut'),
    align: 'right',
    field: 'pendingOutFen',
    render: (row) => <Money fen={row.pendingOutFen} faint />,
  },
  {
    key: 'in',
    title: t('ledger.pendingIn'),
    align: 'right',
    field: 'pendingInFen',
    render: (row) => <Money fen={row.pendingInFen} faint />,
  },
]

/** Every money account of the shop with its balance. */
export default function LedgerPage() {
  const { shop, shopId } = useShop()
  const navigate = useNavigate()
  return (
    <Page title={t('nav.ledger')} hint={t('ledger.hint')}>
      <ResourceTable
        name="ledger"
        route="console.ledgerAccounts"
        input={({ q }) => ({ params: { shopId }, query: { q } })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[{ kind: 'search', name: 'q', label: t('ledger.search') }]}
        onRow={(row) => void navigate(`/s/${shop.slug}/ledger/${row.id}`)}
        empty={{ title: t('ledger.none'), hint: t('ledger.noneHint') }}
      />
    </Page>
  )
}
