import type { Client } from '@zhanggui/contract/client'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Member levels, and price rules of every kind, so that labels, countdowns and announcements can be seen. */
export async function addPrices(client: Client, shopId: string, nowMs: number): Promise<void> {
  const params = { shopId }
  const { items: rules } = await client('console.priceRules', { params })
  if (rules.length > 0) return
  const levels = await memberLevels(client, shopId)
  const { items } = await client('console.products', { params, query: { state: 'on-sale', sort: 'title', limit: 8 } })
  const goods = (from: number, to: number) => items.slice(from, to).map(({ id }) => ({ productId: id }))
  const at = (ms: number) => new Date(nowMs + ms).toISOString()
  const make = (body: Parameters<typeof client<'console.createPriceRule'>>[1]['body']) =>
    body.items.length === 0 ? undefined : client('console.createPriceRule', { params, body })
  await make({
    ...{ kind: 'scheduled', label: '限时特惠', method: 'percent', value: 8500, rounding: 'nine' },
    ...{ startsAt: at(-6 * HOUR_MS), endsAt: at(2 * DAY_MS), items: goods(0, 2) },
  })
  await make({
    ...{ kind: 'scheduled', label: '周末闪购', method: 'percent', value: 8000, rounding: 'jiao' },
    ...{ startsAt: at(DAY_MS), endsAt: at(3 * DAY_MS), items: goods(2, 4) },
  })
  await make({
    ...{ kind: 'member', label: '金卡价', method: 'percent', value: 9000, levelIds: [levels[1]!], items: goods(0, 8) },
  })
  await make({
    kind: 'channel',
    label: '小程序专享',
    method: 'minus',
    value: 100,
    channels: ['mini'],
    items: goods(4, 6),
  })
  await make({
    ...{ kind: 'region', label: '远途价', method: 'percent', value: 11_000, items: goods(4, 5) },
    provinces: ['新疆维吾尔自治区', '西藏自治区'],
  })
  const [first, second, third, fourth] = items
  if (!first || !second || !third || !fourth) return
  const target = { params: { shopId, productId: first.id } }
  await client('console.setRelatedProducts', {
    ...target,
    body: { kind: 'related', productIds: [third.id, fourth.id] },
  })
  await client('console.setRelatedProducts', { ...target, body: { kind: 'substitute', productIds: [second.id] } })
}

/** Ids of the levels, lowest first. */
async function memberLevels(client: Client, shopId: string): Promise<string[]> {
  const params = { shopId }
  const { items } = await client('console.memberLevels', { params })
  const levels = [
    { name: '银卡', rank: 1, note: '累计满 200 元' },
    { name: '金卡', rank: 2, note: '累计满 1,000 元' },
  ]
  for (const body of levels.slice(items.length)) await client('console.createMemberLevel', { params, body })
  return (await client('console.memberLevels', { params })).items.map(({ id }) => id)
}
