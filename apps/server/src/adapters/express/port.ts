/** Where a parcel is, in our words. */
export type ParcelState = 'waiting' | 'collected' | 'in-transit' | 'delivering' | 'signed' | 'problem' | 'returned'

/** One line of a parcel's way. */
export interface ParcelEvent {
  /** UTC, ISO 8601. */
  at: string
  text: string
  state: ParcelState
  /** Where it was, as the carrier writes it; may be empty. */
  area: string
}

/** Everything that is known of a parcel at some moment. Later news repeat the earlier events. */
export interface ParcelNews {
  /** The aggregator's company code. */
  company: string
  number: string
  state: ParcelState
  events: ParcelEvent[]
  /** Nothing more will be told: signed, or given up. */
  isOver: boolean
}

export interface Parcel {
  /** The carrier's code as WeChat writes it: SF, ZTO, … */
  carrierCode: string
  number: string
  /** Last four digits of the receiver's or sender's phone; SF asks for them. */
  phoneTail?: string | undefined
}

export type SubscribeAnswer = 'following' | 'unsupported'

/** A service that follows parcels of all carriers and calls back when one moves. */
export interface Express {
  /** Has news of a parcel sent to `callbackUrl`, signed with `salt`. Doing it twice is once. @throws ExpressError */
  subscribe(parcel: Parcel, callback: { url: string; salt: string }): Promise<SubscribeAnswer>
  /** Asks about a parcel now; undefined when nothing is known of it yet. @throws ExpressError */
  query(parcel: Parcel): Promise<ParcelNews | undefined>
  /** What a callback says. @throws ExpressError with `fault: 'signature'` when it is not signed with `salt` */
  readCallback(body: string, salt: string): ParcelNews
}

export interface ExpressConfig {
  /** `https://poll.kuaidi100.com`, or the simulator. */
  baseUrl: string
  key: string
  customer: string
  timeoutMs?: number
}

/** What went wrong with the aggregator. */
export class ExpressError extends Error {
  readonly fault: 'signature' | 'refused' | 'malformed' | 'network'
  readonly retryable: boolean

  constructor(fault: ExpressError['fault'], message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'ExpressError'
    this.fault = fault
    this.retryable = options.retryable
  }
}
