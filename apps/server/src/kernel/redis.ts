import { Redis } from 'ioredis'
import type { Listener } from './listener.ts'

/** Notifications by way of Redis: the same as LISTEN and NOTIFY, off the database. */
export interface RedisNotifications {
  listener: Listener
  publish(channel: string, payload: string): Promise<void>
  close(): Promise<void>
}

const MAX_PAUSE_MS = 5_000

/**
 * Connects to Redis; reconnects for ever. The database stays the source of every event: Redis only says that there
 * is something new, so that what it loses costs time and nothing else.
 */
export function createRedisNotifications(url: string, onError: (error: Error) => void = () => {}): RedisNotifications {
  const options = {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt: number) => Math.min(100 * 2 ** attempt, MAX_PAUSE_MS),
  }
  const publisher = new Redis(url, options)
  const subscriber = new Redis(url, { ...options, maxRetriesPerRequest: null })
  const handlers = new Set<{ channel: string; onMessage: (payload: string) => void; onGap: () => void }>()
  let wasReady = false
  const gap = () => {
    for (const handler of handlers) handler.onGap()
  }
  for (const client of [publisher, subscriber]) client.on('error', onError)
  subscriber.on('message', (channel: string, payload: string) => {
    for (const handler of handlers) if (handler.channel === channel) handler.onMessage(payload)
  })
  subscriber.on('close', gap)
  subscriber.on('ready', () => {
    if (wasReady) gap()
    wasReady = true
  })
  return {
    listener: {
      async listen(channel, onMessage, onGap) {
        const handler = { channel, onMessage, onGap }
        handlers.add(handler)
        // Not waited for: a Redis that is down at the start costs time and nothing else.
        subscriber.subscribe(channel).then(onGap, onError)
        return () => void handlers.delete(handler)
      },
      async close() {
        subscriber.disconnect()
      },
    },
    async publish(channel, payload) {
      await publisher.publish(channel, payload)
    },
    async close() {
      subscriber.disconnect()
      publisher.disconnect()
    },
  }
}
