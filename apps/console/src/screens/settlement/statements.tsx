import { STATEMENT_LINE_KINDS, type Statement } from '@zhanggui/contract'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { rangeFromText, rangeInstants } from '../../kit/days.ts'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

export const LINE_KINDS = Object.keys(STATEMENT_LINE_KINDS) as (keyof typeof STATEMENT_LINE_KINDS)[]

export const periodText = ({ firstDay, lastDay }: Pick<Statement, 'firstDay' | 'lastDay'>): string =>
  firstDay === lastDay ? firstDay : `${firstDay} – ${lastDay}`

const columns = (): Column<Statement>[] => [
  {
    key: 'number',
    title: t('settle.number'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span className="strong num">{row.number}</span>
        <span className="faint num">{periodText(row)}</span>
      </span>
    ),
  },
  {
    key: 'orders',
    title: t('settle.orders'),
    align: 'right',
    width: 80,
    render: (row) => <span className="num">{row.orders}</span>,
  },
  {
    key: 'gross',
    title: t('settle.gross'),
    align: 'right',
    field: 'grossFen',
    render: (row) => <Money fen={row.grossFen} />,
  },
  {
    key: 'fee',
    title: t('settle.fee'),
    align: 'right',
    field: 'feeFen',
    render: (row) => <Money fen={-row.feeFen} faint />,
  },
  {
    key: 'shares',
    title: t('settle.sharesShort'),
    align: 'right',
    field: 'sharesFen',
    render: (row) => <Money fen={-row.sharesFen} faint />,
  },
  {
    key: 'refunds',
    title: t('settle.refunds'),
    align: 'right',
    field: 'refundsFen',
    render: (row) => <Money fen={-row.refundsFen} faint />,
  },
  {
    key: 'other',
    title: t('settle.other'),
    align: 'right',
    field: 'otherFen',
    render: (row) => <Money fen={row.otherFen} faint />,
  },
  {
    key: 'net',
    title: t('settle.net'),
    align: 'right',
    field: 'netFen',
    render: (row) => <Money fen={row.netFen} strong />,
  },
  {
    key: 'closing',
    title: t('settle.closingAvailable'),
    align: 'right',
    field: false,
    render: (row) => <Money fen={row.closing['merchant.available']} />,
  },
]

/** Statements of closed periods. */
export default function StatementsPage() {
  const { shop, shopId } = useShop()
  const navigate = useNavigate()
  return (
    <Page title={t('nav.statements')}>
      <ResourceTable
        name="statements"
        route="console.statements"
        input={({ period }) => {
          const range = rangeFromText(period)
          return { params: { shopId }, query: range ? rangeInstants(range) : {} }
        }}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[{ kind: 'period', name: 'period', label: t('settle.period') }]}
        onRow={(row) => void navigate(`/s/${shop.slug}/statements/${row.id}`)}
        empty={{ title: t('settle.statementsNone'), hint: t('settle.statementsNoneHint') }}
      />
    </Page>
  )
}
