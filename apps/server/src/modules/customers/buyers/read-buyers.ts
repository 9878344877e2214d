import type { BuyerDetail, BuyerMoment, BuyerRow, BuyersQuery } from '@zhanggui/contract'
import { z } from 'zod'
import { audit, countAudit } from '../../../kernel/audit.ts'
import type { BuyerCounts } from '../../../kernel/buyer-part.ts'
import { HOUR_MS, plusMs } from '../../../kernel/clock.ts'
import type { Tx } from '../../../kernel/db.ts'
import { AppError } from '../../../kernel/errors.ts'
import type { StaffCaller } from '../../../kernel/http/caller.ts'
import { decodeCursor, keysetPage, type Page } from '../../../kernel/page.ts'
import type { CustomersDeps } from '../deps.ts'
import { deletionOf } from '../own-data/store-deletions.ts'
import { revealStepUpCount } from '../settings.ts'
import { choicesOf, consentsOf } from '../store.ts'
import { findShopBuyer, listShopBuyers, placeOf, type ShopBuyerRow } from './store-shop-buyers.ts'

const Place = z.object({ value: z.union([z.string(), z.number()]), id: z.uuid() })
const REVEAL = 'customers.reveal-personal-data'
const PHONE = /^\+?[\d -]{11,20}$/

/** The buyers of a shop as staff list them; a whole phone number or order number finds exactly its buyer. */
export async function listBuyers(
  deps: CustomersDeps,
  shopId: string,
  query: z.output<typeof BuyersQuery>,
): Promise<Page<z.input<typeof BuyerRow>>> {
  const { cursor, limit, q, levelId, ...filter } = query
  const after = decodeCursor(cursor, Place)
  return deps.db.read('system', async (tx) => {
    const rows = await listShopBuyers(tx, shopId, {
      ...filter,
      search: q ? { buyerIds: await buyersNamedBy(tx, deps, shopId, q), nickname: q } : undefined,
      more: levelId === undefined ? undefined : deps.withLevel(levelId),
      after,
      limit: limit + 1,
    })
    const page = keysetPage(rows, limit, (row) => placeOf(query.sort, row))
    return { ...page, items: await shown(tx, deps, page.items) }
  })
}

async function buyersNamedBy(tx: Tx, deps: CustomersDeps, shopId: string, q: string): Promise<string[]> {
  const byOrder = (await deps.orders.findBuyers(tx, shopId, q)).map(({ buyerId }) => buyerId)
  const byPhone = PHONE.test(q) ? await deps.identity.buyerWithPhone(tx, q) : undefined
  return byPhone === undefined ? byOrder : [byPhone, ...byOrder]
}

async function shown(tx: Tx, deps: CustomersDeps, rows: readonly ShopBuyerRow[]): Promise<z.input<typeof BuyerRow>[]> {
  const ids = rows.map(({ buyerId }) => buyerId)
  const briefs = await deps.identity.briefs(tx, ids)
  const levels = new Map((await deps.levelsOf(tx, rows)).map((level) => [level.buyerId, level]))
  const leaving = await deletionOf(tx, ids)
  return rows.map(({ buyerId, channel, orderCount, paidFen, lastOrderAt, since, nickname }) => {
    const brief = briefs.get(buyerId)
    const level = levels.get(buyerId)
    return {
      ...{ id: buyerId, nickname, channel, orderCount, paidFen, lastOrderAt, since },
      avatarUrl: brief?.avatarUrl ?? null,
      phoneMasked: brief?.phoneMasked ?? null,
      state: brief?.closed ? 'gone' : leaving.has(buyerId) ? 'leaving' : 'active',
      levelId: level?.levelId ?? null,
      levelName: level?.levelName ?? null,
    }
  })
}

