import pg from 'pg'
import type { Db } from './db.ts'

export interface Listener {
  /**
   * Calls `onMessage` for every NOTIFY on `channel`, and `onGap` whenever some may have been missed: when the
   * connection is lost and when it is found again. Resolves once listening, to a function that ends it.
   */
  listen(channel: string, onMessage: (payload: string) => void, onGap: () => void): Promise<() => void>
  close(): Promise<void>
}

interface Subscription {
  channel: string
  onMessage: (payload: string) => void
  onGap: () => void
}

const RECONNECT_MIN_MS = 100
const RECONNECT_MAX_MS = 5_000

/**
 * One connection for everything this process LISTENs to. It reconnects by itself for ever, with growing
 * pauses; whoever listens learns of each gap.
 */
export function createListener(db: Db, onError: (error: Error) => void = () => {}): Listener {
  return new PgListener(db.url, onError)
}

class PgListener implements Listener {
  readonly #url: string
  readonly #onError: (error: Error) => void
  readonly #subscriptions = new Set<Subscription>()
  #client: Promise<pg.Client> | undefined
  #timer: NodeJS.Timeout | undefined
  #pauseMs = RECONNECT_MIN_MS
  #closed = false

  constructor(url: string, onError: (error: Error) => void) {
    this.#url = url
    this.#onError = onError
  }

  async listen(channel: string, onMessage: (payload: string) => void, onGap: () => void): Promise<() => void> {
    if (this.#closed) throw new Error('The listener is closed')
    const subscription = { channel, onMessage, onGap }
    this.#subscriptions.add(subscription)
    this.#client ??= this.#connect()
    const client = await this.#client
    await client.query(`listen ${client.escapeIdentifier(channel)}`)
    return () => void this.#subscriptions.delete(subscription)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    const client = await this.#client?.catch(() => undefined)
    await client?.end().catch(() => {})
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'zhanggui-listener',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    })
    let lost = false
    const onLost = (error?: Error) => {
      if (lost || this.#closed) return
      lost = true
      if (error) this.#onError(error)
      client.end().catch(() => {})
      for (const subscription of this.#subscriptions) subscription.onGap()
      this.#reconnectLater()
    }
    client.on('error', onLost)
    client.on('end', () => onLost())
    client.on('notification', ({ channel, payload }) => {
      for (const subscription of this.#subscriptions)
        if (subscription.channel === channel) subscription.onMessage(payload ?? '')
    })
    try {
      await client.connect()
    } catch (error) {
      onLost(error as Error)
      throw error
    }
    return client
  }

  #reconnectLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#reconnect(), this.#pauseMs)
    this.#timer.unref()
    this.#pauseMs = Math.min(this.#pauseMs * 2, RECONNECT_MAX_MS)
  }

  async #reconnect(): Promise<void> {
    if (this.#closed) return
    this.#client = this.#connect()
    try {
      const client = await this.#client
      for (const channel of new Set([...this.#subscriptions].map((subscription) => subscription.channel)))
        await client.query(`listen ${client.escapeIdentifier(channel)}`)
      this.#pauseMs = RECONNECT_MIN_MS
      for (const subscription of this.#subscriptions) subscription.onGap()
    } catch {
      // The lost connection has already asked for the next attempt.
    }
  }
}
