import { randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, gzip, inflate, zstdDecompress } from 'node:zlib'
import type { Engine, StatementContext, StatementResult } from './engine.ts'
import { ClickHouseFailure } from './failure.ts'
import { contentType, countRows, formatOf, isBinaryFormat, readMultipart } from './formats.ts'

const MAX_BODY_BYTES = 128 * 1024 * 1024
const COMPRESS_FROM_BYTES = 1024

export interface HttpOptions {
  engine: Engine
  version: string
  password: string
}

/** Parameters of the URL that are neither settings nor query parameters. */
const RESERVED = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'quota_key',
  'stacktrace',
  'role',
  'session_timeout',
  'session_check',
  'close_session',
])

/** Settings of ClickHouse's HTTP layer, which the engine does not know; answers are complete before they are sent. */
const HTTP_SETTINGS = new Set([
  'wait_end_of_query',
  'buffer_size',
  'send_progress_in_http_headers',
  'http_response_buffer_size',
  'http_headers_progress_interval_ms',
  'http_send_progress_interval_ms',
  'http_wait_end_of_query',
  'http_write_exception_in_output_format',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_response_compression_method',
  'cancel_http_readonly_queries_on_client_close',
])

/** A server that answers ClickHouse's HTTP interface: what the official client sends, without server-side sessions. */
export function createHttpServer(options: HttpOptions): Server {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      console.error(error)
      response.destroy()
    })
  })
  server.requestTimeout = 0
  server.keepAliveTimeout = 30_000
  return server
}

async function answer(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/ping' || url.pathname === '/replicas_status') return void response.end('Ok.\n')
  const queryId = url.searchParams.get('query_id') || randomUUID()
  response.setHeader('X-ClickHouse-Query-Id', queryId)
  response.setHeader('X-ClickHouse-Server-Display-Name', 'zhanggui')
  response.setHeader('X-ClickHouse-Timezone', 'UTC')
  const aborted = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) aborted.abort()
  })
  try {
    if (url.pathname !== '/') throw new ClickHouseFailure(46, 'UNKNOWN_FUNCTION', `There is no handle ${url.pathname}`)
    checkPassword(request, url.searchParams, options.password)
    await runRequest(options.engine, request, response, url.searchParams, aborted.signal)
  } catch (error) {
    if (aborted.signal.aborted) return
    const failure = ClickHouseFailure.from(error)
    response.setHeader('X-ClickHouse-Exception-Code', String(failure.code))
    if (failure.status === 503) response.setHeader('Retry-After', '1')
    // What is left of a refused body is not read: the connection ends with this answer.
    if (!request.complete) response.setHeader('Connection', 'close')
    response.writeHead(failure.status, { 'Content-Type': 'text/plain; charset=UTF-8' })
    response.end(failure.body(options.version))
  }
}

async function runRequest(
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  search: URLSearchParams,
  signal: AbortSignal,
): Promise<void> {
  const body = await readBody(request)
  const type = request.headers['content-type'] ?? ''
  const parts = type.startsWith('multipart/form-data') ? readMultipart(body, type) : null
  const fields = new URLSearchParams(search)
  for (const [name, value] of parts ?? []) fields.set(name, value)
  const query = fields.get('query') ?? ''
  const data = parts ? '' : body.toString('utf8')
  const statement = query && data ? `${query}\n${data}` : query || data
  const context = readContext(request, fields, signal)
  const format = formatOf(query || data.slice(-4096)) ?? context.format
  if (query && data && isBinaryFormat(formatOf(query)))
    throw new ClickHouseFailure(48, 'NOT_IMPLEMENTED', `The embedded ClickHouse takes text formats only, not ${format}`)
  const inserted = query && data ? countRows(formatOf(query), data) : 0
  // ClickHouse accepts an insert without rows; the engine reports it as an error.
  const isEmptyInsert = /^\s*insert\b[\s\S]*\bformat\s+\w+\s*$/i.test(query) && data.trim() === ''
  const result = isEmptyInsert
    ? { bytes: new Uint8Array(), rows: 0, resultBytes: 0, elapsedMs: 0 }
    : await engine.run(statement, context)
  response.setHeader('X-ClickHouse-Format', format)
  response.setHeader('X-ClickHouse-Summary', summary(result, inserted, data.length))
  response.setHeader('Content-Type', contentType(format))
  await send(request, response, fields, result.bytes)
}

