import { PrinterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { STATEMENT_LINE_KINDS, type StatementLine } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Button } from 'antd'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { api, useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Sums } from './statement.tsx'
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
              <Sums statement={statement} />
              <table className="print-table">
                <thead>
                  <tr>
                    <th>#</th>
                    <th>{t('settle.line')}</th>
                    <th>{t('settle.at')}</th>
                    <th className="print-amount">{t('settle.gross')}</th>
                    <th className="print-amount">{t('settle.fee')}</th>
                    <th className="print-amount">{t('settle.sharesShort')}</th>
                    <th className="print-amount">{t('settle.refunds')}</th>
                    <th className="print-amount">{t('settle.other')}</th>
                    <th className="print-amount">{t('settle.net')}</th>
                  </tr>
                </thead>
                <tbody>
                  {(lines.data ?? []).map((row) => (
                    <tr key={row.line}>
                      <td>{row.line}</td>
                      <td>{`${say(STATEMENT_LINE_KINDS[row.kind])} ${row.label}`}</td>
                      <td>
                        <InstantText at={row.happenedAt} />
                      </td>
                      {[row.grossFen, -row.feeFen, -row.sharesFen, -row.refundsFen, row.otherFen, row.netFen].map(
                        (fen, index) => (
                          // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change their order
                          <td key={index} className="print-amount">
                            {formatMoney(fen)}
                          </td>
                        ),
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
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
