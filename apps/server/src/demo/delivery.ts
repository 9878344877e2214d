import { randomUUID } from 'node:crypto'
import { fen } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import { setWhereDefault } from './settings.ts'

const CITY = { province: '广东省', city: '深圳市' }
/** The lane's own shop, in Nanshan. */
const SHOP = { latitude: 22.5405, longitude: 113.9534 }

const POINTS = [
  {
    ...{ name: '科苑店', district: '南山区', address: '科苑路 15 号一层', phone: '0755-8666 1001' },
    location: { latitude: 22.5431, longitude: 113.9519 },
  },
  {
    ...{ name: '海岸城店', district: '南山区', address: '文心五路 33 号 B1', phone: '0755-8666 1002' },
    location: { latitude: 22.5176, longitude: 113.9349 },
  },
  {
    ...{ name: '车公庙店', district: '福田区', address: '泰然九路 12 号', phone: '0755-8666 1003' },
    location: { latitude: 22.5357, longitude: 114.0266 },
  },
]

const ZONES = [
  { name: '三公里内', districts: [], maxMeters: 3000, feeFen: fen(500), freeFromFen: fen(5900) },
  { name: '南山、福田', districts: ['南山区', '福田区'], feeFen: fen(900), freeFromFen: fen(9900) },
  { name: '深圳其他区', districts: ['罗湖区', '宝安区', '龙华区'], feeFen: fen(1500), minGoodsFen: fen(3900) },
]

/** The demo shop delivers by courier, within two hours in its own city, and at three points within a day. */
export async function addDelivery(client: Client, shopId: string): Promise<void> {
  const params = { shopId }
  const { items: warehouses } = await client('console.warehouses', { params })
  const warehouseId = warehouses.find((warehouse) => warehouse.kind === 'front')?.id ?? null
  const { area } = await client('console.sameCity', { params })
  if (area === null)
    await client('console.saveSameCity', {
      params,
      body: { ...CITY, location: SHOP, warehouseId, zones: ZONES, opensAt: '08:00', closesAt: '22:00', version: 0 },
    })
  const { items: points } = await client('console.pickUpPoints', { params })
  for (const point of POINTS)
    if (!points.some(({ name }) => name === point.name))
      await client('console.createPickUpPoint', { params, body: { ...CITY, ...point, warehouseId } })
  await setWhereDefault(client, shopId, { 'delivery.same-city': true, 'delivery.pick-up': true })
}

/** Beside the rules every shop begins with: two of its own, so that versions and reasons can be seen. */
export async function addRoutingRules(client: Client, shopId: string): Promise<void> {
  const params = { shopId }
  const { version, rules } = await client('console.routingRules', { params })
  if (version > 1 || rules.some(({ name }) => name === '送礼商品加贺卡')) return
  const own = { enabled: true, match: 'all' as const, stop: false }
  await client('console.saveRoutingRules', {
    params,
    body: {
      version,
      note: '偏远地区走邮政，送礼的附贺卡',
      rules: [
        ...rules,
        {
          ...{ ...own, id: randomUUID(), name: '新疆、西藏走邮政' },
          conditions: [{ field: 'province', operator: 'in', values: ['新疆维吾尔自治区', '西藏自治区'] }],
          effects: { carrier: 'EMS', split: 'together' },
        },
        {
          ...{ ...own, id: randomUUID(), name: '送礼商品加贺卡' },
          conditions: [{ field: 'tag', operator: 'in', values: ['送礼'] }],
          effects: { packingNote: '附手写贺卡，不放价签' },
        },
      ],
    },
  })
}