function readContext(request: IncomingMessage, fields: URLSearchParams, signal: AbortSignal): StatementContext {
  for (const name of ['session_id', 'compress', 'decompress'])
    if (fields.get(name) && fields.get(name) !== '0')
      throw new ClickHouseFailure(48, 'NOT_IMPLEMENTED', `The embedded ClickHouse does not support '${name}'`)
  const params = new Map<string, string>()
  const settings = new Map<string, string>()
  for (const [name, value] of fields) {
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), value)
    else if (!RESERVED.has(name) && !HTTP_SETTINGS.has(name)) settings.set(name, value)
  }
  const header = (name: string) => request.headers[name] as string | undefined
  return {
    database: fields.get('database') || header('x-clickhouse-database'),
    format: fields.get('default_format') || header('x-clickhouse-format') || 'TabSeparated',
    params,
    settings,
    readOnly: request.method === 'GET',
    signal,
  }
}

function checkPassword(request: IncomingMessage, search: URLSearchParams, password: string): void {
  const { user, secret } = credentials(request, search)
  const [given, wanted] = [Buffer.from(secret), Buffer.from(password)]
  if (user === 'default' && given.length === wanted.length && timingSafeEqual(given, wanted)) return
  const message = `${user}: Authentication failed: password is incorrect, or there is no user with such name`
  throw new ClickHouseFailure(516, 'AUTHENTICATION_FAILED', message)
}

function credentials(request: IncomingMessage, search: URLSearchParams): { user: string; secret: string } {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')
  if (basic) {
    const text = Buffer.from(basic[1]!, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    return { user: text.slice(0, colon), secret: text.slice(colon + 1) }
  }
  const user = (request.headers['x-clickhouse-user'] as string | undefined) ?? search.get('user') ?? 'default'
  const secret = (request.headers['x-clickhouse-key'] as string | undefined) ?? search.get('password') ?? ''
  return { user, secret }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () =>
    new ClickHouseFailure(1_000_413, 'TOO_MANY_BYTES', `The request body is larger than ${MAX_BODY_BYTES} bytes`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || body.length === 0) return body
  const decoder = DECODERS[encoding]
  if (!decoder) throw new ClickHouseFailure(48, 'NOT_IMPLEMENTED', `Content encoding '${encoding}' is not supported`)
  return decoder(body, { maxOutputLength: MAX_BODY_BYTES }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw new ClickHouseFailure(354, 'ZLIB_INFLATE_FAILED', `The request body is not valid ${encoding}`)
  })
}

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
const DECODERS: Record<string, Decoder | undefined> = {
  gzip: promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip),
  deflate: promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate),
  br: promisify<Buffer, { maxOutputLength: number }, Buffer>(brotliDecompress),
  zstd: promisify<Buffer, { maxOutputLength: number }, Buffer>(zstdDecompress),
}

const compress = promisify<Buffer | Uint8Array, { level: number }, Buffer>(gzip)

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  fields: URLSearchParams,
  bytes: Uint8Array,
): Promise<void> {
  const wanted = fields.get('enable_http_compression') === '1'
  const accepted = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  if (!wanted || !accepted || bytes.length < COMPRESS_FROM_BYTES) return void response.end(bytes)
  response.setHeader('Content-Encoding', 'gzip')
  response.end(await compress(bytes, { level: 3 }))
}

function summary(result: StatementResult, insertedRows: number, insertedBytes: number): string {
  const written = String(insertedRows)
  const writtenBytes = String(insertedRows ? insertedBytes : 0)
  return JSON.stringify({
    read_rows: String(insertedRows || result.rows),
    read_bytes: String(insertedRows ? insertedBytes : result.resultBytes),
    written_rows: written,
    written_bytes: writtenBytes,
    total_rows_to_read: '0',
    result_rows: String(insertedRows || result.rows),
    result_bytes: String(insertedRows ? insertedBytes : result.resultBytes),
    elapsed_ns: String(Math.round(result.elapsedMs * 1e6)),
  })
}
