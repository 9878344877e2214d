import { isUuid } from '../../kernel/ids.ts'
import type { EventStore } from './ports.ts'

/** Texts of events that a buyer may have written, or that name the buyer, as they stand in a payload. */
const WORDS = String.raw`"(reason|title|text)":"(?:[^"\\\\]|\\\\.)*"`
const NO_WORDS = String.raw`"\\1":""`

/**
 * Makes the events of a buyer nobody's: what was done stays counted, who did it, and what was searched for, does not.
 * Words that a buyer wrote go from the domain events. Nothing where there is no event store.
 * @throws when the store does not answer; asking again changes nothing
 */
export async function forgetBuyerEvents(store: EventStore, buyerId: string): Promise<void> {
  if (store.unavailableReason !== null) return
  if (!isUuid(buyerId)) throw new TypeError(`Not a buyer's id: ${buyerId}`)
  await store.flush()
  await store.command(`
    ALTER TABLE raw_behaviour_events UPDATE buyer_id = NULL, q = '', referrer = '' WHERE buyer_id = toUUID('${buyerId}')
    SETTINGS mutations_sync = 1`)
  await store.command(`
    ALTER TABLE raw_domain_events UPDATE payload = replaceRegexpAll(payload, '${WORDS}', '${NO_WORDS}')
    WHERE position(payload, '${buyerId}') > 0
      AND name IN ('orders.order-cancelled', 'orders.refund-requested', 'delivery.buyer-told')
    SETTINGS mutations_sync = 1`)
}
