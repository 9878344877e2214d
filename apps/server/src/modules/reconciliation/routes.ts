import { CLOSE_HOWS, DIFFERENCE_CLASSES, DIFFERENCE_PAIRS } from '@zhanggui/contract'
import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { csvStream } from '../../kernel/write-csv.ts'
import { movementsAbout, movementsByIds } from '../../ledger/index.ts'
import { askDifference } from './ask.ts'
import { acceptDifference, adjustDifference, assignDifference } from './close.ts'
import type { ReconciliationDeps } from './deps.ts'
import { ALL_TIME } from './routes-ledger.ts'
import { adjustmentOf, explain } from './rules.ts'
import { reconcileDay } from './run.ts'
import {
  type DayRow,
  type DifferenceFilter,
  type DifferenceRow,
  findDay,
  findDifference,
  listDays,
  listDifferences,
  vouchersOf,
} from './store.ts'

const FILE_PAGE = 1_000

export function reconciliationHandlers(deps: ReconciliationDeps): Handlers {
  const { db } = deps
  const shown = async (tx: Tx, shopId: string, id: string) => {
    const row = await findDifference(tx, shopId, id)
    if (!row) throw new AppError('NOT_FOUND', { values: { what: '差异' } })
    return row
  }
  return {
    'console.reconciliationDays': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const before = decodeCursor(cursor, z.iso.date())
        const rows = await listDays(tx, shopId, { ...filter, before, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, ({ day }) => day)
        return { items: items.map(toDay), nextCursor }
      }),

    'console.reconcileDay': async ({ params: { shopId }, body: { day } }) => {
      await reconcileDay(deps, shopId, day)
      return db.read({ shopId }, async (tx) => toDay((await findDay(tx, shopId, day))!))
    },

    'console.differences': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, z.object({ day: z.iso.date(), id: z.uuid() }))
        const rows = await listDifferences(tx, shopId, { ...filter, after, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, ({ day, id }) => ({ day, id }))
        return { items: items.map(toDifference), nextCursor }
      }),

    'console.difference': ({ params: { shopId, differenceId } }) =>
      db.read({ shopId }, async (tx) => {
        const row = await shown(tx, shopId, differenceId)
        const movements = [
          ...(row.orderId === null ? [] : await movementsAbout(tx, shopId, 'order', [row.orderId], ALL_TIME)),
          ...(row.transferId === null ? [] : await movementsByIds(tx, shopId, [row.transferId])),
        ]
        return {
          ...toDifference(row),
          vouchers: await vouchersOf(tx, shopId, row),
          movements: movements.map(({ id, code, debitCode, creditCode, amount, createdAt }) => ({
            ...{ id, code, fromAccount: debitCode, toAccount: creditCode, amountFen: amount, at: createdAt },
          })),
        }
      }),

    'console.setDifferenceOwner': async ({ params: { shopId, differenceId: id }, body }) => {
      const name = body.staffId === null ? null : await deps.staffName(shopId, body.staffId)
      if (name === undefined) throw new AppError('NOT_FOUND', { values: { what: '员工' } })
      return db.tx({ shopId }, async (tx) => {
        await assignDifference(tx, { shopId, id, ...body, name })
        return toDifference(await shown(tx, shopId, id))
      })
    },

    'console.acceptDifference': ({ params: { shopId, differenceId: id }, body, caller, ip, requestId }) =>
      db.tx({ shopId }, async (tx) => {
        await acceptDifference(tx, deps, { shopId, id, ...body, by: { ...staffOf(caller), ip, requestId } })
        return toDifference(await shown(tx, shopId, id))
      }),

    'console.adjustDifference': ({ params: { shopId, differenceId: id }, body, caller, ip, requestId }) =>
      db.tx({ shopId }, async (tx) => {
        await adjustDifference(tx, deps, { shopId, id, ...body, by: { ...staffOf(caller), ip, requestId } })
        return toDifference(await shown(tx, shopId, id))
      }),

    'console.askDifference': async ({ params: { shopId, differenceId: id } }) => {
      await askDifference(deps, shopId, await db.read({ shopId }, (tx) => shown(tx, shopId, id)))
      return db.read({ shopId }, async (tx) => toDifference(await shown(tx, shopId, id)))
    },

    'console.differencesFile': async ({ params: { shopId }, query, reply }) =>
      reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="differences.csv"')
        .send(csvStream(HEADER, pagesOf(deps, shopId, query), 'utf-8')),
  }
}

const HEADER = [
  ...['日期', '核对', '类型', '状态', '编号', '对方金额', '我方金额', '说明', '负责人'],
  ...['处理方式', '处理人', '处理时间', '原因', '账本流水号'],
]

const yuan = (fen: number | null): string => (fen === null ? '' : (fen / 100).toFixed(2))

async function* pagesOf({ db }: ReconciliationDeps, shopId: string, filter: Omit<DifferenceFilter, 'limit' | 'after'>) {
  for (let after: { day: string; id: string } | undefined; ; ) {
    const page = after
    const rows = await db.read({ shopId }, (tx) =>
      listDifferences(tx, shopId, { ...filter, after: page, limit: FILE_PAGE }),
    )
    if (rows.length === 0) return
    yield rows.map((row) => [
      ...[
        row.day,
        DIFFERENCE_PAIRS[row.pair].zh,
        DIFFERENCE_CLASSES[row.class].zh,
        row.state === 'open' ? '待处理' : '已处理',
      ],
      ...[row.number, yuan(row.thereFen), yuan(row.hereFen), explain(row).zh, row.ownerName ?? ''],
      ...[row.closedHow === null ? '' : CLOSE_HOWS[row.closedHow].zh, row.closedBy ?? '', row.closedAt ?? ''],
      ...[row.closeReason ?? '', row.transferId ?? ''],
    ])
    const last = rows.at(-1)!
    after = { day: last.day, id: last.id }
  }
}

const toDay = ({ day, state, there, here, open, closed, tries, lastError, ranAt }: DayRow) => ({
  ...{ day, state, there, here, open, closed, tries, lastError, ranAt },
})

const toDifference = (row: DifferenceRow) => {
  const { shopId: _, ...rest } = row
  return {
    ...rest,
    explanation: explain(row),
    adjustFen: row.state === 'open' ? adjustmentOf(row) : null,
    mayAsk: row.state === 'open' && row.orderId !== null && (row.pair === 'payment' || row.pair === 'refund'),
  }
}
