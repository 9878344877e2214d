import {
  type MerchantFollowUp,
  type MerchantOrder,
  NOTICE_KINDS,
  NOTICE_STATES,
  type Notice,
  TRACK_STATES,
} from '@zhanggui/contract'
import { say, t } from '../../i18n/index.ts'
import type { TimelineEntry } from '../../kit/timeline.tsx'

const BAD_TRACKS: readonly string[] = ['problem', 'returned']

/**
 * Everything that happened to an order, newest first: its steps, where its parcels were, what its buyer was told on the
 * order's page and in WeChat.
 */
export function orderEntries(
  order: Pick<MerchantOrder, 'timeline'>,
  followUp: Pick<MerchantFollowUp, 'parcels' | 'notices'> | undefined,
  sent: readonly Notice[],
): TimelineEntry[] {
  const steps = order.timeline.map(
    (entry, index): TimelineEntry => ({ key: `step-${index}`, at: entry.at, who: entry.actor, what: entry.text }),
  )
  const moves = (followUp?.parcels ?? []).flatMap((parcel) =>
    parcel.events.map(
      (event): TimelineEntry => ({
        key: `track-${parcel.shipmentId}-${event.at}-${event.text}`,
        at: event.at,
        who: `${parcel.carrierName} ${parcel.trackingNo}`,
        what: `${say(TRACK_STATES[event.state])}：${event.text}`,
        tone: event.state === 'signed' ? 'good' : BAD_TRACKS.includes(event.state) ? 'bad' : 'plain',
      }),
    ),
  )
  const told = (followUp?.notices ?? []).map(
    (notice): TimelineEntry => ({
      key: `told-${notice.id}`,
      at: notice.at,
      what: t('order.toldBuyer', { title: notice.title }),
      detail: notice.text,
    }),
  )
  const messages = sent.map(
    (notice): TimelineEntry => ({
      key: `sent-${notice.id}`,
      at: notice.sentAt ?? notice.createdAt,
      what: t('order.wechatMessage', { kind: say(NOTICE_KINDS[notice.kind]), state: say(NOTICE_STATES[notice.state]) }),
      ...(notice.state === 'failed' ? { tone: 'bad' as const, detail: notice.error } : {}),
    }),
  )
  // Steps of one instant keep their order; what came of them stands above.
  const all = [...steps, ...moves, ...told, ...messages]
  return all
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => (a.entry.at === b.entry.at ? b.index - a.index : a.entry.at < b.entry.at ? 1 : -1))
    .map(({ entry }) => entry)
}
