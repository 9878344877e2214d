import type { PayTransaction } from '../../adapters/wechat-pay/index.ts'
import type { Tx } from '../../kernel/db.ts'
import { emitMany } from '../../kernel/outbox.ts'
import { applyTransfers, createLane, type Lane, refusalError } from '../../ledger/index.ts'
import { paymentReceived } from './events.ts'
import { intendRefund } from './intend-refund.ts'
import type { PaymentsDeps } from './ports.ts'
import { moneyAccounts, paymentTransfer } from './rules.ts'
import { type PaymentRow, paymentsByTradeNo, setAllPaid, setClosed } from './store.ts'

/** What WeChat says of a transaction, in the books of this shop. */
export interface PayResult {
  shopId: string
  transaction: PayTransaction
}

/** How the payment stands then; `not-ours` for one that is not in the shop's books. */
export type Settled = PaymentRow['state'] | 'not-ours'

export type SettlingDeps = Omit<PaymentsDeps, 'settling'>

/**
 * Results have a queue of their own, so that no rush of new orders is before them. WeChat waits five seconds and then
 * says it again; who is refused here for waiting longer has lost nothing.
 */
const LANE = { name: 'payments.settle', maxQueue: 5000, maxBatch: 100, concurrency: 4, maxWaitMs: 10_000 }

/** Takes what WeChat says of many payments together: what arrives while a batch is written is the next one. */
export function createSettling(deps: SettlingDeps): Lane<PayResult, Settled> {
  return createLane<PayResult, Settled>({
    ...LANE,
    clock: deps.clock,
    tenantOf: ({ shopId }) => shopId,
    // Told twice at once, by a notification and by a question say, it is taken once.
    keyOf: ({ shopId, transaction: { outTradeNo, tradeState, transactionId, amountFen } }) =>
      [shopId, outTradeNo, tradeState, transactionId, amountFen].join('/'),
    process: (batch) => settleAll(deps, batch),
  })
}

/**
 * Takes what WeChat says of a transaction, whoever asked or was told, once or many times, in any order.
 * Money that the order cannot take (it was cancelled, or is paid already) goes back by itself. Answers after the commit.
 * @throws AppError BUSY when too many wait; nothing has happened then
 */
export const settlePayment = (
  { settling }: Pick<PaymentsDeps, 'settling'>,
  shopId: string,
  transaction: PayTransaction,
): Promise<Settled> => settling.submit({ shopId, transaction })

/** An order is once in a transaction: what comes of the second attempt that was paid depends on the first. */
async function settleAll(deps: SettlingDeps, batch: readonly PayResult[]): Promise<Settled[]> {
  const answers = new Map<PayResult, Settled>()
  let rest: readonly PayResult[] = batch
  while (rest.length > 0) rest = await deps.db.tx('system', (tx) => settleOnce(deps, tx, rest, answers))
  return batch.map((result) => answers.get(result)!)
}

interface Taking {
  payment: PaymentRow
  transaction: PayTransaction
  transactionId: string
}

/**
 * Answers what has to wait for this transaction. Orders and their stock are moved before money, everywhere, so that no
 * two transactions wait for each other.
 */
async function settleOnce(
  deps: SettlingDeps,
  tx: Tx,
  batch: readonly PayResult[],
  answers: Map<PayResult, Settled>,
): Promise<PayResult[]> {
  const keys = batch.map(({ shopId, transaction: { outTradeNo } }) => ({ shopId, outTradeNo }))
  const payments = new Map((await paymentsByTradeNo(tx, keys)).map((row) => [`${row.shopId}/${row.outTradeNo}`, row]))
  const orders = new Set<string>()
  const takings: Taking[] = []
  const waiting: PayResult[] = []
  for (const result of batch) {
    const { shopId, transaction } = result
    const { transactionId, tradeState } = transaction
    const payment = payments.get(`${shopId}/${transaction.outTradeNo}`)
    if (payment === undefined) answers.set(result, 'not-ours')
    else if (orders.has(payment.orderId)) waiting.push(result)
    else if (payment.state === 'paid') answers.set(result, 'paid')
    else if (tradeState === 'CLOSED' || tradeState === 'REVOKED') {
      await setClosed(tx, shopId, payment.id)
      orders.add(payment.orderId)
      answers.set(result, 'closed')
    } else if (transactionId === null || !['SUCCESS', 'REFUND'].includes(tradeState)) answers.set(result, payment.state)
    else {
      takings.push({ payment, transaction, transactionId })
      orders.add(payment.orderId)
      answers.set(result, 'paid')
    }
  }
  if (takings.length > 0) await takeMoney(deps, tx, takings)
  return waiting
}

async function takeMoney(deps: SettlingDeps, tx: Tx, takings: readonly Taking[]): Promise<void> {
  const at = deps.clock.instant()
  const arrived = takings.map(({ payment, transaction, transactionId }) => {
    const { amountFen, payerOpenid } = transaction
    return { ...payment, amountFen, payerOpenid, transactionId, paidAt: transaction.paidAt?.toISOString() ?? at }
  })
  const right = arrived.filter(({ amountFen }, index) => amountFen === takings[index]!.payment.amountFen)
  const outcomes = await deps.orders.markAllPaid(
    tx,
    right.map(({ shopId, orderId, id: paymentId, amountFen: paidFen, paidAt }) => {
      return { shopId, orderId, paidFen, paidAt, paymentId }
    }),
  )
  const taken = new Set(right.filter((_, index) => outcomes[index] !== 'not-payable').map(({ id }) => id))
  const [results] = await Promise.all([
    applyTransfers(
      tx,
      deps.clock,
      arrived.map((payment) => ({
        shopId: payment.shopId,
        accounts: moneyAccounts(payment.shopId, payment.orderId),
        transfers: [paymentTransfer(payment)],
      })),
    ),
    setAllPaid(
      tx,
      arrived.map((payment) => ({ ...payment, taken: taken.has(payment.id) })),
    ),
  ])
  for (const result of results) if (!result.ok) throw refusalError(result.refusal)
  await emitMany(
    tx,
    paymentReceived,
    arrived.map(({ shopId, id, orderId, amountFen, method }) => ({
      ...{ shopId, aggregate: 'payment', aggregateId: id, occurredAt: at },
      payload: { paymentId: id, orderId, amountFen, method, taken: taken.has(id) },
    })),
    { validate: true },
  )
  for (const payment of arrived)
    if (!taken.has(payment.id))
      await intendRefund(deps, tx, payment, {
        key: 'not-taken',
        amountFen: payment.amountFen,
        reason: '订单已支付或已关闭，本次付款自动退回',
        requestedBy: 'system',
        settlesOrder: false,
      })
}
