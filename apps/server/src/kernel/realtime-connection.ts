import { z } from 'zod'
import type { Hearing } from './realtime.ts'

/** What the hub needs of a socket; `ws` has it. */
export interface RealtimeSocket {
  readonly bufferedAmount: number
  send(text: string): void
  close(code: number, reason: string): void
  terminate(): void
  ping(): void
  on(event: 'message', listener: (data: unknown, isBinary: boolean) => void): unknown
  on(event: 'close' | 'pong', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** Why a socket was closed, and what its client does next. */
export const CLOSE = {
  /** It read too slowly: connect again and go on after the last cursor. */
  resume: { code: 4001, reason: 'too slow: connect again and resume' },
  /** The server goes down: connect again a little later and go on after the last cursor. */
  restart: { code: 1012, reason: 'restarting: connect again and resume' },
  /** It did not keep to the protocol: do not try again. */
  protocol: { code: 1008, reason: 'not understood' },
} as const

export interface Subscription {
  topic: string
  after?: string | undefined
}

export interface ConnectionOptions {
  maxBufferedBytes: number
  join(subscription: Subscription): Promise<void>
  leave(topic: string): void
  hearing(topic: string): Promise<Hearing>
  gone(): void
  onError(error: unknown): void
}

const Message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('subscribe'), topic: z.string().max(120), after: z.string().max(12_000).optional() }),
  z.object({ type: z.literal('unsubscribe'), topic: z.string().max(120) }),
  z.object({ type: z.literal('ping') }),
])

const MAX_MESSAGE_LENGTH = 16 * 1024
const MAX_TOPICS = 50
const MAX_WAITING = 100

/** One socket: reads what its client wants and writes to it, within bounds. */
export class RealtimeConnection<Caller> {
  readonly caller: Caller
  /** The topics it follows, and what it hears of each. */
  readonly topics = new Map<string, Hearing>()
  readonly #socket: RealtimeSocket
  readonly #options: ConnectionOptions
  #alive = true
  #closed = false
  #waiting = 0
  #turn: Promise<void> = Promise.resolve()

  constructor(socket: RealtimeSocket, caller: Caller, options: ConnectionOptions) {
    this.caller = caller
    this.#socket = socket
    this.#options = options
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('pong', () => {
      this.#alive = true
    })
    socket.on('error', () => {})
    socket.on('close', () => this.#end())
  }

  send(message: Record<string, unknown>): void {
    this.sendText(JSON.stringify(message))
  }

  sendText(text: string): void {
    if (this.#closed) return
    if (this.#socket.bufferedAmount > this.#options.maxBufferedBytes) {
      this.close('resume')
      return
    }
    try {
      this.#socket.send(text)
    } catch (error) {
      this.#options.onError(error)
      this.#socket.terminate()
      this.#end()
    }
  }

  close(why: keyof typeof CLOSE): void {
    if (this.#closed) return
    this.#end()
    this.#socket.close(CLOSE[why].code, CLOSE[why].reason)
    // A client that does not read does not answer the closing handshake either.
    if (why === 'resume') setTimeout(() => this.#socket.terminate(), 5_000).unref()
  }

  /** Drops a socket that has not answered since the last beat, and asks anew what its caller hears of its topics. */
  async beat(): Promise<void> {
    if (this.#closed) return
    if (!this.#alive) {
      this.#socket.terminate()
      this.#end()
      return
    }
    this.#alive = false
    this.#socket.ping()
    for (const topic of [...this.topics.keys()]) {
      const hearing = await this.#options.hearing(topic)
      if (!this.topics.has(topic)) continue
      if (hearing !== 'nothing') this.topics.set(topic, hearing)
      else {
        this.#leave(topic)
        this.send({ type: 'refused', topic, reason: 'forbidden' })
      }
    }
  }

  #receive(data: unknown, isBinary: boolean): void {
    if (this.#closed) return
    this.#alive = true
    const text = isBinary ? '' : String(data)
    const message = text.length > MAX_MESSAGE_LENGTH ? undefined : parse(text)
    if (!message || this.#waiting >= MAX_WAITING) {
      this.close('protocol')
      return
    }
    this.#waiting++
    this.#turn = this.#turn
      .then(() => this.#handle(message))
      .catch((error: unknown) => {
        this.#options.onError(error)
        if (message.type !== 'ping') this.send({ type: 'refused', topic: message.topic, reason: 'unavailable' })
      })
      .finally(() => {
        this.#waiting--
      })
  }

  async #handle(message: z.output<typeof Message>): Promise<void> {
    if (this.#closed) return
    if (message.type === 'ping') return this.send({ type: 'pong' })
    const { topic } = message
    if (message.type === 'unsubscribe') return this.#leave(topic)
    const refuse = (reason: string) => this.send({ type: 'refused', topic, reason })
    if (this.topics.size >= MAX_TOPICS && !this.topics.has(topic)) return refuse('too many topics')
    const hearing = await this.#options.hearing(topic)
    if (hearing === 'nothing') return refuse('forbidden')
    if (this.#closed) return
    this.#leave(topic)
    this.topics.set(topic, hearing)
    await this.#options.join({ topic, after: message.after })
    // The socket may have closed, and left all its topics, while it was joining this one.
    if (this.#closed) this.#options.leave(topic)
  }

  #leave(topic: string): void {
    if (this.topics.delete(topic)) this.#options.leave(topic)
  }

  #end(): void {
    if (this.#closed) return
    this.#closed = true
    this.#options.gone()
  }
}

function parse(text: string): z.output<typeof Message> | undefined {
  try {
    return Message.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
