import type { Actor } from './actor.ts'
import type { Instant } from './clock.ts'
import { type Db, sql, type Tx } from './db.ts'
import { PLATFORM_SHOP_ID } from './ids.ts'
import type { Listener } from './listener.ts'

export interface StoredSetting {
  value: unknown
  version: number
  updatedAt: Instant
  updatedBy: Actor
}

/** What one shop (or the platform) has set, by `<scope id>/<name>`. */
export type StoredSettings = ReadonlyMap<string, StoredSetting>

interface Entry {
  /** Undefined while it is being read. */
  values?: StoredSettings
  loading?: Promise<StoredSettings>
}

const MAX_SHOPS = 10_000

/**
 * The stored settings of the shops that this process works for. An entry is dropped when any process announces
 * a change of that shop, and a read that was under way at that moment is not kept. When the connection that
 * listens is lost, and again when it is back, everything is dropped.
 */
export class SettingsCache {
  readonly #db: Db
  readonly #listener: Listener
  readonly #channel: string
  readonly #entries = new Map<string, Entry>()
  #listening: Promise<() => void> | undefined

  constructor(db: Db, listener: Listener, channel: string) {
    this.#db = db
    this.#listener = listener
    this.#channel = channel
  }

  /** The shop's settings, from memory where possible; a miss is read through `tx` when it may see them. */
  async get(shopId: string, tx?: Tx): Promise<StoredSettings> {
    const entry = this.#entries.get(shopId)
    if (entry?.values) return entry.values
    const loading = entry?.loading ?? this.#load(shopId)
    if (tx === undefined || !maySee(tx, shopId)) return loading
    // The shared read may be waiting for a connection that only this transaction's end will free.
    loading.catch(() => {})
    return this.read(tx, shopId)
  }

  /** Straight from the database. */
  async read(tx: Tx, shopId: string): Promise<StoredSettings> {
    const rows = await tx.rows<StoredSetting & { scopeId: string; name: string }>(sql`
      select scope_id, name, value, version, updated_at, updated_by from settings where shop_id = ${shopId}`)
    return new Map(rows.map(({ scopeId, name, ...stored }) => [`${scopeId}/${name}`, stored]))
  }

  forget(shopId: string): void {
    this.#entries.delete(shopId)
  }

  async close(): Promise<void> {
    const stop = await this.#listening?.catch(() => undefined)
    stop?.()
    this.#entries.clear()
  }

  #load(shopId: string): Promise<StoredSettings> {
    const entry: Entry = {}
    entry.loading = this.#loadInto(shopId, entry)
    this.#entries.set(shopId, entry)
    return entry.loading
  }

  async #loadInto(shopId: string, entry: Entry): Promise<StoredSettings> {
    try {
      await this.#listen()
      const values = await this.#db.tx('system', (tx) => this.read(tx, shopId))
      if (this.#entries.get(shopId) === entry) {
        entry.values = values
        this.#makeRoom()
      }
      return values
    } catch (error) {
      if (this.#entries.get(shopId) === entry) this.#entries.delete(shopId)
      throw error
    }
  }

  #listen(): Promise<() => void> {
    this.#listening ??= this.#listener
      .listen(
        this.#channel,
        (shopId) => this.forget(shopId),
        () => this.#entries.clear(),
      )
      .catch((error: unknown) => {
        this.#listening = undefined
        throw error
      })
    return this.#listening
  }

  #makeRoom(): void {
    for (const shopId of this.#entries.keys()) {
      if (this.#entries.size <= MAX_SHOPS) return
      if (shopId !== PLATFORM_SHOP_ID) this.#entries.delete(shopId)
    }
  }
}

const maySee = ({ scope }: Tx, shopId: string): boolean =>
  scope === 'system' || shopId === PLATFORM_SHOP_ID || scope.shopId === shopId
