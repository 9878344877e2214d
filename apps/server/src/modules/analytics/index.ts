import { AppError } from '../../kernel/errors.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { RetryLater, type Subscriber } from '../../kernel/outbox-relay.ts'
import { overview } from './overview.ts'
import type { AnalyticsDeps } from './ports.ts'
import { sortBatch } from './rules.ts'
import { trends } from './trends.ts'

export { forgetBuyerEvents } from './forget.ts'
export type { AnalyticsDeps, EventStore } from './ports.ts'
export { productViews } from './views.ts'

const SINK_BATCH = 1000
const RETRY_SECONDS = 5

/** Behaviour events in, domain events through the outbox, both in ClickHouse; the overview reads them (DAT-01). */
export function createAnalytics(deps: AnalyticsDeps) {
  const known = new Set<string>()
  // Anybody may send events, but only about a shop that there is.
  const knowsShop = async (shopId: string): Promise<boolean> => {
    if (!known.has(shopId) && (await deps.db.read('system', (tx) => deps.isShop(tx, shopId)))) known.add(shopId)
    return known.has(shopId)
  }
  const handlers: Handlers = {
    'events.send': async ({ body, caller }) => {
      if (deps.store.unavailableReason !== null) return { accepted: 0, refused: [] }
      if (!(await knowsShop(body.shopId)))
        throw new AppError('NOT_FOUND', { values: { what: '店铺' }, field: 'shopId' })
      const isNamed = caller.kind === 'buyer' && (await deps.mayPersonalise(caller.buyerId))
      const sorted = sortBatch(body, isNamed ? caller.buyerId : null, deps.clock.millis())
      if (sorted.rows.length > 0 && !deps.store.bufferBehaviour(sorted.rows))
        throw new AppError('BUSY', { retryAfterSeconds: RETRY_SECONDS })
      return { accepted: sorted.rows.length, refused: sorted.refused }
    },
    'console.overview': ({ params }) => overview(deps, params.shopId),
    'console.trends': ({ params, query }) => trends(deps, params.shopId, query.days),
  }
  const sink: Subscriber = {
    name: 'analytics.sink',
    events: '*',
    batchSize: SINK_BATCH,
    // The store is another system: rows are written before our cursor moves, so a crash in between writes them
    // again, and ReplacingMergeTree keeps one of each event id.
    async handle(_tx, events) {
      const receivedAt = deps.clock.millis()
      const rows = events.map((event) => ({
        shop_id: event.shopId,
        event_id: event.id,
        name: event.name,
        version: event.version,
        aggregate: event.aggregate,
        aggregate_id: event.aggregateId,
        occurred_at: Date.parse(event.occurredAt),
        received_at: receivedAt,
        payload: JSON.stringify(event.payload),
      }))
      await deps.store.insert('raw_domain_events', rows).catch((error: unknown) => {
        // Out of reach: kept, however long. Refused: the relay finds the event that it is about.
        const isAway = error instanceof AppError && error.code === 'UNAVAILABLE'
        throw isAway ? new RetryLater('the event store does not answer', { cause: error }) : error
      })
    },
  }
  return { handlers, subscribers: deps.store.unavailableReason === null ? [sink] : [] }
}
