import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeptValues } from '../kept-values.ts'

/** The bytes of an answer, as they are sent. */
export interface Answer {
  bytes: Buffer
  tag: string
  pressed?: Promise<Buffer>
}

const SMALLEST_PRESSED = 1_024
const QUALITY = 5
const press = promisify(brotliCompress)

/** Sends answers of `kept` routes: 304 for who has it already, compressed once where it is asked for again. */
export async function sendKept(
  kept: KeptValues<Answer>,
  key: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  make: () => Promise<unknown>,
): Promise<FastifyReply> {
  const { value, asked } = kept.get(key, async () => toAnswer(await make()))
  const answer = await value
  reply
    .type('application/json; charset=utf-8')
    .header('etag', answer.tag)
    .header('cache-control', 'private, no-cache')
    .header('vary', 'cookie, authorization, accept-encoding')
  if (request.headers['if-none-match'] === answer.tag) return reply.status(304).send()
  const isWorthIt = asked > 1 && answer.bytes.length >= SMALLEST_PRESSED
  if (!isWorthIt || !/\bbr\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(answer.bytes)
  answer.pressed ??= press(answer.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } })
  return reply.header('content-encoding', 'br').send(await answer.pressed)
}

function toAnswer(value: unknown): Answer {
  const bytes = Buffer.from(JSON.stringify(value))
  return { bytes, tag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}
