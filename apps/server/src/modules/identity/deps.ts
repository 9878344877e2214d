import type { ScopeChoices, StaffAccess } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { StaffCaller } from '../../kernel/http/caller.ts'
import type { ListCall } from '../../kernel/http/lists.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Parties } from '../parties/index.ts'

/** What WeChat says about the person behind a code. */
export interface WechatPerson {
  openid: string
  unionid: string | null
  nickname: string | null
  avatarUrl: string | null
}

export type PreviewList = StaffAccess['lists'][number]

export interface IdentityDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  files: Pick<Files, 'upload'>
  parties: Parties
  publicUrl: string
  secureCookies: boolean
  wechat: {
    miniAppid: string
    mpAppid: string
    /** Exchanges the code of wx.login. */
    miniPerson(code: string): Promise<WechatPerson>
    /** Exchanges the code of the phone-number button for the number. */
    miniPhone(code: string): Promise<string>
    /** Where to send a browser that signs in. */
    webAuthorizeUrl(redirectUri: string, state: string): string
    webPerson(code: string): Promise<WechatPerson>
  }
  /** The categories with all below them, as far as they are the shop's. */
  categoriesBelow(tx: Tx, shopId: string, categoryIds: readonly string[]): Promise<string[]>
  /** Everything of the shop that a role's scope may name. */
  scopeChoices(tx: Tx, shopId: string): Promise<ScopeChoices>
  /** What a member of staff (the call's) sees of the lists that the viewer sees whole, read as they are read for them. */
  previewLists(call: ListCall, viewer: StaffCaller): Promise<PreviewList[]>
  /** Opens a shop with its owner and everything a shop needs; composed in app.ts. Scope `system`. */
  openShop(input: {
    name: string
    slug: string
    owner: { account: string; name: string; password: string }
  }): Promise<string>
  /** Called in the transaction of a sign-in that had a guest before: the cart moves over. */
  onGuestSignedIn(tx: Tx, move: { guestId: string; buyerId: string }): Promise<void>
  /** Called in the transaction of every sign-in: who comes back does not leave. Scope `system`. */
  onSignedIn(tx: Tx, buyerId: string): Promise<void>
  /** Called in the transaction that renames a buyer: lists that carry the name follow. Scope `system`. */
  onRenamed(tx: Tx, buyer: { buyerId: string; nickname: string }): Promise<void>
  /** Called in the transaction that makes two buyers one: orders and carts move over. */
  onBuyersMerged(tx: Tx, move: { fromBuyerId: string; buyerId: string }): Promise<void>
}
