import type { Client } from '@zhanggui/contract/client'

/** What an address says after `from=` when it is a channel account's. */
const ACCOUNT = /^ca-[a-z0-9]{4,16}$/

/**
 * Tells the shop that the visitor came through one of its accounts, so that what they order is traced to it (ACC-01).
 * Whatever goes wrong, the visitor goes on.
 */
export async function tellArrival(api: Client, shopId: string, from: string | undefined): Promise<void> {
  if (from === undefined || !ACCOUNT.test(from)) return
  await api('store.arrive', { params: { shopId }, body: { code: from } }).catch(() => undefined)
}
