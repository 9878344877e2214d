import type { EventBatch, TrackedEvent } from '@zhanggui/contract'
import { type RandomBytes, randomBytes, uuidv7 } from './uuid.ts'

export { uuidv7 } from './uuid.ts'

type Distribute<T> = T extends unknown ? Omit<T, 'id' | 'at'> : never
/** An event as a page reports it; id and time are added here. */
export type Happening = Distribute<TrackedEvent>

/** Where the tracker keeps its ids and what could not be sent yet. Both may fail quietly. */
export interface TrackerStorage {
  get(key: string): string | null
  set(key: string, value: string): void
}

/**
 * Takes one batch to the server. `leaving` is true when the page is going away, so that the transport can use
 * `sendBeacon` or a keepalive request. Answers whether the batch is settled: delivered, or refused for good;
 * `false` or a rejection means try again.
 */
export type TrackerTransport = (batch: EventBatch, leaving: boolean) => Promise<boolean>

export interface TrackerOptions {
  shopId: string
  platform: 'h5' | 'mini'
  storage: TrackerStorage
  transport: TrackerTransport
  now?: () => number
  random?: RandomBytes
  /** Calls back once after the delay; gives back a function that cancels. */
  schedule?: (work: () => void, delayMs: number) => () => void
}

export interface Tracker {
  track(event: Happening): void
  /** Sends what waits. Call with `true` when the page is hidden. */
  flush(leaving?: boolean): Promise<void>
}

const BATCH_EVENTS = 20
const BATCH_DELAY_MS = 3_000
/** The oldest events are dropped beyond this; a phone that is offline for a day must not fill its storage. */
const QUEUE_EVENTS = 200
const RETRY_FIRST_MS = 5_000
const RETRY_LONGEST_MS = 5 * 60_000
/** A visit ends after half an hour without an event. */
const SESSION_IDLE_MS = 30 * 60_000

const DEVICE_KEY = 'zg.device'
const SESSION_KEY = 'zg.session'
const QUEUE_KEY = 'zg.events'

type Stamped = Happening & { id: string; at: number }
interface Visit {
  id: string
  at: number
}

const later = (work: () => void, delayMs: number) => {
  const timer = setTimeout(work, delayMs)
  return () => clearTimeout(timer)
}

/**
 * Collects behaviour events and sends them in batches of at most 20, 3 s after the first or when the page is
 * hidden. What cannot be delivered stays in storage and is retried with growing delays; the server stores an id
 * once, so sending twice does no harm. (DAT-01)
 */
export function createTracker(options: TrackerOptions): Tracker {
  const { storage, transport, now = Date.now, random = randomBytes, schedule = later } = options
  const queueKey = `${QUEUE_KEY}.${options.shopId}`
  let queue = read<Stamped[]>(storage, queueKey, Array.isArray) ?? []
  let cancelTimer: (() => void) | undefined
  let failures = 0
  let isSending = false

  const save = () => storage.set(queueKey, JSON.stringify(queue))
  const arm = (delayMs: number) => {
    cancelTimer ??= schedule(() => {
      cancelTimer = undefined
      void flush()
    }, delayMs)
  }
  const settle = (sent: Stamped[], isDone: boolean) => {
    if (isDone) {
      const ids = new Set(sent.map((event) => event.id))
      queue = queue.filter((event) => !ids.has(event.id))
      failures = 0
      save()
    } else failures++
  }

  async function flush(leaving = false): Promise<void> {
    if (queue.length === 0 || (isSending && !leaving)) return
    cancelTimer?.()
    cancelTimer = undefined
    isSending = true
    const events = queue.slice(0, BATCH_EVENTS)
    const at = now()
    const batch = {
      shopId: options.shopId,
      ...idents(storage, at, random),
      platform: options.platform,
      sentAt: at,
      events,
    }
    settle(events, await transport(batch, leaving).catch(() => false))
    isSending = false
    if (queue.length === 0) return
    if (failures > 0) arm(Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_LONGEST_MS))
    else await flush(leaving)
  }

  if (queue.length > 0) arm(BATCH_DELAY_MS)
  return {
    track(event) {
      const at = now()
      queue.push({ ...event, id: uuidv7(at, random), at })
      if (queue.length > QUEUE_EVENTS) queue = queue.slice(-QUEUE_EVENTS)
      save()
      if (queue.length >= BATCH_EVENTS && failures === 0) void flush()
      else arm(BATCH_DELAY_MS)
    },
    flush,
  }
}

function idents(storage: TrackerStorage, at: number, random: RandomBytes): { deviceId: string; sessionId: string } {
  let deviceId = storage.get(DEVICE_KEY)
  if (!deviceId) {
    deviceId = uuidv7(at, random)
    storage.set(DEVICE_KEY, deviceId)
  }
  const last = read<Visit>(
    storage,
    SESSION_KEY,
    (value) => typeof value?.id === 'string' && typeof value.at === 'number',
  )
  const sessionId = last && at - last.at < SESSION_IDLE_MS ? last.id : uuidv7(at, random)
  storage.set(SESSION_KEY, JSON.stringify({ id: sessionId, at } satisfies Visit))
  return { deviceId, sessionId }
}

/** What is in storage was written by an older version or by somebody else: anything unusable is forgotten. */
function read<T>(storage: TrackerStorage, key: string, isValid: (value: T) => boolean): T | undefined {
  try {
    const value = JSON.parse(storage.get(key) ?? 'null') as T
    return value !== null && isValid(value) ? value : undefined
  } catch {
    return undefined
  }
}
