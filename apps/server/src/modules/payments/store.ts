import { empty, sql, type Tx } from '../../kernel/db.ts'

/** The whole that an attempt is a part of, when several orders are paid at once. */
export interface CombinedKey {
  no: string
  parts: { shopId: string; outTradeNo: string }[]
}

export interface PaymentRow {
  shopId: string
  id: string
  orderId: string
  orderNo: string
  buyerId: string
  attempt: number
  method: 'mini' | 'jsapi' | 'h5' | 'native'
  state: 'created' | 'pending' | 'paid' | 'closed' | 'failed'
  amountFen: number
  outTradeNo: string
  appid: string
  expiresAt: string
  prepayId: string | null
  h5Url: string | null
  codeUrl: string | null
  transactionId: string | null
  payerOpenid: string | null
  paidAt: string | null
  /** When WeChat was last asked to open it. */
  prepayAt: string
  /** Questions to WeChat that failed, in a row. */
  failures: number
  /** Whether it was opened so that WeChat keeps the money for splitting. */
  profitSharing: boolean
  combined: CombinedKey | null
  /** To be closed at WeChat: another way of paying was begun after it. */
  givenUp: boolean
}

const PAYMENT = sql`p.shop_id, p.id, p.order_id, p.order_no, p.buyer_id, p.attempt, p.method, p.state, p.amount_fen, p.out_trade_no,
  p.appid, p.expires_at, p.prepay_id, p.h5_url, p.code_url, p.transaction_id, p.payer_openid, p.paid_at, p.prepay_at, p.failures,
  p.profit_sharing, p.combined, p.given_up`

export const paymentsOfOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<PaymentRow>(
    sql`select ${PAYMENT} from payments p where shop_id = ${shopId} and order_id = ${orderId} order by attempt desc limit 100`,
  )

export const paymentByTradeNo = async (tx: Tx, shopId: string, outTradeNo: string): Promise<PaymentRow | undefined> =>
  (await paymentsByTradeNo(tx, [{ shopId, outTradeNo }]))[0]

/** Payments by WeChat's numbers, locked one after another in the order of their keys until the transaction ends. */
export const paymentsByTradeNo = (tx: Tx, keys: readonly { shopId: string; outTradeNo: string }[]) =>
  tx.rows<PaymentRow>(sql`
    select ${PAYMENT}
    from payments p where (p.shop_id, p.out_trade_no) in (
      select * from unnest(${keys.map((key) => key.shopId)}::uuid[], ${keys.map((key) => key.outTradeNo)}::text[]))
    order by p.shop_id, p.id for update of p`)

export const paymentById = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<PaymentRow>(sql`select ${PAYMENT} from payments p where shop_id = ${shopId} and id = ${id}`)

/** The payment that an order took; undefined when WeChat had no part in it. */
export const takenPayment = (tx: Tx, shopId: string, orderId: string) =>
  tx.maybe<{
    transactionId: string | null
    appid: string
    method: PaymentRow['method']
    amountFen: number
    paidAt: string
    profitSharing: boolean
  }>(sql`
    select transaction_id, appid, method, amount_fen, paid_at, profit_sharing from payments
    where shop_id = ${shopId} and order_id = ${orderId} and state = 'paid' and taken limit 1`)

export async function insertPayment(
  tx: Tx,
  row: Omit<
    PaymentRow,
    'prepayId' | 'h5Url' | 'codeUrl' | 'transactionId' | 'payerOpenid' | 'paidAt' | 'failures' | 'givenUp'
  >,
  checkAt: string,
  at: string,
): Promise<void> {
  await tx.exec(sql`
    insert into payments (shop_id, id, order_id, order_no, buyer_id, attempt, method, state, amount_fen, out_trade_no, appid, expires_at,
      prepay_at, check_at, created_at, profit_sharing, combined)
    values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.orderNo}, ${row.buyerId}, ${row.attempt}, ${row.method}, ${row.state},
      ${row.amountFen}, ${row.outTradeNo}, ${row.appid}, ${row.expiresAt}, ${row.prepayAt}, ${checkAt}, ${at}, ${row.profitSharing},
      ${row.combined === null ? null : JSON.stringify(row.combined)}::jsonb)`)
}

