import { CARRIERS, type CarrierCode, type ParcelTrack } from '@zhanggui/contract'
import { type Express, ExpressError, type ParcelNews } from '../../adapters/express/index.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { emit } from '../../kernel/outbox.ts'
import type { DeliveryDeps } from './deps.ts'
import { parcelMoved } from './events.ts'
import { pollHours, receiveAfterSignedDays } from './settings.ts'
import {
  claimDueTracks,
  insertTrack,
  linesOfTracks,
  lockTrack,
  saveLines,
  saveSum,
  setFollowing,
  type TrackRow,
  tracksOf,
} from './store-tracks.ts'
import { isOver, mergeTrack, sumOf, type TrackLine } from './track-rules.ts'

const BATCH = 20
const LEASE_MS = 5 * MINUTE_MS
/** A subscription that keeps failing is given up after about a day; asking at once goes on. */
const MAX_TRIES = 12
const MOST_LINES = 200

/** What the callback of a parcel is signed with; one leaked salt opens one parcel. */
export const saltOf = ({ vault }: Pick<DeliveryDeps, 'vault'>, shopId: string, shipmentId: string): string =>
  vault.hmac('delivery.track-salt', `${shopId}:${shipmentId}`).slice(0, 32)

/** One round of asking the aggregator: to follow new parcels, and about those that are silent. Answers how many. */
export async function followParcels(deps: DeliveryDeps): Promise<number> {
  const { express, clock } = deps
  if (!express) return 0
  const at = clock.instant()
  const due = await deps.db.tx('system', (tx) => claimDueTracks(tx, at, plusMs(at, LEASE_MS), BATCH))
  await Promise.all(
    due.map((row) => (row.following === 'asking' ? follow(deps, express, row) : ask(deps, express, row))),
  )
  return due.length
}

async function follow(deps: DeliveryDeps, express: Express, row: TrackRow): Promise<void> {
  const { shopId, shipmentId, carrierCode, trackingNo: number, phoneTail } = row
  const url = `${deps.publicUrl}/api/express/kuaidi100/shops/${shopId}/parcels/${shipmentId}`
  const now = deps.clock.instant()
  const pollMs = (await deps.settings.get(pollHours)) * HOUR_MS
  let next: Parameters<typeof setFollowing>[2]
  try {
    const answer = await express.subscribe(
      { carrierCode, number, phoneTail },
      { url, salt: saltOf(deps, shopId, shipmentId) },
    )
    next =
      answer === 'following'
        ? { following: 'following', checkAt: plusMs(now, pollMs), attempts: 0 }
        : { following: 'unsupported', checkAt: null }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    deps.log.warn({ err: error, shipmentId }, 'a parcel could not be followed')
    const again = !(error instanceof ExpressError) || (error.retryable && row.attempts < MAX_TRIES)
    const waitMs = Math.min(MINUTE_MS * 2 ** Math.min(row.attempts, 12), 6 * HOUR_MS)
    next = again
      ? { following: 'asking', checkAt: plusMs(now, waitMs), error: message }
      : { following: 'failed', checkAt: plusMs(now, pollMs), error: message }
  }
  await deps.db.tx({ shopId }, (tx) => setFollowing(tx, row, next))
}

/** Nothing was pushed for a while, or somebody wants to know now. */
export async function ask(deps: DeliveryDeps, express: Express, row: TrackRow): Promise<void> {
  const { shopId, shipmentId, carrierCode, trackingNo: number, phoneTail } = row
  const checkAt = plusMs(deps.clock.instant(), (await deps.settings.get(pollHours)) * HOUR_MS)
  try {
    const news = await express.query({ carrierCode, number, phoneTail })
    if (news !== undefined) return void (await takeNews(deps, shopId, shipmentId, news))
  } catch (error) {
    deps.log.warn({ err: error, shipmentId }, 'nothing could be heard of a parcel')
  }
  await deps.db.tx({ shopId }, (tx) => setFollowing(tx, row, { following: row.following, checkAt }))
}

/**
 * Takes what is told of a parcel: repeated, late and out-of-order news change nothing that is known better. Answers
 * false for a parcel that is not ours.
 */
