import pg from 'pg'
import { newId } from '../../apps/server/src/kernel/ids.ts'
import { type CpuCost, costOf, type createCpuMeter } from './cpu.ts'

export interface RawResult extends CpuCost {
  perSecond: number
}

const TABLES = `
  create table raw_stock (shop_id uuid, sku_id uuid, available bigint not null check (available >= 0), primary key (shop_id, sku_id));
  create table raw_orders (shop_id uuid, id uuid, buyer_id uuid, key text, state text, total_fen bigint, address jsonb,
    placed_at timestamptz, primary key (shop_id, id), unique (shop_id, buyer_id, key));
  create table raw_lines (shop_id uuid, order_id uuid, line smallint, sku_id uuid, title text, quantity int, price_fen bigint,
    primary key (shop_id, order_id, line));
  create table raw_outbox (id bigint generated always as identity primary key, shop_id uuid, name text, payload jsonb)`

const ADDRESS = JSON.stringify({
  name: '张三',
  phone: '13800000000',
  province: '广东省',
  city: '深圳市',
  detail: '科技园 1 号楼 203',
})

/** Tables of their own for the comparison: the least that an order can be. */
export async function prepareRaw(adminUrl: string, shopId: string, skuIds: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  await client.query(TABLES)
  await client.query('insert into raw_stock select $1, id, 100000000 from unnest($2::uuid[]) as s(id)', [
    shopId,
    skuIds,
  ])
  await client.query('analyze raw_stock')
  await client.end()
}

/**
 * What most shops do: for each order begin, conditional stock update, insert order, insert line, insert outbox row,
 * commit. Prepared statements, no HTTP, straight from this process.
 */
export async function runRaw(
  adminUrl: string,
  shopId: string,
  skuIds: readonly string[],
  { connections, seconds }: { connections: number; seconds: number },
  meter: Awaited<ReturnType<typeof createCpuMeter>>,
): Promise<RawResult> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: adminUrl }))
  await Promise.all(clients.map((client) => client.connect()))
  const started = performance.now()
  const until = started + seconds * 1000
  let done = 0
  const work = async (client: pg.Client) => {
    while (performance.now() < until) {
      const skuId = skuIds[Math.floor(Math.random() * skuIds.length)]!
      await order(client, shopId, skuId)
      done++
    }
  }
  const { cpu } = await meter.during(() => Promise.all(clients.map(work)))
  const perSecond = Math.round(done / ((performance.now() - started) / 1000))
  await Promise.all(clients.map((client) => client.end()))
  return { perSecond, ...costOf(cpu, done) }
}

async function order(client: pg.Client, shopId: string, skuId: string): Promise<void> {
  const [orderId, buyerId] = [newId(), newId()]
  const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values })
  await client.query('begin')
  const { rowCount } = await run(
    'raw-stock',
    'update raw_stock set available = available - 1 where shop_id = $1 and sku_id = $2 and available >= 1',
    [shopId, skuId],
  )
  if (rowCount !== 1) throw new Error('The benchmark ran out of stock')
  await run('raw-order', `insert into raw_orders values ($1, $2, $3, $4, 'awaiting-payment', 1000, $5, now())`, [
    shopId,
    orderId,
    buyerId,
    orderId,
    ADDRESS,
  ])
  await run('raw-line', `insert into raw_lines values ($1, $2, 1, $3, '青瓷杯', 1, 1000)`, [shopId, orderId, skuId])
  await run('raw-outbox', `insert into raw_outbox (shop_id, name, payload) values ($1, 'orders.order-placed', $2)`, [
    shopId,
    JSON.stringify({ orderId, buyerId, totalFen: 1000, lines: [{ skuId, quantity: 1 }] }),
  ])
  await client.query('commit')
}
