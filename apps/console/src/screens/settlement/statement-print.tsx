import { PrinterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { MERCHANT_ACCOUNTS, STATEMENT_LINE_KINDS, type Statement, type StatementLine } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Button } from 'antd'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { api, useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { ACCOUNTS } from './statement.tsx'
import { periodText } from './statements.tsx'
import '../fulfilment/fulfilment.css'

/** More lines than this belong into a spreadsheet. */
const MOST_PRINTED = 2_000

async function allLines(shopId: string, statementId: string): Promise<StatementLine[]> {
  const lines: StatementLine[] = []
  for (let cursor: string | undefined; lines.length < MOST_PRINTED; ) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) }
    const page = await api('console.statementLines', { params: { shopId, statementId }, query })
    lines.push(...page.items)
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  return lines
}

/** A statement as a sheet: printed, or saved as PDF. */
export default function StatementPrintPage() {
  const { shop, shopId } = useShop()
  const { statementId = '' } = useParams()
  const read = useRead('console.statement', { params: { shopId, statementId } })
  const lines = useQuery({ queryKey: ['statement-lines', statementId], queryFn: () => allLines(shopId, statementId) })
  return (
    <Page
      title={t('settle.statement')}
      back={`/s/${shop.slug}/statements/${statementId}`}
      actions={
        <Button type="primary" icon={<PrinterOutlined />} disabled={!lines.data} onClick={() => print()}>
          {t('settle.print')}
        </Button>
      }
    >
      <Loaded query={read}>
        {(statement) => (
          <div className="print-sheets">
            <section className="print-page">
              <div className="print-head">
                <strong>{`${statement.shopName} · ${t('settle.statement')} ${statement.number}`}</strong>
                <span className="num">{periodText(statement)}</span>
              </div>
              <PrintedSums statement={statement} />
              <PrintedBalances statement={statement} />
              <PrintedLines lines={lines.data ?? []} />
              {statement.lines > MOST_PRINTED && (
                <p className="print-foot">{t('settle.printMore', { count: MOST_PRINTED })}</p>
              )}
            </section>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

const AMOUNT_NAMES = [
  'settle.gross',
  'settle.fee',
  'settle.sharesShort',
  'settle.refunds',
  'settle.other',
  'settle.net',
] as const

type Amount = [name: string, fen: number]

/** What a statement and each of its lines come to, in the order of the names. */
function amountsOf(of: Statement | StatementLine): Amount[] {
  const fen = [of.grossFen, -of.feeFen, -of.sharesFen, -of.refundsFen, of.otherFen, of.netFen]
  return AMOUNT_NAMES.map((name, index) => [t(name), fen[index]!])
}

const Amounts = ({ of }: { of: readonly Amount[] }) =>
  of.map(([name, fen]) => (
    <td key={name} data-name={name} className="print-amount">
      {formatMoney(fen)}
    </td>
  ))

const Names = ({ of }: { of: readonly string[] }) =>
  of.map((name) => (
    <th key={name} className="print-amount">
      {name}
    </th>
  ))

function PrintedSums({ statement }: { statement: Statement }) {
  return (
    <table className="print-table print-dense print-sums">
      <caption>{t('settle.sums')}</caption>
      <thead>
        <tr>
          <Names of={AMOUNT_NAMES.map((name) => t(name))} />
        </tr>
      </thead>
      <tbody>
        <tr>
          <Amounts of={amountsOf(statement)} />
        </tr>
      </tbody>
    </table>
  )
}

function PrintedBalances({ statement }: { statement: Statement }) {
  const rows: [string, Statement['opening']][] = [
    [t('settle.opening'), statement.opening],
    [t('settle.closing'), statement.closing],
  ]
  return (
    <table className="print-table print-dense print-sums">
      <caption>{t('settle.balances')}</caption>
      <thead>
        <tr>
          <td />
          <Names of={ACCOUNTS.map((account) => say(MERCHANT_ACCOUNTS[account]))} />
        </tr>
      </thead>
      <tbody>
        {rows.map(([title, balances]) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            <Amounts of={ACCOUNTS.map((account) => [say(MERCHANT_ACCOUNTS[account]), balances[account]])} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function PrintedLines({ lines }: { lines: readonly StatementLine[] }) {
  return (
    <table className="print-table print-dense">
      <thead>
        <tr>
          <th>#</th>
          <th>{t('settle.line')}</th>
          <th>{t('settle.at')}</th>
          <Names of={AMOUNT_NAMES.map((name) => t(name))} />
        </tr>
      </thead>
      <tbody>
        {lines.map((row) => (
          <tr key={row.line}>
            <td>{row.line}</td>
            <td className="print-code">{`${say(STATEMENT_LINE_KINDS[row.kind])} ${row.label}`}</td>
            <td>
              <InstantText at={row.happenedAt} />
            </td>
            <Amounts of={amountsOf(row)} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
