import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, encodeCursor, keysetPage } from '../../kernel/page.ts'
import { listTransfers, movementsAbout } from '../../ledger/index.ts'
import type { ReconciliationDeps } from './deps.ts'
import { vouchersOf } from './store.ts'
import { listAccounts, namesOf, orderNoOfId } from './store-ledger.ts'

export const ALL_TIME = { from: '1970-01-01T00:00:00.000Z', to: '9999-01-01T00:00:00.000Z' }

/** From an order to its postings, and from an account to its transfers and their orders. */
export function ledgerHandlers({ db }: Pick<ReconciliationDeps, 'db'>): Handlers {
  return {
    'console.orderMoney': ({ params: { shopId, orderId } }) =>
      db.read({ shopId }, async (tx) => {
        const orderNo = await orderNoOfId(tx, shopId, orderId)
        if (orderNo === undefined) throw new AppError('NOT_FOUND', { values: { what: '订单' } })
        const movements = await movementsAbout(tx, shopId, 'order', [orderId], ALL_TIME)
        return {
          orderNo,
          movements: movements.map(({ id, code, debitCode, creditCode, amount, createdAt }) => ({
            ...{ id, code, fromAccount: debitCode, toAccount: creditCode, amountFen: amount, at: createdAt },
          })),
          vouchers: await vouchersOf(tx, shopId, { number: orderNo, orderId }),
        }
      }),

    'console.ledgerAccounts': ({ params: { shopId }, query: { cursor, limit, q } }) =>
      db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, z.object({ code: z.string(), id: z.uuid() }))
        const rows = await listAccounts(tx, shopId, { q, after, limit: limit + 1 })
        return keysetPage(rows, limit, ({ code, id }) => ({ code, id }))
      }),

    'console.ledgerTransfers': ({ params: { shopId, ledgerAccountId: accountId }, query: { cursor, limit } }) =>
      db.read({ shopId }, async (tx) => {
        const before = decodeCursor(cursor, z.string())
        const page = await listTransfers(tx, { shopId, accountId, limit, ...(before === undefined ? {} : { before }) })
        const names = await namesOf(tx, shopId, page.transfers)
        return {
          nextCursor: page.next === undefined ? null : encodeCursor(page.next),
          items: page.transfers.map(
            ({ id, code, kind, debit, credit, amount, referenceType, referenceId, linkId, createdAt }) => {
              const order = referenceType === 'order' ? names.orders.get(referenceId!) : undefined
              return {
                ...{ id, code, kind, amountFen: amount, isIn: credit === accountId, linkId, at: createdAt },
                ...{ fromAccount: names.accounts.get(debit) ?? '', toAccount: names.accounts.get(credit) ?? '' },
                ...{ orderId: order?.id ?? null, orderNo: order?.orderNo ?? null },
              }
            },
          ),
        }
      }),
  }
}
