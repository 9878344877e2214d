import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RouteSpec } from '@zhanggui/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { TokenBuckets } from '../token-buckets.ts'
import { WAIT_COOKIE, waitingPage } from './waiting-page.ts'
import { WaitingRoom } from './waiting-room.ts'

/**
 * What is let in when there is more than the process can answer in time. `vital` is never turned away: payment
 * notifications, refunds, health. The others have a number of requests that may be inside at once, which follows how
 * long answers take: above the target it shrinks, below it grows.
 */
export const ADMISSION_CLASSES = {
  vital: { targetMs: Number.POSITIVE_INFINITY, least: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY },
  pay: { targetMs: 2_000, least: 64, most: 2_048 },
  orders: { targetMs: 2_000, least: 256, most: 4_096 },
  console: { targetMs: 3_000, least: 32, most: 256 },
  reads: { targetMs: 1_000, least: 128, most: 2_048 },
  pages: { targetMs: 1_500, least: 32, most: 256 },
} as const
export type AdmissionClass = keyof typeof ADMISSION_CLASSES

declare module 'fastify' {
  interface FastifyContextConfig {
    admission?: AdmissionClass
  }
}

export interface AdmissionOptions {
  /** Signs places in the queue. */
  secret: string
  /** Monotonic ms. */
  ticks: () => number
  millis: () => number
  /** Requests a second from one address, and how many at once; what comes from this machine (tests, benches) is not counted. */
  perAddress: { perSecond: number; burst: number }
  /** Orders a second of one buyer, and how many at once. */
  ordersPerBuyer: { perSecond: number; burst: number }
  /** Takes from the same limits for all processes; answers the ms to wait. Absent: each process counts for itself. */
  shared?: (key: string, rate: { perSecond: number; burst: number }) => Promise<number>
  classes?: Partial<Record<AdmissionClass, { targetMs: number; least: number; most: number }>>
  random?: () => number
}

/** How often limits follow what was measured. */
const WINDOW_MS = 100
const SHRINK = 0.85
const GROWTH = 1.1
/** Who is refused comes back after so many seconds, each at another moment. */
const RETRY_SECONDS = { least: 1, spread: 4 }
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

export type Admission = ReturnType<typeof createAdmission>

/** Which class a route of the contract belongs to. */
export function admissionClass(id: string, { access, method }: RouteSpec): AdmissionClass {
  if (access.audience === 'wechat') return 'vital'
  if (id === 'orders.place') return 'orders'
  if (id.startsWith('payments.')) return 'pay'
  if (['staff', 'member', 'staff-self', 'platform'].includes(access.audience)) return 'console'
  return access.audience === 'buyer' && method !== 'GET' ? 'pay' : 'reads'
}

export function createAdmission(options: AdmissionOptions) {
  const random = options.random ?? Math.random
  const gates = new Map<AdmissionClass, Gate>()
  for (const [name, range] of Object.entries({ ...ADMISSION_CLASSES, ...options.classes }))
    gates.set(name as AdmissionClass, new Gate(range))
  const addresses = new TokenBuckets({ ...options.perAddress, ticks: options.ticks })
  const buyers = new TokenBuckets({ ...options.ordersPerBuyer, ticks: options.ticks })
  const room = new WaitingRoom(options.millis)
  const places = new Places(options.secret)
  /** What the program asks of itself (pages read the API) has been let in already. */
  const innerToken = randomBytes(18).toString('base64url')
  const isInner = (request: FastifyRequest) => request.headers[INNER_HEADER] === innerToken
  const inside = new WeakMap<FastifyRequest, Gate>()
  let draining = false
  let timer: NodeJS.Timeout | undefined

  const retryAfter = () => RETRY_SECONDS.least + Math.floor(random() * RETRY_SECONDS.spread)
  const busy = () => new AppError('BUSY', { retryAfterSeconds: retryAfter() })

  /** A page that cannot be had now: the visitor waits in a queue that comes back by itself. */
  const letWait = (request: FastifyRequest, reply: FastifyReply) => {
    const place = places.read(request) ?? places.give(room.join())
    const seconds = retryAfter() + room.patience(place.at)
    return reply
      .status(503)
      .header('retry-after', seconds)
      .header('cache-control', 'no-store')
      .header('set-cookie', `${WAIT_COOKIE}=${place.text}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax`)
      .type('text/html; charset=utf-8')
      .send(waitingPage({ seconds, ahead: room.ahead(place.at) }))
  }

  const limitAddress = async (ip: string): Promise<void> => {
    refuseFor(addresses.take(ip))
    if (options.shared) refuseFor(await options.shared(`address:${ip}`, options.perAddress))
  }

  /** Whether a request goes on; a page that cannot be had has been answered. @throws AppError BUSY */
  const letIn = (request: FastifyRequest, reply: FastifyReply, name: AdmissionClass): boolean => {
    const isPage = name === 'pages'
    const wait = () => {
      if (!isPage) throw busy()
      letWait(request, reply)
      return false
    }
    if (draining) return wait()
    const gate = gates.get(name)!
    const place = isPage ? places.read(request) : undefined
    const hasTurn = place !== undefined && room.isServed(place.at)
    if (isPage && !hasTurn && (place || room.waiting > 0)) return wait()
    if (!gate.enter(hasTurn)) return wait()
    if (place) reply.header('set-cookie', `${WAIT_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`)
    inside.set(request, gate)
    // A caller who goes away is not answered, and is outside all the same.
    reply.raw.once('close', () => leave(request))
    return true
  }

  const leave = (request: FastifyRequest, elapsedMs?: number) => {
    inside.get(request)?.leave(elapsedMs)
    inside.delete(request)
  }

  return {
    /** Headers of a request that the program makes of itself. */
    innerHeaders: { [INNER_HEADER]: innerToken },
    mount(app: FastifyInstance): void {
      app.addHook('onRequest', (request, reply, done) => {
        const name = request.routeOptions.config.admission ?? (wantsPage(request) ? 'pages' : 'reads')
        if (name === 'vital' || isInner(request) || isPlain(request)) return done()
        const decide = () => {
          let isIn: boolean
          try {
            isIn = letIn(request, reply, name)
          } catch (error) {
            return done(error as Error)
          }
          // Who waits has been answered with a page.
          if (isIn) done()
        }
        // Nothing is waited for where nothing is counted.
        if (draining || LOOPBACK.test(request.ip)) decide()
        else limitAddress(request.ip).then(decide, done)
      })
      app.addHook('onResponse', (request, reply, done) => {
        leave(request, reply.elapsedTime)
        done()
      })
      app.addHook('onSend', (_request, reply, payload, done) => {
        if (draining) reply.header('connection', 'close')
        done(null, payload)
      })
      let lastAt = options.ticks()
      timer = setInterval(() => {
        const now = options.ticks()
        // A timer that comes late says that the process cannot keep up, though every answer seems quick.
        const lateMs = Math.max(0, now - lastAt - WINDOW_MS)
        lastAt = now
        for (const gate of gates.values()) gate.follow(lateMs)
        room.serve(gates.get('pages')!.room)
      }, WINDOW_MS)
      timer.unref()
      app.addHook('onClose', async () => clearInterval(timer))
    },
    /**
     * Counts an order that a buyer asks for, by whichever of their sessions and addresses.
     * @throws AppError TOO_MANY_REQUESTS
     */
    async limitOrders({ ip }: Pick<FastifyRequest, 'ip'>, buyerId: string): Promise<void> {
      if (LOOPBACK.test(ip)) return
      refuseFor(buyers.take(buyerId))
      if (options.shared) refuseFor(await options.shared(`orders:${buyerId}`, options.ordersPerBuyer))
    },
    /** From now on every answer ends its connection. */
    drain(): void {
      draining = true
    },
    get isDraining(): boolean {
      return draining
    },
    stats: () =>
      [...gates].map(([name, gate]) => ({ name, inside: gate.inside, limit: gate.limit, refused: gate.refused })),
  }
}

