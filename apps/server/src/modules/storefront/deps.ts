import type { PageLayout, StoreCoupon, StoreLive } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Parties } from '../parties/index.ts'
import type { Stock } from '../stock/index.ts'

/** A page as it is published now. */
export interface PublishedPage {
  title: string
  /** For search engines and shared cards. */
  description: string
  layout: PageLayout
}

export interface StorefrontDeps {
  db: Db
  clock: Clock
  settings: Settings
  files: Files
  parties: Parties
  catalog: Catalog
  stock: Stock
  publicUrl: string
  /** Draws a mini program code with WeChat; undefined where no mini program is set up. */
  miniCode: ((code: { scene: string; page: string }) => Promise<Buffer>) | undefined
  /**
   * The one place where designed pages are read from: what is published under `slug` at this moment, or undefined;
   * with a preview token, what that was made for (it throws NOT_FOUND when the token is no good).
   * Without it, or while it knows no home page, every shop has the built-in one.
   */
  publishedPage?: (tx: Tx, shopId: string, slug: string, preview?: string) => Promise<PublishedPage | undefined>
  /** Coupons that a buyer can take now; without it, blocks of coupons show nothing. */
  coupons?: (tx: Tx, shopId: string, limit: number) => Promise<StoreCoupon[]>
  /** Live rooms, running ones first; without it, blocks of live rooms show nothing. */
  liveRooms?: (tx: Tx, shopId: string, limit: number) => Promise<StoreLive[]>
}
