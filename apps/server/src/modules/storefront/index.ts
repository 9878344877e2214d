import type { PageBlock } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { Schedule } from '../orders/index.ts'
import { storefrontBuyerPart } from './buyer-part.ts'
import type { StorefrontDeps } from './deps.ts'
import { storefrontSubscribers } from './jobs.ts'
import { drawBlocks } from './read-page.ts'
import { sweepRestocked } from './restock.ts'
import { storefrontHandlers } from './routes.ts'
import { NOBODY } from './share.ts'
import { moveReminders, moveShares, sharerOf } from './store.ts'

export { defaultHome } from './default-page.ts'
export type { PublishedPage, StorefrontDeps } from './deps.ts'
export { backInStock, pageShared } from './events.ts'
export { qrSvg } from './share.ts'

const SWEEP_SECONDS = 60

/** What the buyer's pages are made of: the shop's look and contact, designed pages, shares, reminders of restock. */
export function createStorefront(deps: StorefrontDeps) {
  const schedules: Schedule[] = [
    {
      name: 'storefront.tell-restocked',
      every: { everySeconds: SWEEP_SECONDS },
      handler: async () => void (await sweepRestocked(deps)),
    },
  ]
  return {
    handlers: storefrontHandlers(deps),
    subscribers: storefrontSubscribers(deps),
    schedules,
    /** Blocks as the storefront draws them; what is hidden, gone or empty is left out. */
    drawBlocks: (tx: Tx, shopId: string, blocks: readonly PageBlock[]) => drawBlocks(tx, deps, shopId, blocks),
    sweepRestocked: () => sweepRestocked(deps),
    /** The buyer who shared under a code; null for nobody signed in, undefined for a code never given out. */
    async sharedBy(tx: Tx, shopId: string, code: string): Promise<string | null | undefined> {
      const sharerId = await sharerOf(tx, shopId, code)
      return sharerId === NOBODY ? null : sharerId
    },
    buyerPart: storefrontBuyerPart,
    /** Two buyers turned out to be one person. Scope `system`. */
    async mergeBuyers(tx: Tx, move: { fromBuyerId: string; buyerId: string }): Promise<void> {
      await moveReminders(tx, move.fromBuyerId, move.buyerId)
      await moveShares(tx, move.fromBuyerId, move.buyerId)
    },
  }
}

export type Storefront = ReturnType<typeof createStorefront>