export async function takeNews(
  deps: DeliveryDeps,
  shopId: string,
  shipmentId: string,
  news: ParcelNews,
): Promise<boolean> {
  const pollMs = (await deps.settings.get(pollHours)) * HOUR_MS
  return deps.db.tx({ shopId }, async (tx) => {
    const row = await lockTrack(tx, shopId, shipmentId)
    if (row === undefined) return false
    const at = deps.clock.instant()
    const known = (await linesOfTracks(tx, shopId, [shipmentId])).get(shipmentId)!
    const merged = mergeTrack(known, news.events).slice(-MOST_LINES)
    const fresh = merged.filter((line) => !known.some((each) => sameLine(each, line)))
    await saveLines(tx, row, fresh, at)
    const sum = sumOf(merged)
    const ended = news.isOver || isOver(sum.state)
    const following = ended ? 'ended' : row.following === 'failed' ? 'failed' : 'following'
    await saveSum(tx, row, { ...sum, following, checkAt: ended ? null : plusMs(at, pollMs) })
    const moved = sum.state !== row.state || sum.movedAt !== row.movedAt
    if (moved) await tellMoved(tx, row, sum.state, merged.at(-1)!, at)
    return true
  })
}

const sameLine = (a: TrackLine, b: TrackLine): boolean =>
  a.at === b.at && a.text === b.text && a.state === b.state && a.area === b.area

async function tellMoved(tx: Tx, row: TrackRow, state: TrackRow['state'], last: TrackLine, at: string): Promise<void> {
  const { shopId, orderId, buyerId, shipmentId, carrierCode, trackingNo, state: before, direction } = row
  await emit(tx, parcelMoved, {
    shopId,
    aggregate: 'shipment',
    aggregateId: shipmentId,
    payload: {
      orderId,
      buyerId,
      shipmentId,
      carrierCode,
      trackingNo,
      state,
      before,
      direction,
      at: last.at,
      text: last.text,
    },
    occurredAt: at,
  })
}

/** Once every parcel of an order is signed for, receipt is confirmed by itself some days later. */
export async function onSigned(tx: Tx, deps: DeliveryDeps, shopId: string, orderId: string): Promise<void> {
  const tracks = await tracksOf(tx, shopId, orderId)
  const signed = tracks.flatMap((track) => (track.state === 'signed' && track.signedAt ? [track.signedAt] : []))
  if (signed.length === 0 || signed.length < tracks.length) return
  const days = await deps.settings.get(receiveAfterSignedDays, { shopId }, tx)
  await deps.orders.receiveBy(tx, { shopId, orderId }, plusMs(signed.sort().at(-1)!, days * DAY_MS))
}

/** Parcels as people see them, with their lines newest first. */
export async function parcelViews(tx: Tx, shopId: string, rows: readonly TrackRow[]): Promise<ParcelTrack[]> {
  if (rows.length === 0) return []
  const lines = await linesOfTracks(
    tx,
    shopId,
    rows.map((row) => row.shipmentId),
  )
  return rows.map(({ shipmentId, carrierCode, trackingNo, state, movedAt, signedAt, following }) => ({
    ...{ shipmentId, carrierCode, trackingNo, state, movedAt, signedAt, following },
    carrierName: CARRIERS[carrierCode as CarrierCode] ?? carrierCode,
    events: mergeTrack(lines.get(shipmentId)!, []).toReversed().slice(0, MOST_LINES),
  }))
}

/** Begins to follow a parcel that is no shipment of an order: goods that come back, or what replaces them. */
export async function followParcel(
  tx: Tx,
  { clock, express }: Pick<DeliveryDeps, 'clock' | 'express'>,
  parcel: Pick<
    TrackRow,
    'shopId' | 'shipmentId' | 'orderId' | 'buyerId' | 'carrierCode' | 'trackingNo' | 'phoneTail' | 'direction'
  >,
): Promise<void> {
  const shippedAt = clock.instant()
  const following = express ? 'asking' : 'off'
  await insertTrack(tx, { ...parcel, shippedAt, following, checkAt: express ? shippedAt : null })
}
