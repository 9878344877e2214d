import { Redis } from 'ioredis'
import type { Listener } from './listener.ts'

/** Notifications by way of Redis: the same as LISTEN and NOTIFY, off the database. */
export interface RedisNotifications {
  listener: Listener
  publish(channel: string, payload: string): Promise<void>
  /**
   * Takes a token of a bucket that all processes share; answers 0, or in how many ms there will be one. Without an
   * answer of Redis in time there is always one: each process still counts for itself.
   */
  takeToken(key: string, rate: { perSecond: number; burst: number }): Promise<number>
  close(): Promise<void>
}

const MAX_PAUSE_MS = 5_000
/** A limit is not worth more waiting than this. */
const TOKEN_TIMEOUT_MS = 25

/** By Redis' own clock, so that it does not matter whose process asks. */
const TAKE_TOKEN = `
  local at = redis.call('TIME')
  local now = at[1] * 1000 + math.floor(at[2] / 1000)
  local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
  local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
  local tokens = burst
  if known[1] then tokens = math.min(burst, tonumber(known[1]) + math.max(0, now - tonumber(known[2])) / 1000 * rate) end
  local wait = 0
  if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate * 1000) end
  redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
  redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
  return wait`

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
    async takeToken(key, { perSecond, burst }) {
      if (publisher.status !== 'ready') {
        if (publisher.status === 'wait') publisher.connect().catch(onError)
        return 0
      }
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<number>((resolve) => {
        timer = setTimeout(() => resolve(0), TOKEN_TIMEOUT_MS)
      })
      const taken = publisher.eval(TAKE_TOKEN, 1, `zg:bucket:${key}`, perSecond, burst) as Promise<number>
      return Promise.race([taken.catch(() => 0), late]).finally(() => clearTimeout(timer))
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
