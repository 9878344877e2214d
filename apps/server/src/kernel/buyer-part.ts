import type { MomentKind, Permission } from '@zhanggui/contract'
import { empty, type Sql, sql, type Tx } from './db.ts'

/** What is counted on a buyer's page in the console. */
export interface BuyerCounts {
  favourites: number
  seen: number
  reviews: number
  messages: number
}

/** Something that happened with a buyer in a shop. */
export interface Moment {
  /** Unique among the moments of a buyer in a shop, ASCII. */
  id: string
  at: string
  text: string
  /** Where to look closer, behind `/console/s/<shop>/`. */
  to: string | null
}

/** Where a timeline goes on: after the moment with this time and id. */
export interface MomentPage {
  before: { at: string; id: string } | undefined
  limit: number
}

/** One kind of moments, read newest first. Scope `system`. */
export interface MomentSource {
  kind: MomentKind
  /** What a member of staff must be allowed to see these; undefined: whoever sees buyers does. */
  permission?: Permission
  read(tx: Tx, buyer: { shopId: string; buyerId: string }, page: MomentPage): Promise<Moment[]>
}

/** A part of the copy that a buyer gets of everything that is kept; columns are titles by field. */
export interface CopySection {
  name: string
  title: string
  columns: Record<string, string>
  rows: Record<string, unknown>[]
}

/**
 * What a module keeps of buyers, as far as a buyer may ask: what happened, a copy of it, and to have it erased
 * (GOV-08). Every module that writes down who bought, said or liked something has one, and composition gives them all
 * to the customers module.
 */
export interface BuyerPart {
  /** How much there is of a buyer in a shop. Scope `system`. */
  counts?(tx: Tx, buyer: { shopId: string; buyerId: string }): Promise<Partial<BuyerCounts>>
  moments?: readonly MomentSource[]
  /** Everything that is kept of the buyer, in clear, in all shops. Scope `system`. */
  copy?(tx: Tx, buyerId: string): Promise<CopySection[]>
  /** Why the account cannot be deleted now, in the buyer's words. Scope `system`. */
  blockers?(tx: Tx, buyerId: string): Promise<string[]>
  /** Erases personal data, keeps what the books need without it. A second time changes nothing. Scope `system`. */
  erase?(tx: Tx, buyerId: string, at: string): Promise<void>
}

/** Rows of one copied section at most; a buyer has fewer in a lifetime. */
export const MOST_COPIED = 20_000

/** Condition and order of a moments' statement; `id` is the text that becomes `Moment.id`. */
export const momentsAfter = (at: Sql, id: Sql, { before, limit }: MomentPage): Sql => sql`
  ${before ? sql`and (${at}, (${id}) collate "C") < (${before.at}::timestamptz, ${before.id}::text)` : empty}
  order by ${at} desc, (${id}) collate "C" desc limit ${limit}`
