import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'

export interface KeptAnswersOptions {
  clock: Clock
  /** All answers together. */
  maxBytes?: number
  /**
   * How old an answer may be when nobody said that something was written: what another process wrote without an event,
   * and what begins or ends by the clock.
   */
  maxAgeMs?: number
}

interface Answer {
  bytes: Buffer
  tag: string
  pressed?: Promise<Buffer>
}

interface Entry {
  writes: number
  madeAt: number
  answer: Promise<Answer>
  size: number
  asked: number
}

const DEFAULT_MAX_BYTES = 32 * 1024 * 1024
const DEFAULT_MAX_AGE_MS = 2_000
/** Of an entry beside its text. */
const ENTRY_BYTES = 500
const SMALLEST_PRESSED = 1_024
const QUALITY = 5
const press = promisify(brotliCompress)

/**
 * Answers that are the same for every visitor, kept as bytes until something is written: in a rush thousands read what
 * one has read from the database. Whoever asks after a commit of this process never gets an answer from before it.
 */
export class KeptAnswers {
  readonly #clock: Clock
  readonly #maxBytes: number
  readonly #maxAgeMs: number
  readonly #entries = new Map<string, Entry>()
  #bytes = 0
  /** Counts what was written: an answer is as good as the count under which its reading began. */
  #writes = 0
  #hits = 0
  #misses = 0

  constructor({ clock, maxBytes = DEFAULT_MAX_BYTES, maxAgeMs = DEFAULT_MAX_AGE_MS }: KeptAnswersOptions) {
    this.#clock = clock
    this.#maxBytes = maxBytes
    this.#maxAgeMs = maxAgeMs
  }

  /** Something that answers may show has changed. */
  changed(): void {
    this.#writes++
  }

  stats(): { entries: number; bytes: number; hits: number; misses: number } {
    return { entries: this.#entries.size, bytes: this.#bytes, hits: this.#hits, misses: this.#misses }
  }

  /**
   * Sends the answer under this key, made by `make` where there is none that is still true; those who ask at the same
   * time wait for one. Errors are not kept. 304 for who has it already.
   */
  async send(
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
    make: () => Promise<unknown>,
  ): Promise<FastifyReply> {
    const entry = this.#entry(key, make)
    const answer = await entry.answer
    reply
      .type('application/json; charset=utf-8')
      .header('etag', answer.tag)
      .header('cache-control', 'private, no-cache')
      .header('vary', 'cookie, authorization, accept-encoding')
    if (request.headers['if-none-match'] === answer.tag) return reply.status(304).send()
    const isWorthIt = entry.asked > 1 && answer.bytes.length >= SMALLEST_PRESSED
    if (!isWorthIt || !/\bbr\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(answer.bytes)
    answer.pressed ??= press(answer.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } })
    return reply.header('content-encoding', 'br').send(await answer.pressed)
  }

  #entry(key: string, make: () => Promise<unknown>): Entry {
    const now = this.#clock.millis()
    const known = this.#entries.get(key)
    if (known && known.writes === this.#writes && now >= known.madeAt && now - known.madeAt < this.#maxAgeMs) {
      this.#hits++
      known.asked++
      return known
    }
    this.#misses++
    if (known) this.#forget(key, known)
    const answer = make().then(toAnswer)
    const entry: Entry = { writes: this.#writes, madeAt: now, answer, size: 0, asked: 1 }
    this.#entries.set(key, entry)
    answer.then(
      ({ bytes }) => this.#weigh(key, entry, bytes.length),
      () => this.#forget(key, entry),
    )
    return entry
  }

  #weigh(key: string, entry: Entry, length: number): void {
    if (this.#entries.get(key) !== entry) return
    entry.size = length + key.length + ENTRY_BYTES
    this.#bytes += entry.size
    for (const [oldest, each] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break
      this.#forget(oldest, each)
    }
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#bytes -= entry.size
  }
}

function toAnswer(value: unknown): Answer {
  const bytes = Buffer.from(JSON.stringify(value))
  return { bytes, tag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}
