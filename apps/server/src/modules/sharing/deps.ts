import type { WechatPay } from '../../adapters/wechat-pay/port.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Orders } from '../orders/index.ts'
import type { Contracts, Parties, PartyRow } from '../parties/index.ts'

/** The payment that an order took. */
export interface TakenPayment {
  transactionId: string | null
  appid: string
  method: 'mini' | 'jsapi' | 'h5' | 'native'
  amountFen: number
  paidAt: string
  profitSharing: boolean
}

export interface SharingDeps {
  db: Db
  clock: Clock
  settings: Settings
  orders: Pick<Orders, 'findOrder' | 'linesOf' | 'ordersByIds'>
  parties: Pick<Parties, 'requireShop'>
  contracts: Pick<
    Contracts,
    'contractsInForce' | 'shopsEverWith' | 'findParty' | 'partiesByIds' | 'openAccount' | 'realNameOf'
  >
  /** The category of each product and those above it; the catalogue answers it. */
  categoriesOf(tx: Tx, shopId: string, productIds: readonly string[]): Promise<Map<string, string[]>>
  /** The payments module answers it. */
  takenPayment(tx: Tx, shopId: string, orderId: string): Promise<TakenPayment | undefined>
  /** Parties of all shops that a signed-in person is. Scope `system`. */
  partiesOfBuyer(tx: Tx, buyerId: string): Promise<PartyRow[]>
  wechatPay: WechatPay | undefined
  /** The app whose openids parties are paid by. */
  appid: string
  /** Has a sweep run soon; they run by schedule anyway. */
  wake(work: Work): void
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}

export type Work = 'money' | 'splits' | 'returns'
