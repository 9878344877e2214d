/**
 * `npm run bench -- checkout [seconds]`: buyers of a demo shop, which runs as `npm start` runs it, buy as the storefront
 * does: the price, the order, the payment's parameters, the tap in WeChat (the bundled simulator), and reading the order
 * until WeChat's signed notification has made it paid. Reports what an order takes; nothing is assumed. (ORD-02, PAY-01)
 */
import { setTimeout as delay } from 'node:timers/promises'
import { startOwnShop } from '../scripts/demo/shop.ts'
import { newKey, type Visitor, visit } from '../tests/support/http.ts'
import { concludeBench, describeMachine } from './support/bars.ts'

const BUYERS = [1, 8, 32]
const WARM_UP_SECONDS = 2
const POLL_MS = 25
const PAID_MS = 30_000
const STOCK = 100_000
const PROVINCE = '广东省'
const ADDRESS = {
  name: '张三',
  phone: '13800000000',
  province: PROVINCE,
  city: '深圳市',
  district: '南山区',
  street: '粤海街道',
  detail: '科技园 1 号楼 203',
}

const seconds = Number(process.argv[2] ?? 8)
const shop = await startOwnShop()
try {
  const { params, skuIds } = await fillShelves()
  console.log(`${describeMachine()}; ${seconds} s each\n`)
  console.log(
    `${'buyers'.padEnd(10)}${'orders/s'.padStart(10)}${'place p50'.padStart(11)}${'place p99'.padStart(11)}${'paid p50'.padStart(11)}${'paid p99'.padStart(11)}${'calls'.padStart(8)}`,
  )
  const rows = []
  const people = await Promise.all(Array.from({ length: Math.max(...BUYERS) }, (_, i) => signIn(i)))
  await rush(people.slice(0, 8), WARM_UP_SECONDS, params, skuIds)
  for (const count of BUYERS) {
    const row = await rush(people.slice(0, count), seconds, params, skuIds)
    rows.push({ buyers: count, ...row })
    const cells = [row.perSecond, row.placeP50Ms, row.placeP99Ms, row.paidP50Ms, row.paidP99Ms, row.callsPerOrder]
    console.log(
      String(count).padEnd(10) + cells.map((cell, i) => String(cell).padStart([10, 11, 11, 11, 11, 8][i]!)).join(''),
    )
  }
  const last = rows.at(-1)!
  concludeBench(
    'checkout',
    [
      { name: `paid orders a second, ${last.buyers} buyers`, value: last.perSecond },
      { name: 'calls to the shop an order', value: last.callsPerOrder },
    ],
    { rows },
  )
} finally {
  await shop.stop()
}

/** Plenty of everything that is on sale, so that nobody finds an empty shelf. */
async function fillShelves() {
  const staff = visit(shop.url)
  const [owner] = shop.signIns
  const { session } = await staff.call('auth.staffSignIn', {
    body: { account: owner!.user, password: owner!.password },
  })
  const params = { shopId: session!.shops[0]!.id }
  const { items } = await visit(shop.url).call('store.products', { params })
  const details = await Promise.all(
    items.map(({ id }) => visit(shop.url).call('store.product', { params: { ...params, productId: id } })),
  )
  const skuIds = details.flatMap(({ skus }) => skus.map(({ id }) => id))
  const warehouses = (await staff.call('console.warehouses', { params })).items
  const central = warehouses.find(({ kind }) => kind === 'central') ?? warehouses[0]!
  await staff.call('console.adjustStock', {
    params,
    idempotencyKey: newKey(),
    body: {
      warehouseId: central.id,
      reason: 'purchase',
      lines: skuIds.map((skuId) => ({ skuId, quantity: STOCK })),
    },
  })
  return { params, skuIds }
}

interface Buyer {
  personId: string
  visitor: Visitor
}

async function signIn(index: number): Promise<Buyer> {
  const person = await simulate<{ id: string }>('/__sim/people', {
    name: `买家${index}`,
    phone: `139${String(10_000_000 + index)}`,
  })
  const { code } = await simulate<{ code: string }>(`/__sim/people/${person.id}/login-code`, {})
  const { token } = await visit(shop.url).call('auth.miniSignIn', { body: { code } })
  return { personId: person.id, visitor: visit(shop.url, { authorization: `Bearer ${token}` }) }
}

async function simulate<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(shop.simulatorUrl.replace(/\/$/, '') + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** Everybody buys one thing after another until the time is over. */
async function rush(
  buyers: readonly Buyer[],
  forSeconds: number,
  params: { shopId: string },
  skuIds: readonly string[],
) {
  const placeMs: number[] = []
  const paidMs: number[] = []
  let calls = 0
  const startedAt = performance.now()
  const until = startedAt + forSeconds * 1000
  const buyOne = async ({ personId, visitor }: Buyer) => {
    const begunAt = performance.now()
    const lines = [{ skuId: skuIds[Math.floor(Math.random() * skuIds.length)]!, quantity: 1 }]
    const quote = await visitor.call('store.quote', { params, body: { lines, province: PROVINCE } })
    const askedAt = performance.now()
    const placed = await visitor.call('orders.place', {
      params,
      idempotencyKey: newKey(),
      body: { lines, address: ADDRESS, expectedTotalFen: quote.totalFen },
    })
    placeMs.push(performance.now() - askedAt)
    const at = { ...params, orderId: placed.orderId }
    const start = await visitor.call('payments.start', { params: at, body: { method: 'mini' } })
    calls += 3
    await simulate('/__sim/pay', { request: start.jsapi, person: personId, action: 'confirm' })
    for (const lateAt = performance.now() + PAID_MS; ; await delay(POLL_MS)) {
      calls++
      if ((await visitor.call('orders.get', { params: at })).state !== 'awaiting-payment') break
      if (performance.now() > lateAt) throw new Error(`Order ${placed.orderNo} was paid and is not known to be`)
    }
    paidMs.push(performance.now() - begunAt)
  }
  await Promise.all(
    buyers.map(async (buyer) => {
      while (performance.now() < until) await buyOne(buyer)
    }),
  )
  const orders = paidMs.length
  return {
    perSecond: Math.round((orders / ((performance.now() - startedAt) / 1000)) * 10) / 10,
    placeP50Ms: percentile(placeMs, 0.5),
    placeP99Ms: percentile(placeMs, 0.99),
    paidP50Ms: percentile(paidMs, 0.5),
    paidP99Ms: percentile(paidMs, 0.99),
    callsPerOrder: Math.round((calls / orders) * 10) / 10,
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}
