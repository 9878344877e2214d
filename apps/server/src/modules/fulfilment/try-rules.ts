import { CARRIERS, type RoutingDecision, type RoutingRule, SERVICE_LEVELS } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { SkuForSale } from '../catalog/index.ts'
import { type PlaceLevel, planWarehouses, type RoutedOrderRow, type RoutingFacts } from '../orders/index.ts'
import type { FulfilmentDeps } from './deps.ts'
import { type RoutingWorld, route } from './routing.ts'

type TryDeps = Pick<FulfilmentDeps, 'routing' | 'catalog' | 'orders' | 'stock'>
type Goods = ReadonlyMap<string, SkuForSale>

export interface Trial {
  province: string
  city: string
  district: string
  lines: readonly { skuId: string; quantity: number }[]
  totalFen?: number | undefined
  promotion: boolean
  campaigns: readonly string[]
  channel: string
  buyerLevel: string
}

/**
 * Where an order would go with these rules (those in force unless given) and today's stock, and why.
 * @throws AppError NOT_FOUND for an unknown SKU or order number
 */
export async function tryRules(
  tx: Tx,
  deps: TryDeps,
  shopId: string,
  input: { trial?: Trial | undefined; orderNo?: string | undefined; rules?: readonly RoutingRule[] | undefined },
) {
  const [order] =
    input.orderNo === undefined ? [] : await deps.orders.ordersForRouting(tx, shopId, { orderNo: input.orderNo })
  if (input.trial === undefined && order === undefined)
    throw new AppError('NOT_FOUND', { values: { what: `订单 ${input.orderNo}` }, field: 'orderNo' })
  const lines = order?.lines ?? input.trial!.lines
  const goods = await goodsOf(tx, deps, shopId, lines)
  const missing = lines.find((line) => !goods.has(line.skuId))
  if (missing !== undefined) throw new AppError('NOT_FOUND', { values: { what: `商品规格 ${missing.skuId}` } })
  const facts = order ? factsOfOrder(order, goods) : factsOfTrial(input.trial!, goods)
  const world = await deps.routing.world(tx, shopId, input.rules)
  const routed = route(world, facts)
  const { parts, short } = await planNow(tx, deps, shopId, { lines, goods, routed })
  const decision = routed.decide(parts)
  const names = new Map(world.warehouses.map((warehouse) => [warehouse.id, warehouse.name]))
  return {
    decision,
    warehouses: decision.parts.map(({ warehouseId, units }) => {
      return { id: warehouseId, name: names.get(warehouseId) ?? '', units }
    }),
    short,
    totalFen: facts.totalFen,
    weightGrams: facts.lines.reduce((sum, line) => sum + line.weightGrams * line.quantity, 0),
    order: order === undefined ? null : headOf(order),
  }
}

/** What the given rules would have decided otherwise for the last orders. Stock plays no part: only the decisions. */
export async function dryRun(
  tx: Tx,
  deps: TryDeps,
  shopId: string,
  input: { rules: readonly RoutingRule[]; last: number },
) {
  const orders = await deps.orders.ordersForRouting(tx, shopId, { last: input.last })
  const goods = await goodsOf(
    tx,
    deps,
    shopId,
    orders.flatMap((order) => order.lines),
  )
  const now = await deps.routing.world(tx, shopId)
  const then = await deps.routing.world(tx, shopId, input.rules)
  const matches = new Map<string, { ruleId: string; name: string; before: number; after: number }>()
  for (const { id, name } of [...now.rules, ...then.rules]) matches.set(id, { ruleId: id, name, before: 0, after: 0 })
  const changed = orders.flatMap((order) => {
    const facts = factsOfOrder(order, goods)
    const before = route(now, facts).decide([])
    const after = route(then, facts).decide([])
    for (const trace of before.rules) if (trace.outcome === 'matched') matches.get(trace.ruleId)!.before++
    for (const trace of after.rules) if (trace.outcome === 'matched') matches.get(trace.ruleId)!.after++
    const changes = differences(before, after, now)
    return changes.length === 0 ? [] : [{ ...headOf(order), changes }]
  })
  return { looked: orders.length, changed, matches: [...matches.values()] }
}

