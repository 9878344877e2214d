/**
 * `npm run bench -- reconcile [lines]`: a day of 100,000 bill lines (half trade bill, half fund-flow bill) of one shop
 * is kept and compared with as many payments, orders and ledger transfers; some of them differ, so that finding is
 * measured and not only agreeing.
 */
import pg from 'pg'
import type { FundFlowRow, TradeBillRow } from '../apps/server/src/adapters/wechat-pay/index.ts'
import { systemClock } from '../apps/server/src/kernel/clock.ts'
import { Db, sql } from '../apps/server/src/kernel/db.ts'
import { newId } from '../apps/server/src/kernel/ids.ts'
import { migrate } from '../apps/server/src/kernel/migrate.ts'
import { accountId } from '../apps/server/src/ledger/index.ts'
import { createReconciliation } from '../apps/server/src/modules/reconciliation/index.ts'
import { concludeBench } from './support/bars.ts'

const LIMIT_SECONDS = 10
const DAY = '2026-11-10'
const AMOUNT_FEN = 4_990
/** One of so many is not in the bill. */
const MISSING_EVERY = 1_000

process.env.NODE_ENV = 'production'
const lines = Number(process.argv[2] ?? 100_000)
const adminUrl = process.env.DATABASE_ADMIN_URL
if (!adminUrl) throw new Error('DATABASE_ADMIN_URL is not set: run `npm run bench -- reconcile`')
const { appUrl } = await migrate({ adminUrl, appPassword: 'bench-only' })
const db = new Db({ url: appUrl })
const shopId = newId()
const payments = lines / 2
await fill()

const at = (n: number) => new Date(Date.parse(`${DAY}T00:00:00+08:00`) + 1000 + Math.floor((n / payments) * 80_000_000))
const transactionId = (n: number) => `42000000${String(n).padStart(10, '0')}`
const rows = Array.from({ length: payments }, (_, n) => n)
const trade = rows
  .filter((n) => n % MISSING_EVERY !== 0)
  .map(
    (n): TradeBillRow => ({
      ...{
        tradedAt: at(n),
        appid: 'wx',
        mchid: '1',
        subMchid: '0',
        transactionId: transactionId(n),
        outTradeNo: `B${n}X0P01`,
        openid: 'o',
      },
      ...{
        tradeType: 'JSAPI',
        tradeState: 'SUCCESS',
        bankType: 'OTHERS',
        currency: 'CNY',
        settledFen: AMOUNT_FEN,
        couponFen: 0,
      },
      ...{
        refundId: null,
        outRefundNo: null,
        refundFen: 0,
        couponRefundFen: 0,
        refundType: '',
        refundStatus: '',
        productName: '茶',
      },
      ...{ attach: '', feeE5: 29_940, feeFen: 30, feeRateBp: 60, orderFen: AMOUNT_FEN, requestedRefundFen: 0 },
    }),
  )
const flow = rows.map(
  (n): FundFlowRow => ({
    ...{ bookedAt: at(n), businessId: transactionId(n), flowId: `F${n}`, businessName: '交易', businessType: '交易' },
    ...{ amountFen: AMOUNT_FEN, balanceFen: 0, requestedBy: '', remark: '', voucherNo: `B${n}X0P01` },
  }),
)
const none = async () => ({ rows: [], summary: { count: 0, amountFen: 0 } })
const reconciliation = createReconciliation({
  db,
  clock: systemClock,
  settings: { get: async (setting: { default: unknown }) => setting.default } as never,
  parties: { listShops: async () => [{ id: shopId }], requireShop: async () => ({}) } as never,
  payments: { askPayment: async () => {}, askRefund: async () => {} },
  staffName: async () => undefined,
  wechatPay: {
    tradeBill: async () => ({ rows: trade, summary: {} as never }),
    fundFlowBill: async () => ({ rows: flow, summary: {} as never }),
    splitBill: none,
  },
  log: { info() {}, warn() {} },
})

const timed = async (work: () => Promise<unknown>) => {
  const from = performance.now()
  await work()
  return Math.round(performance.now() - from) / 1000
}
const first = await timed(() => reconciliation.reconcileAll(DAY))
const again = await timed(() => reconciliation.reconcileAll(DAY))
const compareOnly = await timed(() => reconciliation.compareDay(shopId, DAY))
const found = await db.read('system', (tx) =>
  tx.one<{ open: number }>(
    sql`select count(*) as open from reconciliation_differences where shop_id = ${shopId} and state = 'open'`,
  ),
)
concludeBench(
  'reconcile',
  [
    { name: `${lines} bill lines kept and compared, seconds`, value: first, limit: LIMIT_SECONDS, side: 'most' },
    { name: 'the same day again, seconds', value: again, limit: LIMIT_SECONDS, side: 'most' },
    { name: 'compared alone, seconds', value: compareOnly },
    { name: 'differences found', value: found.open, limit: payments / MISSING_EVERY },
  ],
  { lines },
)
await db.close()

/** Paid orders of the day with their postings. */
async function fill(): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl! })
  await client.connect()
  const id = (kind: string) => `('${kind}0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
  const paidAt = `'${DAY}T00:00:01+08:00'::timestamptz + make_interval(secs => n::float8 / ${payments} * 80000)`
  await client.query(
    `create temp table filled as select n, ${paidAt} as at from generate_series(0, ${payments - 1}) as n`,
  )
  await client.query(`
    insert into orders (shop_id, id, buyer_id, order_no, state, version, idempotency_key, request_digest, goods_fen, discount_fen,
      freight_fen, total_fen, paid_fen, item_count, address_sealed, receiver_masked, phone_masked, phone_hash, province, city,
      district, buyer_note, placed_at, pay_before, paid_at)
    select '${shopId}', ${id('a')}, ${id('b')}, 'B' || n || 'X0', 'awaiting-shipment', 2, n::text, '', ${AMOUNT_FEN}, 0, 0, ${AMOUNT_FEN},
      ${AMOUNT_FEN}, 1, '', '', '', '', '', '', '', '', at, at, at from filled`)
  await client.query(`
    insert into payments (shop_id, id, order_id, order_no, buyer_id, attempt, method, state, amount_fen, out_trade_no, appid,
      expires_at, transaction_id, paid_at, taken, prepay_at, created_at)
    select '${shopId}', ${id('c')}, ${id('a')}, 'B' || n || 'X0', ${id('b')}, 1, 'mini', 'paid', ${AMOUNT_FEN}, 'B' || n || 'X0P01', 'wx',
      at, '42000000' || lpad(n::text, 10, '0'), at, true, at, at from filled`)
  await client.query(
    `insert into ledger_transfers (shop_id, id, debit_account, credit_account, amount, unit, code, kind, reference_type, reference_id, created_at)
     select $1, ${id('c')}, $2, ${id('d')}, ${AMOUNT_FEN}, 'CNY', 'payment.received', 'posted', 'order', (${id('a')})::text, at from filled`,
    [shopId, accountId('channel.wechat', shopId)],
  )
  await client.query('vacuum analyze')
  await client.end()
}
