import { z } from 'zod'
import type { Database } from './database.ts'

/** Every knob of the simulator, its bounds and its default. `PATCH /__sim/settings` changes them. */
export const settingsSchema = z.strictObject({
  merchant_name: z.string().min(1).max(40).default('掌柜小店'),
  /** Where the mini program runs as a page; messages then link to it. */
  mini_program_url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]).default(''),
  /** WeChat Pay's fee in basis points (60 = 0.6 %). */
  fee_bp: z.int().min(0).max(1000).default(60),
  /** How long a refund stays PROCESSING. */
  refund_delay_ms: z.int().min(0).max(86_400_000).default(2000),
  /** Least distance between two refunds of one order. */
  refund_interval_ms: z.int().min(0).max(3_600_000).default(60_000),
  /** The highest share of an order that may be split, in basis points; WeChat's usual 30 %. */
  split_max_ratio_bp: z.int().min(0).max(10_000).default(3000),
  /** How long after payment a split is refused. */
  split_wait_ms: z.int().min(0).max(86_400_000).default(60_000),
  /** After so many days frozen money unfreezes by itself: 30 for ordinary merchants, 180 for 收付通. */
  split_freeze_days: z.int().min(1).max(400).default(30),
  /** How long the receivers of a split stay PENDING. */
  split_delay_ms: z.int().min(0).max(86_400_000).default(2000),
  /** How often one receiver may give back, and for how many days. */
  split_returns_most: z.int().min(1).max(1000).default(20),
  split_return_days: z.int().min(1).max(400).default(180),
  /** Where the merchant is told of splits and returns it receives; empty for nowhere. */
  split_notify_url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]).default(''),
  /** How long a transfer waits for its receiver. */
  transfer_confirm_ms: z.int().min(1000).max(2_592_000_000).default(86_400_000),
  /** How long a confirmed or cancelled transfer is under way. */
  transfer_delay_ms: z.int().min(0).max(86_400_000).default(2000),
  /** The largest single transfer (an assumption: WeChat sets it for each merchant). */
  transfer_most_fen: z.int().min(10).max(100_000_000).default(2_000_000),
  /** From here the receiver's name is required. */
  transfer_name_from_fen: z.int().min(10).max(100_000_000).default(200_000),
  /** Which key signs notifications. New merchants only have the public key. */
  notification_key: z.enum(['public_key', 'platform_certificate']).default('public_key'),
  /** `none` plays a merchant without platform certificates: GET /v3/certificates answers 404. */
  platform_certificates: z.enum(['available', 'none']).default('available'),
  /** How many of the next notifications are preceded by a probe with a wrong signature. */
  signature_probes: z.int().min(0).max(1000).default(0),
  /** `always` lets subscribe messages through without a grant. */
  subscribe_grants: z.enum(['required', 'always']).default('required'),
  /** How many times faster than life parcels travel; a whole way takes a day and a half at 1. */
  parcel_speed: z.int().min(1).max(100_000).default(1),
})
export type Settings = z.infer<typeof settingsSchema>

export class SettingsStore {
  readonly #db: Database
  #current: Settings

  constructor(db: Database) {
    this.#db = db
    const row = db.one<{ value: string }>(`SELECT value FROM settings WHERE key = 'settings'`)
    this.#current = settingsSchema.parse(row ? JSON.parse(row.value) : {})
  }

  get(): Settings {
    return this.#current
  }

  /** Merges and checks; throws a ZodError that names the setting it did not like. */
  change(part: Partial<Settings> | Record<string, unknown>): Settings {
    this.#current = settingsSchema.parse({ ...this.#current, ...part })
    this.#write('settings', this.#current)
    return this.#current
  }

  get clockOffsetMs(): number {
    const row = this.#db.one<{ value: string }>(`SELECT value FROM settings WHERE key = 'clock_offset_ms'`)
    return row ? Number(row.value) : 0
  }

  set clockOffsetMs(offsetMs: number) {
    this.#write('clock_offset_ms', offsetMs)
  }

  #write(key: string, value: unknown): void {
    this.#db.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', key, JSON.stringify(value))
  }
}