async function goodsOf(
  tx: Tx,
  { catalog }: TryDeps,
  shopId: string,
  lines: readonly { skuId: string }[],
): Promise<Goods> {
  return catalog.skusForSale(tx, shopId, [...new Set(lines.map((line) => line.skuId))])
}

const headOf = ({ id, orderNo, placedAt, province, city, district }: RoutedOrderRow) => ({
  orderId: id,
  orderNo,
  placedAt,
  region: [province, city, district].filter((part) => part !== '').join(' '),
})

function lineFacts(lines: readonly { skuId: string; quantity: number }[], goods: Goods): RoutingFacts['lines'] {
  return lines.flatMap(({ skuId, quantity }) => {
    const sku = goods.get(skuId)
    if (sku === undefined) return []
    const { code, categoryId, tags, role, weightGrams } = sku
    return [{ skuCode: code, categoryId, tags, role, weightGrams, quantity }]
  })
}

function factsOfOrder(order: RoutedOrderRow, goods: Goods): RoutingFacts {
  const { province, city, district, totalFen, discountFen, campaigns, lines } = order
  const promotion = discountFen < 0
  // What was not known when it was placed is not known now.
  const { channel, level } = order.routing ?? {}
  return {
    ...{ province, city, district, totalFen, promotion, campaigns, lines: lineFacts(lines, goods) },
    ...{ channel, buyerLevel: level },
  }
}

function factsOfTrial(trial: Trial, goods: Goods): RoutingFacts {
  const { province, city, district, lines, promotion, campaigns, channel, buyerLevel } = trial
  const goodsFen = lines.reduce((sum, line) => sum + goods.get(line.skuId)!.priceFen * line.quantity, 0)
  return {
    ...{ province, city, district, promotion, campaigns },
    totalFen: trial.totalFen ?? goodsFen,
    ...(channel === '' ? {} : { channel }),
    ...(buyerLevel === '' ? {} : { buyerLevel }),
    lines: lineFacts(lines, goods),
  }
}

async function planNow(
  tx: Tx,
  { stock }: TryDeps,
  shopId: string,
  order: {
    lines: readonly { skuId: string; quantity: number }[]
    goods: Goods
    routed: { warehouseIds: readonly string[]; split: 'together' | 'by-warehouse' }
  },
): Promise<{ parts: { warehouseId: string; quantity: number }[]; short: string | null }> {
  const levels = new Map<string, PlaceLevel[]>()
  const wanted = order.lines.map(({ skuId }) => ({ shopId, skuId }))
  for (const { skuId, warehouseId, available } of await stock.levels(tx, wanted)) {
    const places = levels.get(skuId) ?? []
    places.push({ warehouseId, available })
    levels.set(skuId, places)
  }
  const plan = planWarehouses(order.lines, levels, order.routed)
  if (plan.ok) return { parts: plan.parts, short: null }
  const { skuId, quantity } = order.lines[plan.line]!
  const { title, options } = order.goods.get(skuId)!
  return {
    parts: [],
    short: `「${[title, options].filter(Boolean).join(' ')}」要 ${quantity} 件，只有 ${plan.available} 件`,
  }
}

function differences(
  before: RoutingDecision,
  after: RoutingDecision,
  { warehouses }: RoutingWorld,
): { what: string; before: string; after: string }[] {
  const names = new Map(warehouses.map(({ id, name }) => [id, name]))
  const place = (decision: RoutingDecision) =>
    decision.warehouseIds.map((id) => names.get(id) ?? id).join('、') || '按仓库顺序'
  const pairs: [string, (decision: RoutingDecision) => string][] = [
    ['优先发货仓', place],
    ['拆单', ({ split }) => (split === 'together' ? '尽量一个包裹' : '按仓拆单')],
    ['快递', ({ carrier }) => (carrier === null ? '默认' : CARRIERS[carrier])],
    ['时效', ({ service }) => (service === null ? '默认' : SERVICE_LEVELS[service].zh)],
    ['提前打包', ({ prePack }) => (prePack ? '是' : '否')],
    ['打包备注', ({ packingNotes }) => packingNotes.join('；') || '无'],
  ]
  return pairs.flatMap(([what, say]) =>
    say(before) === say(after) ? [] : [{ what, before: say(before), after: say(after) }],
  )
}
