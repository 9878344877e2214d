import type { Address, GeoPoint, NoticeKind, PaymentStart, Payout } from '@zhanggui/contract'
import type { ClientOptions } from '@zhanggui/contract/client'
import type { Poster } from '../model/poster.ts'
import type { PageName, PageParams } from '../routes.ts'

export interface NavigateOptions {
  /** Another shop, by id or slug. */
  shop?: string
}

export type PayMethod = PaymentStart['method']
/** How an attempt to pay ended on this side; whether money moved is only ever said by the server. */
export type PayOutcome = 'finished' | 'cancelled' | 'left' | 'shown'

export type TransferToConfirm = NonNullable<Payout['client']>

export interface ConfirmOptions {
  title: string
  content?: string
  confirmText?: string
  cancelText?: string
  isDanger?: boolean
}

/** A file that the buyer has chosen; only `uploadFile` knows what it is made of. */
export interface PickedFile {
  name: string
  content: unknown
}

/** What pages need of the machine below them. One implementation for the browser, one for the mini program. */
export interface Platform {
  kind: 'h5' | 'mini'
  navigate<N extends PageName>(name: N, params: PageParams[N], options?: NavigateOptions): void
  redirect<N extends PageName>(name: N, params: PageParams[N], options?: NavigateOptions): void
  /** Goes back, or to the page named when there is nothing behind. */
  back(fallback?: PageName): void
  switchTab(name: 'home' | 'category' | 'cart' | 'orders' | 'me'): void
  /** Small strings on this device; a full or forbidden storage loses them quietly. */
  storage: { get(key: string): string | null; set(key: string, value: string): void; remove(key: string): void }
  send: NonNullable<ClientOptions['send']>
  /** Offers a page to friends; falls back to copying its address. */
  share(what: { title: string; name: PageName; params: Record<string, string> }): Promise<void>
  copy(text: string): Promise<void>
  /** Fetches a file from an address of ours: kept by the browser, in the mini program its address is copied. */
  download(url: string): void
  /** Whether the machine has a way of its own to hand a link to friends. */
  canShare(): boolean
  /** Draws a poster of a product and answers a picture that an image can show. */
  drawPoster(poster: Poster): Promise<string>
  /** Keeps a drawn picture on this device. */
  savePicture(picture: string, name: string): Promise<void>
  /** Lets the buyer choose pictures, or one video, from this device; none when nothing was chosen. */
  pickFiles(kind: 'picture' | 'video', most: number): Promise<PickedFile[]>
  /** Sends a chosen file to an address of the API and answers its JSON. Throws ApiError. */
  uploadFile<T>(url: string, file: PickedFile): Promise<T>
  /** Shows pictures one by one, as large as the screen. */
  previewPictures(urls: readonly string[], index: number): void
  /** Opens the dialler. */
  callPhone(phone: string): void
  /** Opens a chat with the shop's people. */
  openChat(url: string): void
  /** Which way of paying fits this browser. */
  payMethod(): PayMethod
  pay(start: PaymentStart): Promise<PayOutcome>
  /**
   * Shows the person a transfer that waits for them, to be confirmed. `elsewhere`: not here, in WeChat. Whether money
   * moved is only ever said by the server. Throws an Error in the person's words.
   */
  receiveTransfer(transfer: TransferToConfirm): Promise<'finished' | 'cancelled' | 'elsewhere'>
  /**
   * The address that the buyer picks out of WeChat's own book; undefined when none was picked. Absent where WeChat's
   * book cannot be reached. Throws an Error in the buyer's words.
   */
  chooseAddress: (() => Promise<Address | undefined>) | undefined
  /**
   * Where the goods shall go: pointed to on a map, or where this device is. As China's maps count (GCJ-02). Undefined when
   * the buyer chose none. Throws an Error in the buyer's words.
   */
  locate(): Promise<GeoPoint | undefined>
  /**
   * Asks the buyer to be told of such things in WeChat; nothing happens where that cannot be. To be called right after
   * a tap or a payment, with nothing awaited in between. Never fails: what the buyer was doing goes on.
   */
  askToNotify(kinds: readonly NoticeKind[]): Promise<void>
  /** Signs the buyer in with WeChat. In a browser the page is left and comes back to where it was. */
  login(): Promise<void>
  /** Forgets what this device knows of the session after signing out. */
  forgetSession(): void
  toast(text: string, kind?: 'plain' | 'good' | 'bad'): void
  confirm(options: ConfirmOptions): Promise<boolean>
  setTitle(title: string): void
  /** Runs the work when the buyer pulls the page down (mini program). */
  useOnPullDown(work: () => Promise<void>): void
  /** Runs the work each time the page is shown again after another one. */
  useOnShow(work: () => void): void
  /** A fresh random id for idempotency keys. */
  newKey(): string
}