/** One buyer with everything that staff may see at a glance. @throws AppError NOT_FOUND */
export function readBuyer(
  deps: CustomersDeps,
  key: { shopId: string; buyerId: string },
): Promise<z.input<typeof BuyerDetail>> {
  return deps.db.read('system', async (tx) => {
    const [row] = await shown(tx, deps, [await required(tx, key)])
    const brief = (await deps.identity.briefs(tx, [key.buyerId])).get(key.buyerId)
    const [level] = await deps.levelsOf(tx, [key])
    const privacy = await choicesOf(tx, key.buyerId)
    const { favourites, seen, reviews, messages } = await countsOf(tx, deps, key)
    return {
      ...row!,
      registeredAt: brief?.registeredAt ?? row!.since,
      levelSince: level?.since ?? null,
      birthdayKnown: brief?.birthdayKnown ?? false,
      privacy,
      consents: await consentsOf(tx, key),
      addresses: await deps.identity.maskedAddresses(tx, key.buyerId),
      counts: { favourites, seen: privacy.keepsHistory ? seen : null, reviews, messages },
      leavesAt: (await deletionOf(tx, [key.buyerId])).get(key.buyerId) ?? null,
    }
  })
}

async function countsOf(tx: Tx, deps: CustomersDeps, key: { shopId: string; buyerId: string }): Promise<BuyerCounts> {
  const counts = { favourites: 0, seen: 0, reviews: 0, messages: 0 }
  for (const part of deps.parts()) Object.assign(counts, await part.counts?.(tx, key))
  return counts
}

/** Whether somebody has looked at so many buyers in clear within an hour that they prove themselves before the next. */
export async function hasLookedOften(deps: CustomersDeps, shopId: string, staffId: string): Promise<boolean> {
  const limit = await deps.settings.get(revealStepUpCount, { shopId })
  const from = plusMs(deps.clock.instant(), -HOUR_MS)
  const looks = await deps.db.read('system', (tx) => countAudit(tx, { shopId, actorId: staffId, action: REVEAL, from }))
  return looks >= limit
}

/** Personal data in clear, for those who may see it; who looked is in the audit trail. @throws AppError NOT_FOUND */
export function revealBuyer(
  deps: CustomersDeps,
  key: { shopId: string; buyerId: string },
  by: { caller: StaffCaller; ip: string; requestId: string },
) {
  const { caller, ip, requestId } = by
  return deps.db.tx('system', async (tx) => {
    const { nickname } = await required(tx, key)
    const clear = await deps.identity.inClear(tx, key.buyerId)
    await audit(tx, deps.clock, {
      shopId: key.shopId,
      actor: { kind: 'staff', id: caller.staffId, name: caller.name },
      ...{ action: REVEAL, entity: 'buyer', entityId: key.buyerId, ip, requestId },
      summary: `查看买家「${nickname}」的手机号与地址`,
    })
    return clear
  })
}

const MomentPlace = z.object({ at: z.iso.datetime(), id: z.string().max(120) })

/** What happened with a buyer, of all kinds that the caller may see, newest first. @throws AppError NOT_FOUND */
export function buyerTimeline(
  deps: CustomersDeps,
  key: { shopId: string; buyerId: string },
  caller: StaffCaller,
  query: { cursor?: string | undefined; limit: number; kind?: BuyerMoment['kind'] | undefined },
): Promise<Page<BuyerMoment>> {
  const before = decodeCursor(query.cursor, MomentPlace)
  const sources = deps
    .parts()
    .flatMap(({ moments = [] }) => moments)
    .filter(({ kind, permission }) => {
      const isMeant = query.kind === undefined || query.kind === kind
      return isMeant && (permission === undefined || caller.permissions.has(permission))
    })
  return deps.db.read('system', async (tx) => {
    await required(tx, key)
    const found: BuyerMoment[] = []
    for (const { kind, read } of sources)
      for (const moment of await read(tx, key, { before, limit: query.limit + 1 })) found.push({ ...moment, kind })
    found.sort((a, b) => (a.at === b.at ? order(b.id, a.id) : order(b.at, a.at)))
    return keysetPage(found, query.limit, ({ at, id }) => ({ at, id }))
  })
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function required(tx: Tx, key: { shopId: string; buyerId: string }): Promise<ShopBuyerRow> {
  const row = await findShopBuyer(tx, key)
  if (!row) throw new AppError('NOT_FOUND', { values: { what: '这位买家' } })
  return row
}
