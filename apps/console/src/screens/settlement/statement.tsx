import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import {
  MERCHANT_ACCOUNTS,
  STATEMENT_LINE_KINDS,
  type Statement,
  type StatementLine,
  type StatementLineKind,
} from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Button, Card, Modal, Tag } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { routeUrl, useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { SmallTable } from '../../kit/small-table.tsx'
import { Movements } from './movements.tsx'
import { LINE_KINDS, periodText } from './statements.tsx'

export const ACCOUNTS = Object.keys(MERCHANT_ACCOUNTS) as (keyof typeof MERCHANT_ACCOUNTS)[]

/** What a freeze took from what may be withdrawn, or gave back; both in one period leave nothing. */
function freezeText(frozenFen: number): string {
  if (frozenFen === 0) return t('settle.frozenAndReleased')
  return frozenFen > 0
    ? t('settle.frozenNow', { amount: formatMoney(-frozenFen) })
    : t('settle.releasedNow', { amount: formatMoney(-frozenFen) })
}

const columns = (): Column<StatementLine>[] => [
  {
    key: 'label',
    title: t('settle.line'),
    role: 'title',
    field: 'label',
    render: (row) => (
      <span className="cell-text">
        <span className="cell-title">
          <Tag>{say(STATEMENT_LINE_KINDS[row.kind])}</Tag>
          <span className="num">{row.label}</span>
        </span>
        {row.kind === 'freeze' && <span className="faint small num">{freezeText(row.changes['merchant.frozen'])}</span>}
      </span>
    ),
  },
  { key: 'happenedAt', title: t('settle.at'), render: (row) => <InstantText at={row.happenedAt} /> },
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
  ...ACCOUNTS.slice(0, 2).map(
    (account): Column<StatementLine> => ({
      key: account,
      title: t('settle.changeOf', { account: say(MERCHANT_ACCOUNTS[account]) }),
      align: 'right',
      field: false,
      render: (row) => <Money fen={row.changes[account]} faint />,
    }),
  ),
]

/** One statement: balances, sums, and every line with the transfers it is made of. */
export default function StatementPage() {
  const { shop, shopId } = useShop()
  const { statementId = '' } = useParams()
  const [line, setLine] = useState<StatementLine>()
  const params = { shopId, statementId }
  const read = useRead('console.statement', { params })
  const file = routeUrl('console.statementFile', { params })
  return (
    <Page
      title={read.data?.number ?? t('settle.statement')}
      mark={read.data && <span className="soft num">{periodText(read.data)}</span>}
      back={`/s/${shop.slug}/statements`}
      actions={
        <>
          <Link to={`/s/${shop.slug}/statements/${statementId}/print`}>
            <Button icon={<PrinterOutlined />}>{t('settle.print')}</Button>
          </Link>
          <Button icon={<DownloadOutlined />} href={file}>
            CSV
          </Button>
        </>
      }
    >
      <div className="stack-l">
        <Loaded query={read}>{(statement) => <Sums statement={statement} />}</Loaded>
        <ResourceTable
          name="statement-lines"
          route="console.statementLines"
          input={({ kind, q }) => ({ params, query: { kind: kind as StatementLineKind | undefined, q } })}
          rowKey={(row) => String(row.line)}
          columns={columns()}
          filters={[
            { kind: 'search', name: 'q', label: t('settle.searchOrder') },
            {
              kind: 'choice',
              name: 'kind',
              label: t('settle.kind'),
              options: LINE_KINDS.map((value) => ({ value, label: say(STATEMENT_LINE_KINDS[value]) })),
            },
          ]}
          onRow={setLine}
          exportable={false}
          empty={{ title: t('settle.linesNone') }}
        />
      </div>
      {line && <LineDialog statementId={statementId} line={line} onClose={() => setLine(undefined)} />}
    </Page>
  )
}

function Sums({ statement }: { statement: Statement }) {
  const rows = [
    { title: t('settle.opening'), amounts: statement.opening },
    { title: t('settle.closing'), amounts: statement.closing },
  ]
  return (
    <div className="stack-l">
      <Card title={t('settle.sums')}>
        <SmallTable
          rows={[statement]}
          rowKey={(row) => row.id}
          columns={[
            { title: t('settle.gross'), align: 'right', render: (row) => <Money fen={row.grossFen} /> },
            { title: t('settle.fee'), align: 'right', render: (row) => <Money fen={-row.feeFen} /> },
            { title: t('settle.sharesShort'), align: 'right', render: (row) => <Money fen={-row.sharesFen} /> },
            { title: t('settle.refunds'), align: 'right', render: (row) => <Money fen={-row.refundsFen} /> },
            { title: t('settle.other'), align: 'right', render: (row) => <Money fen={row.otherFen} /> },
            { title: t('settle.net'), align: 'right', render: (row) => <Money fen={row.netFen} strong /> },
          ]}
        />
      </Card>
      <Card title={t('settle.balances')}>
        <SmallTable
          rows={rows}
          rowKey={(row) => row.title}
          columns={[
            { title: '', render: (row) => <span className="strong">{row.title}</span> },
            ...ACCOUNTS.map((account) => ({
              title: say(MERCHANT_ACCOUNTS[account]),
              align: 'right' as const,
              render: (row: (typeof rows)[number]) => <Money fen={row.amounts[account]} />,
            })),
          ]}
        />
      </Card>
    </div>
  )
}

function LineDialog({ statementId, line, onClose }: { statementId: string; line: StatementLine; onClose: () => void }) {
  const { shop, shopId, may } = useShop()
  const read = useRead('console.statementLine', { params: { shopId, statementId, line: line.line } })
  return (
    <Modal open title={line.label} width={820} footer={null} onCancel={onClose} destroyOnHidden>
      {line.orderId && may('orders.read') && (
        <p>
          <Link to={`/s/${shop.slug}/orders/${line.orderId}`}>{t('settle.openOrder')}</Link>
        </p>
      )}
      <Loaded query={read}>{({ movements }) => <Movements movements={movements} />}</Loaded>
    </Modal>
  )
}
