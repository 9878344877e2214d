import type { Order, OrderFollowUp } from '@zhanggui/contract'

export interface TimelineItem {
  key: string
  at: string
  text: string
}

/** Messages that say more than that a parcel moved, which its own card says: those name no waybill of the order. */
export const noticesApart = <T extends { text: string }>(
  notices: readonly T[],
  parcels: readonly { trackingNo: string }[],
): T[] => notices.filter(({ text }) => !parcels.some(({ trackingNo }) => text.includes(trackingNo)))

/** Steps of an order, places of its parcels and words of the shop in one list, newest first. */
export function timelineOf(
  steps: Order['timeline'],
  { parcels, notices }: Pick<OrderFollowUp, 'parcels' | 'notices'>,
): TimelineItem[] {
  const several = parcels.length > 1
  const all = [
    ...steps.map(({ at, event, text }) => ({ key: `${at}${event}`, at, text })),
    ...parcels.flatMap(({ shipmentId, trackingNo, events }) =>
      events.map(({ at, text }) => ({
        key: `${shipmentId}${at}${text}`,
        at,
        text: several ? `${text}（${trackingNo}）` : text,
      })),
    ),
    ...notices.map(({ id, at, title }) => ({ key: id, at, text: title })),
  ]
  return all
    .map((item, index) => ({ item, index }))
    .sort((a, b) => (a.item.at === b.item.at ? b.index - a.index : a.item.at < b.item.at ? 1 : -1))
    .map(({ item }) => item)
}
