/**
 * Requests over raw keep-alive sockets: each connection sends its next request when the answer to the last one is
 * whole. Costs a fraction of what HTTP clients cost, so that on a machine which everything shares, server and database
 * are measured and not the buyers.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface LoadOptions {
  /** Connections are spread over them. */
  ports: readonly number[]
  connections: number
  /** Connections stop asking after this; `Infinity` when `request` ends it. */
  seconds: number
  /** One whole HTTP request of this connection, its bytes as latin1; `undefined` when it has no more to ask. */
  request: (connection: number) => string | undefined
  /** Looks at an answer: its whole status and, as latin1, its body. Without it bodies are only counted. */
  answer?: (connection: number, status: number, body: string) => void
}

export interface LoadResult {
  perSecond: number
  answered: number
  p50Ms: number
  p99Ms: number
  refused: number
  errors: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('content-length: ')
const MAX_HEAD_BYTES = 16 * 1024
const READ_BYTES = 64 * 1024
const ZERO = 48
/** `HTTP/1.1 ` comes before the status. */
const STATUS_AT = 9

export async function driveLoad(options: LoadOptions): Promise<LoadResult> {
  const tally = new Tally()
  const drivers = Array.from({ length: options.connections }, (_, index) => {
    return new Driver(options, index, tally)
  })
  await Promise.all(drivers.map((driver) => driver.ready))
  const startedAt = performance.now()
  for (const driver of drivers) driver.start(startedAt + options.seconds * 1000)
  await Promise.all(drivers.map((driver) => driver.done.promise))
  return tally.result((performance.now() - startedAt) / 1000)
}

class Driver {
  readonly done = Promise.withResolvers<void>()
  readonly ready: Promise<unknown>
  readonly #options: LoadOptions
  readonly #index: number
  readonly #tally: Tally
  readonly #socket: Socket
  #until = 0
  #sentAt = 0
  #status = 0
  /** Bytes of the body that are still to come; -1 while the head is read. */
  #left = -1
  #head: Buffer = Buffer.alloc(0)

  #wholeStatus = 0
  #text = ''

  constructor(options: LoadOptions, index: number, tally: Tally) {
    this.#options = options
    this.#index = index
    this.#tally = tally
    this.#socket = connect({
      host: '127.0.0.1',
      port: options.ports[index % options.ports.length]!,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback: (bytes, buffer) => {
          this.#read(buffer as Buffer, bytes)
          return true
        },
      },
    })
    this.ready = once(this.#socket, 'connect')
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('close', () => {
      if (this.#sentAt > 0) tally.errors++
      this.done.resolve()
    })
  }

  start(until: number): void {
    this.#until = until
    this.#next()
  }

  #next(): void {
    const now = performance.now()
    const request = now >= this.#until ? undefined : this.#options.request(this.#index)
    if (request === undefined) {
      this.#sentAt = 0
      this.#socket.destroy()
      return
    }
    this.#sentAt = now
    this.#socket.write(request, 'latin1')
  }

  #read(buffer: Buffer, bytes: number): void {
    if (this.#left >= 0) {
      this.#body(buffer.subarray(0, bytes))
      return
    }
    const whole = this.#head.length === 0
    const seen = whole ? buffer.subarray(0, bytes) : Buffer.concat([this.#head, buffer.subarray(0, bytes)])
    const end = seen.indexOf(HEAD_END)
    if (end < 0) {
      if (seen.length > MAX_HEAD_BYTES) throw new Error('An answer with an endless head')
      this.#head = Buffer.from(seen)
      return
    }
    this.#head = Buffer.alloc(0)
    this.#status = seen[STATUS_AT]! - ZERO
    this.#left = lengthOf(seen, end)
    if (this.#options.answer) this.#wholeStatus = Number(seen.toString('latin1', STATUS_AT, STATUS_AT + 3))
    this.#body(seen.subarray(end + HEAD_END.length))
  }

  #body(bytes: Buffer): void {
    this.#left -= bytes.length
    if (this.#options.answer) this.#text += bytes.toString('latin1')
    if (this.#left > 0) return
    this.#left = -1
    this.#tally.add(this.#status, performance.now() - this.#sentAt)
    if (this.#options.answer) {
      const body = this.#text
      this.#text = ''
      this.#options.answer(this.#index, this.#wholeStatus, body)
    }
    this.#next()
  }
}

function lengthOf(head: Buffer, end: number): number {
  const at = head.indexOf(LENGTH)
  if (at < 0 || at > end) throw new Error(`An answer without a length: ${head.toString('latin1', 0, end)}`)
  let length = 0
  for (let i = at + LENGTH.length; head[i]! >= ZERO; i++) length = length * 10 + head[i]! - ZERO
  return length
}

/** Tenths of milliseconds up to a minute. */
const STEPS = 10
const MAX_STEPS = 600_000

class Tally {
  errors = 0
  readonly #times = new Uint32Array(MAX_STEPS)
  #answered = 0
  #refused = 0

  add(status: number, ms: number): void {
    if (status !== 2) {
      this.#refused++
      return
    }
    this.#answered++
    this.#times[Math.min(MAX_STEPS - 1, Math.round(ms * STEPS))]!++
  }

  result(seconds: number): LoadResult {
    return {
      perSecond: Math.round(this.#answered / seconds),
      answered: this.#answered,
      p50Ms: this.#quantile(0.5),
      p99Ms: this.#quantile(0.99),
      refused: this.#refused,
      errors: this.errors,
    }
  }

  #quantile(share: number): number {
    let left = this.#answered * share
    for (let step = 0; step < MAX_STEPS; step++) {
      left -= this.#times[step]!
      if (left <= 0) return step / STEPS
    }
    return MAX_STEPS / STEPS
  }
}
