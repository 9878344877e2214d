import type { Tx } from '../../kernel/db.ts'
import { isEvent, type OutboxEvent } from '../../kernel/outbox.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { transferOrThrow } from '../../ledger/index.ts'
import { orderCancelled, orderPaid, partRefundRequested, refundRequested } from '../orders/index.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { owe } from './give-back.ts'
import { tellMoved } from './pay.ts'
import { dropPromise } from './rules.ts'
import { movePersonal, personalOfOrder } from './store.ts'

/** What orders tell: they went another way, or their money goes back. */
export function personalCodeSubscribers(deps: PersonalCodeDeps): Subscriber[] {
  return [
    {
      name: 'personal-code.orders',
      events: [orderPaid, orderCancelled, refundRequested, partRefundRequested],
      batchSize: 50,
      async handle(tx, events) {
        for (const event of events) await follow(tx, deps, event)
      },
    },
  ]
}

async function follow(tx: Tx, deps: PersonalCodeDeps, event: OutboxEvent): Promise<void> {
  const { shopId } = event
  if (isEvent(refundRequested, event)) {
    const { paymentId, amountFen, reason, by } = event.payload
    if (paymentId === null) return
    const refund = { paymentId, key: event.id, amountFen, reason, requestedBy: by, settlesOrder: true }
    await owe(tx, deps, shopId, { ...refund, partOfOrder: false, purpose: '' })
  } else if (isEvent(partRefundRequested, event)) {
    const { paymentId, amountFen, reason, key } = event.payload
    const refund = { paymentId, key: `part:${key}`, amountFen, reason, requestedBy: 'merchant' as const }
    await owe(tx, deps, shopId, { ...refund, settlesOrder: false, partOfOrder: true, purpose: key })
  } else await close(tx, deps, shopId, event.aggregateId)
}

/** A code that was shown and that nobody says to have paid: what was promised is free for others. */
async function close(tx: Tx, deps: PersonalCodeDeps, shopId: string, orderId: string): Promise<void> {
  const [row] = await personalOfOrder(tx, shopId, orderId)
  if (row?.state !== 'open' || !(await movePersonal(tx, row, { state: 'closed' }))) return
  await transferOrThrow(tx, deps.clock, { shopId, transfers: [dropPromise(row)] })
  await tellMoved(tx, deps, { ...row, state: 'closed' })
}
