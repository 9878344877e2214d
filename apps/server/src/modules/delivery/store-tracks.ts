import { hash } from 'node:crypto'
import type { ParcelTrack, TrackState } from '@zhanggui/contract'
import { sql, type Tx } from '../../kernel/db.ts'
import type { TrackLine, TrackSum } from './track-rules.ts'

export type TrackDirection = 'out' | 'return' | 'replacement'

export interface TrackRow {
  shopId: string
  shipmentId: string
  orderId: string
  buyerId: string
  carrierCode: string
  trackingNo: string
  phoneTail: string
  /** To the buyer, back from the buyer, or in place of what came back. */
  direction: TrackDirection
  state: TrackState
  following: ParcelTrack['following']
  attempts: number
  shippedAt: string
  movedAt: string | null
  signedAt: string | null
}

const TRACK = sql`t.shop_id, t.shipment_id, t.order_id, t.buyer_id, t.carrier_code, t.tracking_no, t.phone_tail, t.direction, t.state,
  t.following, t.attempts, t.shipped_at, t.moved_at, t.signed_at`

/** Begins to follow a parcel; a second time changes nothing. */
export async function insertTrack(
  tx: Tx,
  row: Omit<TrackRow, 'state' | 'attempts' | 'movedAt' | 'signedAt'> & { checkAt: string | null },
): Promise<void> {
  await tx.exec(sql`
    insert into parcel_tracks (shop_id, shipment_id, order_id, buyer_id, carrier_code, tracking_no, phone_tail, direction, state,
      following, check_at, shipped_at)
    values (${row.shopId}, ${row.shipmentId}, ${row.orderId}, ${row.buyerId}, ${row.carrierCode}, ${row.trackingNo},
      ${row.phoneTail}, ${row.direction}, 'waiting', ${row.following}, ${row.checkAt}, ${row.shippedAt})
    on conflict do nothing`)
}

export const findTrack = (tx: Tx, shopId: string, shipmentId: string) =>
  tx.maybe<TrackRow>(
    sql`select ${TRACK} from parcel_tracks t where t.shop_id = ${shopId} and t.shipment_id = ${shipmentId}`,
  )

export const lockTrack = (tx: Tx, shopId: string, shipmentId: string) =>
  tx.maybe<TrackRow>(
    sql`select ${TRACK} from parcel_tracks t where t.shop_id = ${shopId} and t.shipment_id = ${shipmentId} for update`,
  )

export const tracksById = (tx: Tx, shopId: string, shipmentIds: readonly string[]) =>
  tx.rows<TrackRow>(sql`
    select ${TRACK} from parcel_tracks t
    where t.shop_id = ${shopId} and t.shipment_id = any(${shipmentIds as string[]}::uuid[])`)

/** Parcels on their way to the buyer. */
export const tracksOf = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<TrackRow>(sql`
    select ${TRACK} from parcel_tracks t
    where t.shop_id = ${shopId} and t.order_id = ${orderId} and t.direction = 'out'
    order by t.shipped_at desc, t.shipment_id desc limit 100`)

export const claimDueTracks = (tx: Tx, at: string, leaseUntil: string, limit: number) =>
  tx.rows<TrackRow>(sql`
    update parcel_tracks t set check_at = ${leaseUntil}, attempts = attempts + 1 from (
      select shop_id, shipment_id from parcel_tracks where check_at <= ${at}
      order by check_at limit ${limit} for update skip locked) due
    where t.shop_id = due.shop_id and t.shipment_id = due.shipment_id
    returning ${TRACK}`)

export async function setFollowing(
  tx: Tx,
  row: TrackRow,
  next: { following: TrackRow['following']; checkAt: string | null; error?: string; attempts?: number },
): Promise<void> {
  await tx.exec(sql`
    update parcel_tracks set following = ${next.following}, check_at = ${next.checkAt},
      attempts = ${next.attempts ?? row.attempts}, last_error = ${next.error?.slice(0, 500) ?? null}
    where shop_id = ${row.shopId} and shipment_id = ${row.shipmentId} and following <> 'ended'`)
}

export async function saveSum(
  tx: Tx,
  row: TrackRow,
  sum: TrackSum & { following: TrackRow['following']; checkAt: string | null },
): Promise<void> {
  await tx.exec(sql`
    update parcel_tracks set state = ${sum.state}, moved_at = ${sum.movedAt}, signed_at = ${sum.signedAt},
      following = ${sum.following}, check_at = ${sum.checkAt}
    where shop_id = ${row.shopId} and shipment_id = ${row.shipmentId}`)
}

const digestOf = (line: TrackLine): string => hash('sha256', line.text, 'base64url')

/** Lines of parcels, by parcel, oldest first. */
export async function linesOfTracks(
  tx: Tx,
  shopId: string,
  shipmentIds: readonly string[],
): Promise<Map<string, TrackLine[]>> {
  const rows = await tx.rows<TrackLine & { shipmentId: string }>(sql`
    select shipment_id, at, state, text, area from parcel_events
    where shop_id = ${shopId} and shipment_id = any(${shipmentIds as string[]}::uuid[]) order by at`)
  const byParcel = new Map<string, TrackLine[]>(shipmentIds.map((id) => [id, []]))
  for (const { shipmentId, ...line } of rows) byParcel.get(shipmentId)!.push(line)
  return byParcel
}

export async function saveLines(tx: Tx, row: TrackRow, lines: readonly TrackLine[], seenAt: string): Promise<void> {
  if (lines.length === 0) return
  await tx.exec(sql`
    insert into parcel_events as e (shop_id, shipment_id, buyer_id, at, digest, state, text, area, seen_at)
    select ${row.shopId}, ${row.shipmentId}, ${row.buyerId}, l.at, l.digest, l.state, l.text, l.area, ${seenAt}
    from unnest(${lines.map((line) => line.at)}::timestamptz[], ${lines.map(digestOf)}::text[],
      ${lines.map((line) => line.state)}::text[], ${lines.map((line) => line.text)}::text[],
      ${lines.map((line) => line.area)}::text[]) as l(at, digest, state, text, area)
    on conflict (shop_id, shipment_id, at, digest) do update set state = excluded.state, area = excluded.area`)
}

export interface StalledRow {
  shopId: string
  shipmentId: string
  orderId: string
  buyerId: string
  carrierCode: string
  trackingNo: string
  state: TrackState
  /** Since when nothing moves. */
  since: string
}

/** Parcels under way of which nothing was heard since an instant, the longest first. */
export const stalledSince = (tx: Tx, before: string, limit: number) =>
  tx.rows<StalledRow>(sql`
    select t.shop_id, t.shipment_id, t.order_id, t.buyer_id, t.carrier_code, t.tracking_no, t.state,
      coalesce(t.moved_at, t.shipped_at) as since
    from parcel_tracks t
    where t.direction = 'out' and t.following in ('following', 'failed') and t.state in ('waiting', 'collected', 'in-transit', 'delivering')
      and coalesce(t.moved_at, t.shipped_at) <= ${before}
    order by coalesce(t.moved_at, t.shipped_at) limit ${limit}`)

/** Brings the next question about a parcel forward. */
export const askSoon = (tx: Tx, shopId: string, shipmentId: string, at: string) =>
  tx.exec(sql`
    update parcel_tracks set check_at = ${at}
    where shop_id = ${shopId} and shipment_id = ${shipmentId} and following in ('following', 'failed')`)
