import { type EventBatch, TrackedEvent } from '@zhanggui/contract'
import type { z } from 'zod'

const MAX_AGE_MS = 7 * 24 * 3600 * 1000

type Batch = z.output<typeof EventBatch>

export interface Sorted {
  rows: Record<string, unknown>[]
  refused: { index: number; reason: string }[]
}

/**
 * Turns a client's batch into rows of the event store. A bad event is named and left out, the others are kept.
 * The client's clock is corrected by the difference between when it says it sent the batch and when we had it.
 */
export function sortBatch(batch: Batch, buyerId: string | null, nowMs: number): Sorted {
  const skewMs = nowMs - batch.sentAt
  const sorted: Sorted = { rows: [], refused: [] }
  batch.events.forEach((raw, index) => {
    const parsed = TrackedEvent.safeParse(raw)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!
      sorted.refused.push({ index, reason: `${issue.path.join('.') || 'event'}: ${issue.message}` })
      return
    }
    const at = Math.min(parsed.data.at + skewMs, nowMs)
    if (at < nowMs - MAX_AGE_MS) sorted.refused.push({ index, reason: 'at: 事件发生在 7 天以前' })
    else sorted.rows.push(toRow(batch, parsed.data, buyerId, at, nowMs))
  })
  return sorted
}

function toRow(
  batch: Batch,
  event: z.output<typeof TrackedEvent>,
  buyerId: string | null,
  at: number,
  nowMs: number,
): Record<string, unknown> {
  const field = <T>(name: string, otherwise: T): T =>
    ((event as Record<string, unknown>)[name] as T | undefined) ?? otherwise
  return {
    shop_id: batch.shopId,
    event_id: event.id,
    name: event.name,
    at,
    received_at: nowMs,
    device_id: batch.deviceId,
    session_id: batch.sessionId,
    buyer_id: buyerId,
    platform: batch.platform,
    page: field('page', ''),
    product_id: field('productId', null),
    sku_id: field('skuId', null),
    order_id: field('orderId', null),
    quantity: field('quantity', 0),
    total_fen: field('totalFen', 0),
    position: field('position', 0),
    list: field('list', ''),
    target: field('target', field('way', '')),
    q: field('q', ''),
    results: field('results', 0),
    referrer: field('referrer', ''),
    share: field('from', ''),
  }
}
