import type { Address } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { maskName, maskPhone } from '../../kernel/mask.ts'
import type { OrdersDeps } from './deps.ts'
import { addressContext } from './prepare-orders.ts'
import { nextState, notAllowed } from './rules.ts'
import { requireOrder } from './steps.ts'
import { setAddress } from './store-change.ts'
import { linesOf, type OrderKey, type OrderRow, takeSteps } from './store-orders.ts'

/** Whether the goods of an order all still lie in the warehouse. */
export async function nothingShipped(tx: Tx, order: OrderRow): Promise<boolean> {
  const lines = (await linesOf(tx, [order])).get(order.id)!
  return order.state === 'awaiting-shipment' && lines.every((line) => line.shippedQuantity === 0)
}

/**
 * Another address for an order of which nothing has shipped. What it costs and where it ships from stay as they are.
 * @throws AppError NOT_FOUND, ORDER_STATE
 */
export async function changeAddress(
  tx: Tx,
  { clock, vault }: Pick<OrdersDeps, 'clock' | 'vault'>,
  key: OrderKey,
  address: Address,
  actor: Actor,
): Promise<void> {
  const order = await requireOrder(tx, key)
  const to = nextState('ship-part', order)
  if (!(await nothingShipped(tx, order))) throw notAllowed('ship-part', { ...order, state: 'shipped' })
  const { name, phone, street, detail, province, city, district } = address
  const sealed = vault.encrypt(JSON.stringify({ name, phone, street, detail }), addressContext(order.shopId, order.id))
  await setAddress(tx, order, {
    addressSealed: sealed,
    ...{ receiverMasked: maskName(name), phoneMasked: maskPhone(phone), phoneHash: vault.phoneIndex(phone) },
    ...{ province, city, district },
  })
  const text = `收货地址改为 ${province}${city}${district}（${maskName(name)} ${maskPhone(phone)}）`
  await takeSteps(tx, [{ order, to, event: 'address-changed', text, actor }], clock.instant())
}
