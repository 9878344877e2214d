import { z } from 'zod'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { BooksDeps } from './deps.ts'
import { periodOf } from './period.ts'
import { revenueBook, revenueEntries, revenueTotals } from './revenue-book.ts'
import { stockBook, stockTotals } from './stock-book.ts'
import { movementsBehind } from './store-stock.ts'

export function bookHandlers(deps: BooksDeps): Handlers {
  const { db } = deps
  return {
    'console.stockBook': ({ params: { shopId }, query }) =>
      db.read({ shopId }, (tx) => stockBook(tx, deps, shopId, query)),

    'console.stockBookTotals': ({ params: { shopId }, query }) =>
      db.read({ shopId }, (tx) => stockTotals(tx, deps, shopId, query)),

    'console.bookMovements': ({ params: { shopId }, query: { cursor, limit, ...wish } }) =>
      db.read({ shopId }, async (tx) => {
        const beforeId = decodeCursor(cursor, z.uuid())
        const period = await periodOf(tx, deps, shopId, wish)
        const rows = await movementsBehind(tx, shopId, period, { ...wish, beforeId, limit: limit + 1 })
        return keysetPage(rows, limit, ({ id }) => id)
      }),

    'console.revenueBook': ({ params: { shopId }, query }) =>
      db.read({ shopId }, (tx) => revenueBook(tx, deps, shopId, query)),

    'console.revenueBookTotals': ({ params: { shopId }, query }) =>
      db.read({ shopId }, (tx) => revenueTotals(tx, deps, shopId, query)),

    'console.revenueEntries': ({ params: { shopId }, query }) =>
      db.read({ shopId }, (tx) => revenueEntries(tx, deps, shopId, query)),
  }
}
