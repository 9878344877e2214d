import type { Client } from '@zhanggui/contract/client'
import type { Cell } from '../app.ts'
import type { Platform } from '../platform/port.ts'

const KEY = 'zg.cart-count'

/** Keeps the count on the tab: at once from what this device remembers, then from the server. */
export function watchCart(api: Client, storage: Platform['storage'], count: Cell<number>): () => void {
  const remembered = Number(storage.get(KEY) ?? 0)
  if (Number.isSafeInteger(remembered) && remembered > 0) count.set(remembered)
  const stop = count.watch(() => storage.set(KEY, String(count.get())))
  api('cart.get').then(
    (cart) => count.set(cart.count),
    // the count is a convenience; the cart page tells what is wrong
    () => undefined,
  )
  return stop
}