/** WeChat is asked to open it once more. */
export async function beginPrepay(tx: Tx, shopId: string, id: string, at: string): Promise<void> {
  await tx.exec(sql`
    update payments set prepay_at = ${at} where shop_id = ${shopId} and id = ${id} and state in ('created', 'pending')`)
}

/**
 * Open attempts that are to be closed for the sake of another one, with the orders' locks held. A whole of which one
 * part is given up is given up.
 */
export async function giveUp(tx: Tx, payments: readonly PaymentRow[]): Promise<void> {
  for (const { shopId, id } of payments)
    await tx.exec(sql`update payments set given_up = true where shop_id = ${shopId} and id = ${id}`)
}

/** Compare-and-set: false when the attempt was paid, closed or given up meanwhile. */
export async function setPrepay(
  tx: Tx,
  shopId: string,
  id: string,
  prepay: { prepayId?: string; h5Url?: string; codeUrl?: string },
): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update payments set state = 'pending', prepay_id = ${prepay.prepayId ?? null}, h5_url = ${prepay.h5Url ?? null}, code_url = ${prepay.codeUrl ?? null}, last_error = null
      where shop_id = ${shopId} and id = ${id} and state in ('created', 'pending') and not given_up`)) === 1
  )
}

/** From any open or closed state to paid: money that came counts, whatever we thought before. */
export async function setAllPaid(
  tx: Tx,
  payments: readonly {
    shopId: string
    id: string
    transactionId: string
    payerOpenid: string | null
    amountFen: number
    paidAt: string
    taken: boolean
  }[],
): Promise<void> {
  const column = <K extends keyof (typeof payments)[number]>(name: K) => payments.map((payment) => payment[name])
  const changed = await tx.exec(sql`
    update payments p set state = 'paid', transaction_id = u.transaction_id, payer_openid = u.payer_openid,
      amount_fen = u.amount_fen, paid_at = u.paid_at, taken = u.taken, check_at = null, last_error = null
    from unnest(${column('shopId')}::uuid[], ${column('id')}::uuid[], ${column('transactionId')}::text[],
      ${column('payerOpenid')}::text[], ${column('amountFen')}::bigint[], ${column('paidAt')}::timestamptz[],
      ${column('taken')}::boolean[]) as u(shop_id, id, transaction_id, payer_openid, amount_fen, paid_at, taken)
    where p.shop_id = u.shop_id and p.id = u.id and p.state <> 'paid'`)
  if (changed !== payments.length) throw new Error('A payment was paid by somebody else while it was locked')
}

/** With `prepayAt` only when WeChat was not asked to open it since. */
export async function setClosed(
  tx: Tx,
  shopId: string,
  id: string,
  how: { reason?: string | null; prepayAt?: string } = {},
): Promise<void> {
  await tx.exec(sql`
    update payments set state = 'closed', check_at = null, last_error = ${how.reason ?? null}
    where shop_id = ${shopId} and id = ${id} and state in ('created', 'pending')
      ${how.prepayAt === undefined ? empty : sql`and prepay_at = ${how.prepayAt}`}`)
}

/** A part of a whole that was closed: it can be paid no more, whoever closed the whole. */
export async function setPartClosed(
  tx: Tx,
  part: CombinedKey['parts'][number],
  reason: string | null = null,
): Promise<void> {
  await tx.exec(sql`
    update payments set state = 'closed', check_at = null, last_error = ${reason}
    where shop_id = ${part.shopId} and out_trade_no = ${part.outTradeNo} and state in ('created', 'pending')`)
}

export async function postponePayment(
  tx: Tx,
  shopId: string,
  id: string,
  checkAt: string,
  error: string | null,
): Promise<void> {
  await tx.exec(sql`
    update payments set check_at = ${checkAt}, last_error = ${error},
      failures = case when ${error}::text is null then 0 else failures + 1 end
    where shop_id = ${shopId} and id = ${id} and state in ('created', 'pending')`)
}

/** Compare-and-set: true for the one who may ask WeChat now, because nobody has since `notSince`. */
export async function claimAsking(tx: Tx, shopId: string, id: string, at: string, notSince: string): Promise<boolean> {
  return (
    (await tx.exec(sql`
      update payments set last_asked_at = ${at}
      where shop_id = ${shopId} and id = ${id} and state = 'pending' and (last_asked_at is null or last_asked_at <= ${notSince})`)) ===
    1
  )
}

/** Payments and refunds of one buyer become another's. */
export async function movePayments(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update payments set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update refunds set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}

/** Makes the sweeper look at an order's open payments now. */
export async function hurryPayments(tx: Tx, shopId: string, orderId: string, at: string): Promise<number> {
  return tx.exec(
    sql`update payments set check_at = ${at} where shop_id = ${shopId} and order_id = ${orderId} and state in ('created', 'pending')`,
  )
}

/** Takes open payments whose time to ask has come, for this process alone, until `leaseUntil`. */
export const claimDuePayments = (tx: Tx, at: string, leaseUntil: string, limit: number) =>
  tx.rows<PaymentRow>(sql`
    update payments p set check_at = ${leaseUntil} from (
      select shop_id, id from payments where state in ('created', 'pending') and check_at <= ${at}
      order by check_at limit ${limit} for update skip locked) due
    where p.shop_id = due.shop_id and p.id = due.id
    returning ${PAYMENT}`)

export interface DayMoney {
  paidFen: number
  paidOrders: number
  buyers: number
  refundedFen: number
}

/** Money that came for orders and went back from them in `[from, to)`. What an order could not take is in neither. */
export const moneyBetween = (tx: Tx, shopId: string, from: string, to: string) =>
  tx.one<DayMoney>(sql`
    select coalesce(sum(amount_fen), 0)::bigint as paid_fen, count(distinct order_id) as paid_orders, count(distinct buyer_id) as buyers,
      (select coalesce(sum(amount_fen), 0)::bigint from refunds
        where shop_id = ${shopId} and state = 'succeeded' and (settles_order or part_of_order) and finished_at >= ${from} and finished_at < ${to}) as refunded_fen
    from payments where shop_id = ${shopId} and state = 'paid' and taken and paid_at >= ${from} and paid_at < ${to}`)

/** `moneyBetween` by business day, for the days on which there was any. */
export async function moneyByDay(
  tx: Tx,
  shopId: string,
  period: { from: string; to: string; timeZone: string },
): Promise<Map<string, DayMoney>> {
  const { from, to, timeZone } = period
  const rows = await tx.rows<DayMoney & { day: string }>(sql`
    select coalesce(p.day, r.day) as day, coalesce(p.paid_fen, 0)::bigint as paid_fen, coalesce(p.paid_orders, 0) as paid_orders,
      coalesce(p.buyers, 0) as buyers, coalesce(r.refunded_fen, 0)::bigint as refunded_fen
    from (
      select to_char(paid_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, sum(amount_fen) as paid_fen,
        count(distinct order_id) as paid_orders, count(distinct buyer_id) as buyers
      from payments where shop_id = ${shopId} and state = 'paid' and taken and paid_at >= ${from} and paid_at < ${to}
      group by 1
    ) p full join (
      select to_char(finished_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, sum(amount_fen) as refunded_fen
      from refunds where shop_id = ${shopId} and state = 'succeeded' and (settles_order or part_of_order) and finished_at >= ${from} and finished_at < ${to}
      group by 1
    ) r on r.day = p.day`)
  return new Map(rows.map(({ day, ...money }) => [day, money]))
}