const INNER_HEADER = 'x-zg-inner'

function refuseFor(waitMs: number): void {
  if (waitMs <= 0) return
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  throw new AppError('TOO_MANY_REQUESTS', { values: { seconds }, retryAfterSeconds: seconds })
}

const wantsPage = (request: FastifyRequest): boolean =>
  request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')

/** Files and the like: from memory or disk, and what a page that was let in needs. */
const isPlain = (request: FastifyRequest): boolean =>
  /^\/(assets|files|console|docs|healthz|readyz|metrics|ws)(\/|\?|$)/.test(request.url)

/** How many of a class may be inside. */
export class Gate {
  readonly #range: { targetMs: number; least: number; most: number }
  #worstMs: number[] = []
  limit: number
  inside = 0
  refused = 0
  /** Whether the limit was reached since it was set last: one that nobody needs does not grow. */
  #isWanted = false
  /** Most inside at once since then: how many there are when it is looked at says little. */
  #peak = 0

  constructor(range: { targetMs: number; least: number; most: number }) {
    this.#range = range
    this.limit = range.most
  }

  get room(): number {
    return Math.max(0, this.limit - this.inside)
  }

  /** `hasTurn`: has waited for it, and is let in beside the others. */
  enter(hasTurn = false): boolean {
    if (this.inside >= this.limit) this.#isWanted = true
    if (this.inside >= (hasTurn ? this.#range.most : this.limit)) {
      this.refused++
      return false
    }
    this.inside++
    this.#peak = Math.max(this.#peak, this.inside)
    return true
  }

  leave(elapsedMs?: number): void {
    this.inside--
    if (elapsedMs !== undefined) this.#worstMs.push(elapsedMs)
  }

  /** The limit after what was measured in the last window. */
  follow(lateMs: number): void {
    const { targetMs, least, most } = this.#range
    if (!Number.isFinite(targetMs)) return
    const sorted = this.#worstMs.sort((a, b) => a - b)
    this.#worstMs = []
    const peak = this.#peak
    this.#peak = this.inside
    if (sorted.length === 0 && lateMs < targetMs) return
    const middleMs = (sorted[sorted.length >> 1] ?? 0) + lateMs
    if (middleMs > targetMs)
      this.limit = Math.max(least, Math.floor(Math.min(this.limit, Math.max(peak, least)) * SHRINK))
    else if (this.#isWanted || this.limit < most) this.limit = Math.min(most, Math.ceil(this.limit * GROWTH))
    this.#isWanted = false
  }
}

interface Place {
  /** When it was given, which is what it is worth. */
  at: number
  text: string
}

/** A place in the queue, signed, so that nobody gives themselves a better one. */
class Places {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  give(at: number): Place {
    return { at, text: `${at}.${this.#sign(at)}` }
  }

  read(request: FastifyRequest): Place | undefined {
    const found = new RegExp(`(?:^|;\\s*)${WAIT_COOKIE}=(\\d{13}(?:\\.\\d+)?)\\.([\\w-]{43})`).exec(
      request.headers.cookie ?? '',
    )
    if (!found) return undefined
    const at = Number(found[1])
    const isOurs = timingSafeEqual(Buffer.from(this.#sign(at)), Buffer.from(found[2]!))
    return isOurs ? { at, text: `${at}.${found[2]}` } : undefined
  }

  #sign(at: number): string {
    return createHmac('sha256', this.#secret).update(`waiting:${at}`).digest('base64url')
  }
}
