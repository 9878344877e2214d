import { sql } from '../../../apps/server/src/kernel/db.ts'
import { accountId, getBalances } from '../../../apps/server/src/ledger/index.ts'
import type { TestApp, TestShop } from '../app.ts'
import { wrongs } from '../sharing.ts'
import type { MoneyCheckReport } from './types.ts'

type Found = Omit<MoneyCheckReport, 'orders' | 'kills' | 'faults'>

interface OrderRow {
  id: string
  orderNo: string
  state: string
  paidFen: number
  partRefundFen: number
}

/** Compares every order, attempt, refund and split with what WeChat moved, and the ledger with itself. */
export async function findWrongs(app: TestApp, shop: TestShop, acknowledged: readonly string[]): Promise<Found> {
  const wrong: string[] = []
  const count = (words: readonly string[]) => {
    wrong.push(...words)
    return words.length
  }
  const orders = await ordersOf(app, shop)
  const byId = new Map(orders.map((order) => [order.id, order]))
  const { doubled, short } = charges(app, orders)
  const unexplained = [...short, ...(await attemptsThatDiffer(app, shop)), ...(await channelDiffers(app, shop))]
  return {
    charged: orders.filter((order) => netOf(app, order.orderNo) > 0).length,
    inFlight: count(await inFlight(app)),
    imbalances: count(await wrongs(app, shop)),
    unexplained: count(unexplained),
    doubleCharges: count(doubled),
    lost: count(
      acknowledged.filter((id) => !byId.has(id)).map((id) => `order ${id} was acknowledged and is not there`),
    ),
    wrong,
  }
}

const ordersOf = (app: TestApp, { shopId }: TestShop): Promise<OrderRow[]> =>
  app.app.db.read('system', (tx) =>
    tx.rows<OrderRow>(sql`
      select id, order_no, state, paid_fen, part_refund_fen from orders where shop_id = ${shopId}`),
  )

/** What WeChat has taken for an order and not given back. */
function netOf(app: TestApp, orderNo: string): number {
  const { paid, back } = movements(app)
  return (paid.get(orderNo) ?? 0) - (back.get(orderNo) ?? 0)
}

const kept = new WeakMap<TestApp, { paid: Map<string, number>; back: Map<string, number> }>()

/** Successful payments and refunds at WeChat, by the number of the order. */
function movements(app: TestApp) {
  let found = kept.get(app)
  if (found) return found
  found = { paid: new Map(), back: new Map() }
  const orderOf = new Map<string, string>()
  for (const { out_trade_no, success_at, amount } of app.sim.orders()) {
    // Attempts are numbered behind the order's number.
    const orderNo = out_trade_no.replace(/[A-Z]\d+$/, '')
    orderOf.set(out_trade_no, orderNo)
    if (success_at !== null) found.paid.set(orderNo, (found.paid.get(orderNo) ?? 0) + amount)
  }
  for (const { out_trade_no, status, amount } of app.sim.refunds()) {
    const orderNo = orderOf.get(out_trade_no)!
    if (status === 'SUCCESS') found.back.set(orderNo, (found.back.get(orderNo) ?? 0) + amount)
  }
  kept.set(app, found)
  return found
}

/** Each buyer is charged once for what the order says, or has everything back. */
function charges(app: TestApp, orders: readonly OrderRow[]) {
  const doubled: string[] = []
  const short: string[] = []
  for (const order of orders) {
    const isKept = ['awaiting-shipment', 'shipped', 'completed', 'refunding'].includes(order.state)
    const owedFen = isKept ? order.paidFen - order.partRefundFen : 0
    const netFen = netOf(app, order.orderNo)
    const words = `order ${order.orderNo} (${order.state}): ${owedFen} are due, WeChat has ${netFen}`
    if (netFen > owedFen) doubled.push(words)
    if (netFen < owedFen) short.push(words)
  }
  return { doubled, short }
}

/** What has no outcome yet, with why. */
export async function inFlight(app: TestApp): Promise<string[]> {
  const rows = await app.app.db.read('system', (tx) =>
    tx.rows<{ what: string; number: string; state: string; error: string | null }>(sql`
      select 'payment' as what, out_trade_no as number, state, last_error as error from payments
      where state in ('created', 'pending')
      union all select 'refund', out_refund_no, state, last_error from refunds where state in ('created', 'processing')
      union all select 'split', out_order_no, state, last_error from splits where state in ('created', 'processing')
      union all select 'return', out_return_no, state, last_error from split_returns
      where state in ('created', 'processing')
      union all select 'withdrawal', number, state, last_error from withdrawals
      where state in ('created', 'processing', 'waiting', 'cancelling')`),
  )
  return rows.map(({ what, number, state, error }) => `${what} ${number} is ${state}: ${error ?? 'no error'}`)
}

/** Payments and refunds, here and at WeChat, one by one. */
async function attemptsThatDiffer(app: TestApp, { shopId }: TestShop): Promise<string[]> {
  const here = await app.app.db.read('system', (tx) =>
    tx.rows<{ number: string; fen: number }>(sql`
      select out_trade_no as number, amount_fen as fen from payments where shop_id = ${shopId} and state = 'paid'
      union all select out_refund_no, -amount_fen from refunds where shop_id = ${shopId} and state = 'succeeded'`),
  )
  const there = new Map<string, number>()
  for (const { out_trade_no, success_at, amount } of app.sim.orders())
    if (success_at !== null) there.set(out_trade_no, amount)
  for (const { out_refund_no, status, amount } of app.sim.refunds())
    if (status === 'SUCCESS') there.set(out_refund_no, -amount)
  const differing: string[] = []
  for (const { number, fen } of here) {
    if (there.get(number) !== fen) differing.push(`${number}: ${fen} here, ${there.get(number) ?? 'nothing'} at WeChat`)
    there.delete(number)
  }
  return [...differing, ...[...there].map(([number, fen]) => `${number}: nothing here, ${fen} at WeChat`)]
}

/** What the ledger says WeChat has, beside what WeChat's own account says, its fees left out. */
async function channelDiffers(app: TestApp, { shopId }: TestShop): Promise<string[]> {
  const id = accountId('channel.wechat', shopId)
  const balances = await app.app.db.read('system', (tx) => getBalances(tx, shopId, [id]))
  const here = -(balances.get(id)?.balance ?? 0)
  const moved = app.sim.flows().filter(({ kind }) => !NOT_OF_ORDERS.has(kind))
  // A refund's movement is lessened by the fee that comes back with it.
  const refunded = app.sim.refunds().filter(({ status }) => status === 'SUCCESS')
  const there = sumOf(moved.map(({ amount }) => amount)) - sumOf(refunded.map(({ fee_returned }) => fee_returned))
  return here === there ? [] : [`channel.wechat is ${here} in the ledger, ${there} by WeChat's account`]
}

/** Movements that no order makes: what was put in for the test, and WeChat's fees. */
const NOT_OF_ORDERS: ReadonlySet<string> = new Set(['充值', '提现', '扣除交易手续费'])

const sumOf = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0)
