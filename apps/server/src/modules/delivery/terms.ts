import { DELIVERY_METHODS, type DeliveryOption, type GeoPoint, type PickUpPoint } from '@zhanggui/contract'
import { fen, formatMoney } from '@zhanggui/contract/money'
import { MINUTE_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { DeliveryTerms, DeliveryWanted } from '../orders/index.ts'
import type { Viewer } from '../prices/index.ts'
import type { DeliveryDeps } from './deps.ts'
import { dueAt, durationText, kilometers, metersBetween, zoneOf, zonesByDistance } from './rules.ts'
import { courierOn, pickUpOn, pickUpReadyHours, sameCityMinutes, sameCityOn } from './settings.ts'
import type { Frozen } from './store.ts'
import { type AreaRow, areasOf, type PointRow, pointsOf } from './store-places.ts'

type TermsDeps = Pick<DeliveryDeps, 'settings'>

/** The terms of each wish as they are now, in order; an AppError in the buyer's words where it cannot be had. */
export async function deliveryTerms(
  tx: Tx,
  deps: TermsDeps,
  wanted: readonly DeliveryWanted[],
): Promise<(DeliveryTerms | Error)[]> {
  const shopIds = [...new Set(wanted.map((each) => each.shopId))]
  const areas = await areasOf(tx, shopIds)
  const points = await pointsOf(tx, shopIds, { activeOnly: true })
  const answers: (DeliveryTerms | Error)[] = []
  for (const each of wanted) {
    try {
      answers.push(
        each.choice.method === 'pick-up'
          ? await pickUpTerms(tx, deps, each, points)
          : await sameCityTerms(tx, deps, each, areas.get(each.shopId)),
      )
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      answers.push(error)
    }
  }
  return answers
}

async function sameCityTerms(
  tx: Tx,
  { settings }: TermsDeps,
  { shopId, choice, ...address }: DeliveryWanted,
  area: AreaRow | undefined,
): Promise<DeliveryTerms> {
  if (area === undefined || !(await settings.get(sameCityOn, { shopId }, tx)))
    throw unavailable('same-city', '本店未开通')
  const answer = zoneOf(area, { ...address, location: choice.location })
  if (!answer.ok) throw unavailable('same-city', answer.reason)
  const { zone, meters } = answer
  const { opensAt, closesAt, warehouseId } = area
  const frozen: Frozen = { opensAt, closesAt, zone: zone.name }
  return {
    method: 'same-city',
    feeFen: zone.feeFen,
    freeFromFen: zone.freeFromFen,
    minGoodsFen: zone.minGoodsFen,
    note: zoneNote(zone, meters),
    promiseMinutes: zone.promiseMinutes ?? (await settings.get(sameCityMinutes, { shopId }, tx)),
    warehouseId,
    pointId: null,
    place: null,
    frozen: { ...frozen },
  }
}

function zoneNote(zone: AreaRow['zones'][number], meters: number | null): string {
  const free = zone.freeFromFen === null ? '' : `，满 ${formatMoney(fen(zone.freeFromFen))} 免配送费`
  return `${zone.name}${meters === null ? '' : `，距门店 ${kilometers(meters)}`}${free}`
}

async function pickUpTerms(
  tx: Tx,
  { settings }: TermsDeps,
  { shopId, choice }: DeliveryWanted,
  points: readonly PointRow[],
): Promise<DeliveryTerms> {
  if (!(await settings.get(pickUpOn, { shopId }, tx))) throw unavailable('pick-up', '本店未开通')
  const point = points.find((each) => each.shopId === shopId && each.id === choice.pointId)
  if (point === undefined) throw unavailable('pick-up', choice.pointId ? '自提点已停用，请换一个' : '请选择自提点')
  const { id, name, province, city, district, address, phone, location, opensAt, closesAt } = point
  const frozen: Frozen = {
    opensAt,
    closesAt,
    point: { id, name, province, city, district, address, phone, location },
  }
  return {
    method: 'pick-up',
    feeFen: 0,
    freeFromFen: null,
    minGoodsFen: 0,
    note: '到店自提，免运费',
    promiseMinutes: (await settings.get(pickUpReadyHours, { shopId }, tx)) * 60,
    warehouseId: point.warehouseId,
    pointId: id,
    place: { province, city, district, detail: `${address}（${name}）`.slice(0, 120) },
    frozen: { ...frozen },
  }
}

const unavailable = (method: 'same-city' | 'pick-up', reason: string): AppError =>
  new AppError('DELIVERY_UNAVAILABLE', { values: { method: DELIVERY_METHODS[method].zh, reason } })

/** Those of the shops that send nothing by courier. */
export async function withoutCourier(
  tx: Tx,
  { settings }: TermsDeps,
  shopIds: readonly string[],
): Promise<Set<string>> {
  const off = new Set<string>()
  for (const shopId of shopIds) if (!(await settings.get(courierOn, { shopId }, tx))) off.add(shopId)
  return off
}

/** By when an order that is paid at an instant is promised. */
export function promisedAt(
  { method, promiseMinutes, frozen }: { method: string; promiseMinutes: number; frozen: Frozen },
  paidAt: string,
  timeZone: string,
): string {
  if (method === 'pick-up') return plusMs(paidAt, promiseMinutes * MINUTE_MS)
  return dueAt(paidAt, promiseMinutes, frozen, timeZone)
}

export interface OptionsWish {
  shopId: string
  /** Who looks: prices may depend on it. */
  viewer: Viewer
  lines: readonly { skuId: string; quantity: number }[]
  province?: string | undefined
  city?: string | undefined
  district?: string | undefined
  location?: GeoPoint | undefined
}

/** Every way of delivery the shop has, with fee and promise for these goods, and the points to fetch them at. */
export async function deliveryOptions(
  tx: Tx,
  deps: DeliveryDeps,
  wish: OptionsWish,
): Promise<{ options: DeliveryOption[]; points: PickUpPoint[] }> {
  const { settings, clock } = deps
  const { shopId, location, province = '', city = '', district = '' } = wish
  const { timeZone } = await deps.shopOf(tx, shopId)
  const now = clock.instant()
  const { viewer, lines } = wish
  const { price, isIn, refusedIn } = await deps.orders.priceGoods(tx, { shopId, lines, viewer, at: now })
  const goodsFen = price.goodsFen + price.discountFen
  const options: DeliveryOption[] = []
  const refusal = province === '' ? undefined : refusedIn(province)
  if (await settings.get(courierOn, { shopId }, tx))
    options.push({
      method: 'courier',
      available: price.deliverable !== false && refusal === undefined,
      reason: price.deliverable === false ? '该地址暂不配送' : (refusal?.message ?? null),
      feeFen: price.freightFen,
      promise: '付款后 48 小时内发货',
      promisedAt: null,
      note: price.freightNote,
      needsPlace: false,
    })
  const local = (method: 'same-city' | 'pick-up', terms: DeliveryTerms | Error, promise: string): DeliveryOption => {
    const off = { method, available: false, feeFen: null, promise, promisedAt: null, note: '', needsPlace: false }
    if (!('method' in terms)) return { ...off, reason: reasonOf(terms) }
    if (goodsFen < terms.minGoodsFen)
      return { ...off, reason: `满 ${formatMoney(fen(terms.minGoodsFen))} 起送`, note: terms.note }
    if (!isIn(terms.warehouseId)) return { ...off, reason: '附近门店缺货', note: terms.note }
    const due = promisedAt({ ...terms, frozen: terms.frozen as unknown as Frozen }, now, timeZone)
    const free = terms.freeFromFen !== null && goodsFen >= terms.freeFromFen
    return {
      ...off,
      available: true,
      reason: null,
      feeFen: fen(free ? 0 : terms.feeFen),
      promisedAt: due,
      note: terms.note,
    }
  }
  if (await settings.get(sameCityOn, { shopId }, tx)) {
    const wanted = { shopId, choice: { method: 'same-city' as const, location }, province, city, district }
    const [terms] = await deliveryTerms(tx, deps, [wanted])
    const minutes =
      'promiseMinutes' in terms! ? terms.promiseMinutes : await settings.get(sameCityMinutes, { shopId }, tx)
    const area = location === undefined ? (await areasOf(tx, [shopId])).get(shopId) : undefined
    const needsPlace = city !== '' && area !== undefined && zonesByDistance(area, { province, city, district })
    options.push({ ...local('same-city', terms!, `付款后 ${durationText(minutes)}内送达`), needsPlace })
  }
  const points = (await settings.get(pickUpOn, { shopId }, tx)) ? await nearestPoints(tx, shopId, location) : []
  if (points.length > 0) {
    const servedHere = points.map((point) => ({
      shopId,
      choice: { method: 'pick-up' as const, pointId: point.id },
      ...{ province, city, district },
    }))
    const terms = await deliveryTerms(tx, deps, servedHere)
    const hours = await settings.get(pickUpReadyHours, { shopId }, tx)
    const choices = terms.map((each) => local('pick-up', each, `付款后 ${hours} 小时内可取`))
    options.push(choices.find((option) => option.available) ?? choices[0]!)
    return { options, points: points.filter((_, index) => choices[index]!.available) }
  }
  return { options, points }
}

const reasonOf = (error: Error): string =>
  error instanceof AppError ? String(error.details.values?.reason ?? error.message) : error.message

/** Active points, the nearest first where the buyer told where that is. */
async function nearestPoints(tx: Tx, shopId: string, from: GeoPoint | undefined): Promise<PickUpPoint[]> {
  const rows = await pointsOf(tx, [shopId], { activeOnly: true })
  return rows
    .map((row) => toPoint(row, from && row.location ? metersBetween(from, row.location) : null))
    .sort((a, b) => (a.distanceMeters ?? Number.MAX_SAFE_INTEGER) - (b.distanceMeters ?? Number.MAX_SAFE_INTEGER))
    .slice(0, 100)
}

export const toPoint = (row: Omit<PointRow, 'version'> | PointRow, distanceMeters: number | null): PickUpPoint => {
  const { id, name, province, city, district, address, phone, opensAt, closesAt, location } = row
  return { id, name, province, city, district, address, phone, opensAt, closesAt, location, distanceMeters }
}
