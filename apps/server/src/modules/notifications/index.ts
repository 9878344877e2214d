import type { Tx } from '../../kernel/db.ts'
import type { Subscriber } from '../../kernel/outbox-relay.ts'
import { notificationsBuyerPart } from './buyer-part.ts'
import type { NotificationsDeps } from './deps.ts'
import { notificationHandlers } from './routes.ts'
import { TOLD_EVENTS } from './saying.ts'
import { SEND_BATCH, sendDue } from './send.ts'
import { moveNotices } from './store.ts'
import { tell } from './tell.ts'

export type { NotificationsDeps } from './deps.ts'

/** Subscribe messages 订阅消息 to buyers in WeChat: what they allow, what they are told, what became of it. */
export function createNotifications(deps: NotificationsDeps) {
  let sending: Promise<number> | undefined
  let isAsked = false
  let isClosed = false

  async function rounds(): Promise<number> {
    let total = 0
    for (;;) {
      isAsked = false
      const took = await sendDue(deps)
      total += took
      if (isClosed || (took < SEND_BATCH && !isAsked)) return total
    }
  }
  /** Sends what is due; while that runs in this process, it looks once more instead. */
  const send = (): Promise<number> => {
    if (isClosed) return Promise.resolve(0)
    isAsked = true
    sending ??= rounds().finally(() => {
      sending = undefined
    })
    return sending
  }

  const subscriber: Subscriber = {
    name: 'notifications.notices',
    events: TOLD_EVENTS,
    batchSize: 50,
    // who installs this tells nobody of last year's parcels
    from: 'now',
    async handle(tx, events) {
      let isDue = false
      for (const event of events) isDue = (await tell(deps, tx, event)) || isDue
      if (isDue)
        tx.afterCommit(() => {
          send().catch((error: unknown) => deps.log.error({ err: error }, 'messages to buyers wait for the next round'))
        })
    },
  }
  return {
    handlers: notificationHandlers(deps),
    subscribers: [subscriber],
    /** Sends what is due and answers how much that was. */
    sendDue: send,
    buyerPart: notificationsBuyerPart,
    /** Two buyers turned out to be one person. Scope `system`. */
    mergeBuyers: (tx: Tx, move: { fromBuyerId: string; buyerId: string }) =>
      moveNotices(tx, move.fromBuyerId, move.buyerId),
    /** Waits for what is being sent and starts no more. Call it before the database is closed. */
    async close(): Promise<void> {
      isClosed = true
      await sending?.catch(() => undefined)
    },
  }
}

export type Notifications = ReturnType<typeof createNotifications>
