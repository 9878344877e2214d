import type { Tx } from '../../kernel/db.ts'
import { maxShareBp } from '../parties/index.ts'
import { FEE_BP } from '../payments/index.ts'
import type { SharingDeps } from './deps.ts'
import { computeShares, feeOf, type LineToShare } from './rules.ts'
import { insertMoney, insertShares, knownAmong, sharesBySplit } from './store.ts'

/** An order as it was placed: what its shares are computed from. */
export interface OrderToShare {
  shopId: string
  orderId: string
  /** As the event tells them; read from the order when absent, which is right until it is paid. */
  lines?: readonly { title: string; productId: string; quantity: number; payTotalFen: number }[]
}

/**
 * Computes and keeps what is shared of orders, by the contracts in force when each was placed; once for each order.
 * Called when a payment is opened and, for what never is, by the event of the payment: never while an order is placed,
 * which is measured in microseconds. Contracts keep every wording with its time, so that it makes no difference when.
 * A shop without contracts costs one statement a batch. Scope `system`.
 */
export async function freezeShares(tx: Tx, deps: SharingDeps, orders: readonly OrderToShare[]): Promise<void> {
  const shops = await deps.contracts.shopsEverWith(
    tx,
    orders.map(({ shopId }) => shopId),
  )
  const asked = orders.filter(({ shopId }) => shops.has(shopId))
  if (asked.length === 0) return
  const now = deps.clock.instant()
  const known = await knownAmong(tx, asked)
  for (const order of asked) {
    const placed = known.has(order.orderId) ? undefined : await deps.orders.findOrder(tx, order)
    if (placed === undefined) continue
    const contracts = await deps.contracts.contractsInForce(tx, order.shopId, placed.placedAt)
    if (contracts.length === 0) continue
    const lines = await linesToShare(tx, deps, order, placed)
    const feeBp = await deps.settings.get(FEE_BP.mini, { shopId: order.shopId }, tx)
    const shares = computeShares({ lines, accountId: placed.channelAccountId }, contracts, {
      maxSplitBp: await deps.settings.get(maxShareBp, { shopId: order.shopId }, tx),
      feeFen: feeOf(placed.totalFen, feeBp),
    })
    if (shares.length === 0) continue
    const { shopId, orderId } = order
    const row = { shopId, orderId, orderNo: placed.orderNo, placedAt: placed.placedAt, frozenAt: now }
    if (await insertMoney(tx, row)) await insertShares(tx, shopId, orderId, shares)
  }
}

async function linesToShare(
  tx: Tx,
  deps: SharingDeps,
  order: OrderToShare,
  placed: NonNullable<Awaited<ReturnType<SharingDeps['orders']['findOrder']>>>,
): Promise<LineToShare[]> {
  const lines = order.lines ?? (await deps.orders.linesOf(tx, placed))
  const categories = await deps.categoriesOf(
    tx,
    order.shopId,
    lines.map(({ productId }) => productId),
  )
  return lines.map(({ title, productId, quantity, payTotalFen }, index) => ({
    ...{ line: index + 1, title, productId, quantity, payTotalFen },
    categoryIds: categories.get(productId) ?? [],
  }))
}

/**
 * Whether the payment of an order has to be opened for profit sharing: only if something of this very order is to be
 * split, since WeChat keeps such money until somebody unfreezes it. One statement for shops without contracts.
 */
export async function mustOpenForSplit(deps: SharingDeps, shopId: string, orderId: string): Promise<boolean> {
  return deps.db.tx('system', async (tx) => {
    if ((await deps.contracts.shopsEverWith(tx, [shopId])).size === 0) return false
    await freezeShares(tx, deps, [{ shopId, orderId }])
    return sharesBySplit(tx, shopId, orderId)
  })
}
