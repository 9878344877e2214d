import type { Tx } from '../../kernel/db.ts'
import { customersBuyerPart } from './buyer-part.ts'
import { buyersSubscriber, mergeShopBuyers } from './buyers/know-buyers.ts'
import { findShopBuyer, renameShopBuyer, shopsOfBuyer } from './buyers/store-shop-buyers.ts'
import type { CustomersDeps } from './deps.ts'
import { forgetOldSeen } from './favourites.ts'
import { copyJob, makeCopy, sweepCopies } from './own-data/copy-own-data.ts'
import { leaveDue, stay } from './own-data/delete-account.ts'
import { moveDeletions } from './own-data/store-deletions.ts'
import { createPersonalised, notPersonalised } from './personalised.ts'
import { customerHandlers } from './routes.ts'
import { choicesOf, moveCustomer, textsInForce } from './store.ts'

export type { CustomersDeps } from './deps.ts'

const HOUR_SECONDS = 3600
const LEAVE_SECONDS = 15

/**
 * The shop's buyers as staff know them, and what belongs to a buyer beside orders: favourites, what was looked at,
 * choices, consents, the texts agreed to; and the buyer's right to a copy of everything, and to leave.
 */
export function createCustomers(deps: CustomersDeps) {
  const personalised = createPersonalised(deps)
  return {
    handlers: customerHandlers(deps, personalised.forgetChoice),
    mayPersonalise: personalised.mayPersonalise,
    notPersonalised,
    subscribers: [buyersSubscriber(deps)],
    schedules: [
      {
        name: 'customers.forget-seen',
        every: { cron: '10 4 * * *' },
        handler: async () => void (await forgetOldSeen(deps)),
      },
      {
        name: 'customers.sweep-copies',
        every: { everySeconds: HOUR_SECONDS },
        handler: async () => void (await sweepCopies(deps)),
      },
      {
        name: 'customers.leave',
        every: { everySeconds: LEAVE_SECONDS },
        handler: async () => void (await leaveDue(deps)),
      },
    ],
    registerJobs: () => deps.jobs.handle(copyJob, (data) => makeCopy(deps, data)),
    /** Whether the shop has published a text of its own. */
    hasOwnLegalText: async (tx: Tx, shopId: string): Promise<boolean> => (await textsInForce(tx, shopId)).length > 0,
    forgetOldSeen: () => forgetOldSeen(deps),
    sweepCopies: () => sweepCopies(deps),
    /** Does the next step of accounts that leave. Answers how many. */
    leaveDue: () => leaveDue(deps),
    /** Who signs in stays. Scope `system`. */
    signedIn: (tx: Tx, buyerId: string) => stay(tx, deps, buyerId),
    /** A buyer has another name. Scope `system`. */
    renamed: (tx: Tx, { buyerId, nickname }: { buyerId: string; nickname: string }) =>
      renameShopBuyer(tx, buyerId, nickname),
    isBuyer: async (tx: Tx, shopId: string, buyerId: string): Promise<boolean> =>
      (await findShopBuyer(tx, { shopId, buyerId })) !== undefined,
    shopsOf: shopsOfBuyer,
    buyerPart: customersBuyerPart(deps),
    /** What the buyer allows; whoever recommends or advertises asks first. Scope of the buyer, or `system`. */
    choicesOf,
    /** Two buyers turned out to be one person. Scope `system`. */
    async mergeBuyers(tx: Tx, move: { fromBuyerId: string; buyerId: string }): Promise<void> {
      await moveCustomer(tx, move.fromBuyerId, move.buyerId)
      await moveDeletions(tx, move.fromBuyerId, move.buyerId, deps.clock.instant())
      await mergeShopBuyers(tx, deps, move)
    },
  }
}

export type Customers = ReturnType<typeof createCustomers>
