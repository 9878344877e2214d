import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import { buyerTold } from './events.ts'
import { insertNotice } from './store.ts'

/** Something the shop has to say to a buyer about an order. */
export interface BuyerMessage {
  shopId: string
  orderId: string
  buyerId: string
  /** What it is about, e.g. `pick-up-ready`; names the template of a message sent outside. */
  topic: string
  /** At most 60 characters. */
  title: string
  /** At most 300 characters. */
  text: string
}

/** Tells a buyer: a notice on the order's page, and an event for whoever sends messages outside. */
export async function tellBuyer(tx: Tx, { clock }: { clock: Clock }, message: BuyerMessage): Promise<void> {
  const { shopId, orderId, buyerId, topic, title, text } = message
  const [noticeId, at] = [newId(), clock.instant()]
  await insertNotice(tx, { ...message, id: noticeId, at })
  await emit(tx, buyerTold, {
    shopId,
    aggregate: 'order',
    aggregateId: orderId,
    payload: { orderId, buyerId, noticeId, topic, title, text },
    occurredAt: at,
  })
}
