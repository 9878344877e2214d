import { newId } from '../../apps/server/src/kernel/ids.ts'
import { nothing } from '../../apps/server/src/modules/settlement/statement-rules.ts'
import { insertItem, saveMerchant } from '../../apps/server/src/modules/settlement/store-items.ts'
import { beginPeriods, insertStatement } from '../../apps/server/src/modules/settlement/store-statements.ts'
import type { TestApp, TestShop } from './app.ts'

/** A row in every table of the settlement module; answers the ids that addresses carry. */
export async function leaveMoneyTraces(app: TestApp, { shopId }: TestShop): Promise<Record<string, string>> {
  const at = app.clock.instant()
  const [orderId, statementId] = [newId(), newId()]
  const sums = { grossFen: 100, feeFen: 0, sharesFen: 0, refundsFen: 0, otherFen: 0, netFen: 100 }
  const amounts = { ...nothing(), 'merchant.pending': 100 }
  await app.app.db.tx('system', async (tx) => {
    await saveMerchant(tx, { shopId, level: 'steady', note: '', version: 0, changedAt: at, changedBy: '平台' })
    await beginPeriods(tx, shopId, at)
    await insertItem(tx, {
      ...{ shopId, orderId, orderNo: '1', channel: 'wechat', level: 'steady', cycleDays: 3, amountFen: 100 },
      ...{ settledAt: at, dueAt: at, sharesFen: 0 },
    })
    await insertStatement(
      tx,
      {
        ...{ shopId, id: statementId, number: 'JS20260101', periodFrom: '2026-01-01T00:00:00.000Z' },
        ...{ periodTo: '2026-01-02T00:00:00.000Z', firstDay: '2026-01-01', lastDay: '2026-01-01', opening: nothing() },
        ...{ closing: amounts, orders: 1, lines: 1, createdAt: at, ...sums },
      },
      [
        {
          ...{ line: 1, kind: 'order', orderId, referenceType: 'order', referenceId: orderId, label: '1' },
          ...{ happenedAt: at, changes: amounts, transferIds: [newId()], ...sums },
        },
      ],
    )
  })
  return { statementId, line: '1' }
}
