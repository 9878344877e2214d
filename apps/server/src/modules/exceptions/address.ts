import type { Address } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { maskName, maskPhone } from '../../kernel/mask.ts'
import type { OrderRow } from '../orders/index.ts'
import { ANYBODY } from '../prices/index.ts'
import type { ExceptionDeps } from './deps.ts'
import { open, requireOpen, resolve } from './life.ts'
import { autoAddress, decideHours } from './settings.ts'
import { type ExceptionRow, openOf } from './store.ts'

interface Key {
  shopId: string
  orderId: string
  buyerId: string
}

const context = (shopId: string, id: string): string => `exception:${shopId}:${id}`

/** Whether the buyer may ask for another address now. */
export async function addressChangeOf(
  tx: Tx,
  deps: ExceptionDeps,
  order: OrderRow,
  open: readonly ExceptionRow[],
): Promise<'possible' | 'asked' | 'closed'> {
  if (open.some((row) => row.kind === 'address-change' && row.state !== 'resolved')) return 'asked'
  if (!(await deps.orders.nothingShipped(tx, order))) return 'closed'
  // Orders to a point or by our own riders are promised for where they go.
  return (await deps.delivery.findDelivery(tx, order.shopId, order.id)) === undefined ? 'possible' : 'closed'
}

/**
 * The buyer wants the goods elsewhere. Where freight does not rise it is so at once, by the rule of the shop; otherwise
 * staff decide. @throws AppError NOT_FOUND, ORDER_STATE, NOT_DELIVERABLE
 */
export async function askAddressChange(
  tx: Tx,
  deps: ExceptionDeps,
  key: Key,
  address: Address,
  actor: Actor,
): Promise<void> {
  const { shopId, orderId, buyerId } = key
  const order = await deps.orders.lockOrder(tx, key)
  const known = await openOf(tx, shopId, orderId)
  const state = await addressChangeOf(tx, deps, order, known)
  if (state !== 'possible')
    throw new AppError('ORDER_STATE', {
      values: {
        orderNo: order.orderNo,
        state: state === 'asked' ? '改地址待处理' : '已发货或不支持改地址',
        action: '修改地址',
      },
    })
  const freightFen = await freightTo(tx, deps, order, address.province)
  const id = newId()
  const to = `${address.province}${address.city}${address.district} ${maskName(address.name)} ${maskPhone(address.phone)}`
  const dearer = freightFen - order.freightFen
  const hours = await deps.settings.get(decideHours, { shopId }, tx)
  const opened = await open(
    tx,
    deps,
    {
      ...{ shopId, id, orderId, buyerId, orderNo: order.orderNo, kind: 'address-change', state: 'open' },
      ...{ subject: orderId, mark: id, title: '买家申请改地址' },
      detail: `改为 ${to}${dearer > 0 ? `；运费会增加 ${(dearer / 100).toFixed(2)} 元` : ''}`.slice(0, 300),
      data: { address: deps.vault.encrypt(JSON.stringify(address), context(shopId, id)) },
      dueAt: plusMs(deps.clock.instant(), hours * HOUR_MS),
    },
    `买家申请改为 ${to}`,
    actor,
  )
  if (opened === undefined) throw new AppError('CONFLICT', { values: { what: '改地址申请' } })
  if (dearer <= 0 && (await deps.settings.get(autoAddress, { shopId }, tx))) {
    await deps.orders.changeAddress(tx, { shopId, orderId }, address, actor)
    await resolve(tx, deps, opened, '运费不变，已自动改好', { kind: 'system' })
  }
}

async function freightTo(tx: Tx, deps: ExceptionDeps, order: OrderRow, province: string): Promise<number> {
  const lines = (await deps.orders.linesOf(tx, order)).map(({ skuId, quantity }) => ({ skuId, quantity }))
  const viewer = { ...ANYBODY, buyerId: order.buyerId, province }
  const { price, refusedIn } = await deps.orders.priceGoods(tx, {
    ...{ shopId: order.shopId, lines, viewer, at: deps.clock.instant() },
  })
  if (price.deliverable === false) throw new AppError('NOT_DELIVERABLE', { values: { region: province } })
  const refusal = refusedIn(province)
  if (refusal !== undefined) throw refusal
  return price.freightFen
}

/** Staff decide over another address. @throws AppError NOT_FOUND, CONFLICT, ORDER_STATE */
export async function decideAddress(
  tx: Tx,
  deps: ExceptionDeps,
  key: { shopId: string; exceptionId: string; orderId: string },
  decision: { accept: boolean; reason: string; actor: Actor },
): Promise<void> {
  const { shopId, exceptionId, orderId } = key
  const { accept, reason, actor } = decision
  await deps.orders.lockOrder(tx, { shopId, orderId })
  const row = await requireOpen(tx, shopId, exceptionId)
  if (row.kind !== 'address-change') throw new AppError('NOT_FOUND', { values: { what: '改地址申请' } })
  if (accept) {
    const address = JSON.parse(deps.vault.decrypt(row.data.address!, context(shopId, row.id))) as Address
    await deps.orders.changeAddress(tx, { shopId, orderId }, address, actor)
  }
  const text = accept ? '同意改地址' : `未同意改地址${reason === '' ? '' : `：${reason}`}`
  await resolve(tx, deps, row, text, actor)
  await deps.delivery.tellBuyer(tx, {
    ...{ shopId, orderId, buyerId: row.buyerId, topic: 'address-change' },
    title: accept ? '收货地址已修改' : '收货地址没有修改',
    text: accept ? '商家已同意，商品将发往新地址' : `商家未同意修改地址${reason === '' ? '' : `：${reason}`}`,
  })
}
