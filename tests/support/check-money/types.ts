import type { TestApp, TestBuyer, TestShop } from '../app.ts'
import type { Visitor } from '../http.ts'

/** What a run is given. */
export interface MoneyCheckOptions {
  orders: number
  kills: number
  /** The same seed draws the same behaviour and faults; what meets what still depends on the machine. */
  seed: number
  /** Orders under way at the same time. */
  atOnce: number
}

/** What a run found. All but the first four must be 0. */
export interface MoneyCheckReport {
  /** Those that were paid beside another not counted. */
  orders: number
  kills: number
  faults: number
  charged: number
  inFlight: number
  imbalances: number
  unexplained: number
  doubleCharges: number
  lost: number
  /** A sentence for each thing that is wrong. */
  wrong: string[]
}

export interface Goods {
  skuId: string
  priceFen: number
}

export interface MoneyWorld {
  app: TestApp
  shop: TestShop
  buyers: TestBuyer[]
  goods: Goods[]
  /** The owner at the server that is killed. */
  owner: Visitor
  random: () => number
}
