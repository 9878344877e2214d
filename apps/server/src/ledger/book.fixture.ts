import { createTestDatabase } from '../../../../tests/support/database.ts'
import { TestClock } from '../kernel/clock.ts'
import { Db } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'
import { accountId, ensureAccounts } from './accounts.ts'
import { auditLedger } from './audit.ts'
import { applyTransfers } from './transfers.ts'
import type { GroupResult, TransferCommand, TransferGroup } from './types.ts'

export const MINUTE = 60_000

/** A database of the test file's own, with a clock that stands still. */
export async function openLedger() {
  const database = await createTestDatabase()
  const db = new Db({ url: database.appUrl, maxConnections: 12 })
  const clock = new TestClock()
  return {
    db,
    clock,
    database,
    apply: (...groups: TransferGroup[]): Promise<GroupResult[]> =>
      db.tx('system', (tx) => applyTransfers(tx, clock, groups)),
    audit: () => db.read('system', auditLedger),
    async close() {
      await db.close()
      await database.drop()
    },
  }
}

export type Ledger = Awaited<ReturnType<typeof openLedger>>

/** A shop with one article: `stock.supplier` (no limits), `stock.available` (≥ 0) and `stock.reserved` (≥ 0). */
export async function openShop(ledger: Ledger, units: number) {
  const shopId = newId()
  const unit = 'sku:1'
  const account = (code: string) => accountId(code, '1')
  const [supplier, available, reserved] = [
    account('stock.supplier'),
    account('stock.available'),
    account('stock.reserved'),
  ]
  const spec = (code: string, minBalance: number | null) => ({ shopId, code, owners: ['1'], unit, minBalance })
  await ledger.db.tx('system', (tx) =>
    ensureAccounts(tx, ledger.clock, [
      spec('stock.supplier', null),
      spec('stock.available', 0),
      spec('stock.reserved', 0),
    ]),
  )
  const group = (...transfers: TransferCommand[]): TransferGroup => ({ shopId, transfers })
  const reserve = (
    amount: number,
    more: { id?: string; expiresAt?: string; reference?: { type: string; id: string } } = {},
  ) =>
    ({
      kind: 'pending',
      debit: available,
      credit: reserved,
      amount,
      unit,
      code: 'order.reserve',
      id: newId(),
      ...more,
    }) as const
  const post = (pendingId: string, amount?: number, id = newId()) =>
    ({ kind: 'post', id, pendingId, amount, code: 'order.paid' }) as const
  const release = (pendingId: string, id = newId()) => ({ kind: 'void', id, pendingId, code: 'order.cancel' }) as const
  const stockIn = (amount: number, id = newId()) =>
    ({ kind: 'posted', id, debit: supplier, credit: available, amount, unit, code: 'stock.in' }) as const
  if (units > 0) await ledger.apply(group(stockIn(units)))
  return { shopId, unit, supplier, available, reserved, group, reserve, post, release, stockIn }
}
