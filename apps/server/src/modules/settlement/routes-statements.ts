import { type AccountAmounts, MERCHANT_ACCOUNTS, STATEMENT_LINE_KINDS } from '@zhanggui/contract'
import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { csvStream } from '../../kernel/write-csv.ts'
import { movementsByIds } from '../../ledger/index.ts'
import { MERCHANT_CODES } from './accounts.ts'
import type { SettlementDeps } from './deps.ts'
import {
  findLine,
  findStatement,
  type LineRow,
  listLines,
  listStatements,
  type StatementRow,
} from './store-statements.ts'

const FILE_PAGE = 1_000

export function statementHandlers(deps: SettlementDeps): Handlers {
  const { db } = deps
  const required = async (tx: Tx, { shopId, statementId }: { shopId: string; statementId: string }) => {
    const statement = await findStatement(tx, shopId, statementId)
    if (statement === undefined) throw new AppError('NOT_FOUND', { values: { what: '结算单' } })
    return statement
  }
  return {
    'console.statements': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, z.object({ at: z.iso.datetime() }))
        const rows = await listStatements(tx, shopId, { ...filter, after, limit: limit + 1 })
        return keysetPage(rows, limit, (row) => ({ at: row.periodFrom }))
      }),

    'console.statement': ({ params }) =>
      db.read({ shopId: params.shopId }, async (tx) => {
        const { name: shopName } = await deps.parties.requireShop(tx, params.shopId)
        return { ...(await required(tx, params)), shopName }
      }),

    'console.statementLines': ({ params, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId: params.shopId }, async (tx) => {
        await required(tx, params)
        const after = decodeCursor(cursor, z.int())
        const rows = await listLines(tx, params.shopId, params.statementId, { ...filter, after, limit: limit + 1 })
        return keysetPage(rows, limit, (row) => row.line)
      }),

    'console.statementLine': ({ params }) =>
      db.read({ shopId: params.shopId }, async (tx) => {
        await required(tx, params)
        const line = await findLine(tx, params.shopId, params.statementId, params.line)
        if (line === undefined) throw new AppError('NOT_FOUND', { values: { what: `第 ${params.line} 行` } })
        const movements = await movementsByIds(tx, params.shopId, line.transferIds)
        return {
          ...line,
          movements: movements.map(({ id, code, debitCode, creditCode, amount, createdAt }) => ({
            ...{ id, code, fromAccount: debitCode, toAccount: creditCode, amountFen: amount, at: createdAt },
          })),
        }
      }),

    'console.statementFile': async ({ params, reply }) => {
      const statement = await db.read({ shopId: params.shopId }, (tx) => required(tx, params))
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${statement.number}.csv"`)
        .send(csvStream(HEADER, pagesOf(deps, statement), 'utf-8'))
    },
  }
}

const HEADER = [
  ...['行', '类型', '编号', '时间', '订单金额', '手续费', '分账', '退款', '其他', '净额'],
  ...MERCHANT_CODES.map((code) => `${MERCHANT_ACCOUNTS[code].zh}变动`),
  '账本流水号',
]

const yuan = (fen: number): string => (fen / 100).toFixed(2)

/** Opening, every line, sums and closing, read a page at a time. */
async function* pagesOf({ db }: SettlementDeps, statement: StatementRow) {
  const balances = (title: string, amounts: AccountAmounts | StatementRow['opening']) => [
    ...['', title, statement.number, '', '', '', '', '', '', yuan(Object.values(amounts).reduce((a, b) => a + b, 0))],
    ...MERCHANT_CODES.map((code) => yuan(amounts[code])),
    '',
  ]
  const sums = (row: LineRow | StatementRow) =>
    [row.grossFen, row.feeFen, row.sharesFen, row.refundsFen, row.otherFen, row.netFen].map(yuan)
  yield [balances('期初余额', statement.opening)]
  for (let after = 0; ; ) {
    const { shopId, id } = statement
    const rows = await db.read({ shopId }, (tx) => listLines(tx, shopId, id, { after, limit: FILE_PAGE }))
    if (rows.length === 0) break
    yield rows.map((row) => [
      ...[row.line, STATEMENT_LINE_KINDS[row.kind].zh, row.label, row.happenedAt, ...sums(row)],
      ...MERCHANT_CODES.map((code) => yuan(row.changes[code])),
      row.transferIds.join(' '),
    ])
    after = rows.at(-1)!.line
  }
  const noChanges = MERCHANT_CODES.map((code) => yuan(statement.closing[code] - statement.opening[code]))
  yield [['', '合计', statement.number, '', ...sums(statement), ...noChanges, '']]
  yield [balances('期末余额', statement.closing)]
}
