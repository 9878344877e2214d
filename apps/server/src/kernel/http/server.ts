import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance, LogController } from 'fastify'
import { AppError } from '../errors.ts'
import type { Admission } from './admission.ts'
import { secureHeaders } from './headers.ts'
import { closeSlowReaders } from './slow-readers.ts'

export interface HttpOptions {
  logger: FastifyBaseLogger
  /** Whether browsers reach us by HTTPS (decides on HSTS and secure cookies). */
  https: boolean
  /** Hosts that pages may load pictures from or submit to, beside our own (object store, payment page). */
  trustedOrigins: readonly string[]
  /** Connections at once; one more is closed. */
  maxConnections?: number
  /** Who is let in when there are too many; everybody unless given. */
  admission?: Admission
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  trustedProxies: string
  /** Called with the route id, status and duration of every answer. */
  observe?: (routeId: string, method: string, status: number, seconds: number) => void
}

const MAX_BODY_BYTES = 1024 * 1024
/** A whole request, body included; and its headers alone. */
const REQUEST_TIMEOUT_MS = 60_000
const HEADERS_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 72_000
const TIMEOUT_CHECK_MS = 2_000
const MAX_CONNECTIONS = 20_000

/** The HTTP server with everything that is the same for every route. */
export async function buildHttp(options: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.logger,
    // One line a request, written by `onResponse` below, instead of Fastify's two.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // A logger of its own for every request would cost more than most answers: lines name their request themselves.
    childLoggerFactory: (logger) => logger,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Who comes while the process stops is told so in our own words, so that the client waits and asks again.
    return503OnClosing: options.admission === undefined,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    routerOptions: { maxParamLength: 300 },
    trustProxy: options.trustedProxies,
  })
  app.server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS
  closeSlowReaders(app.server)
  options.admission?.mount(app)
  await app.register(cookie)
  await app.register(compress, { threshold: 1024, encodings: ['br', 'gzip'] })
  await app.register(websocket, { options: { maxPayload: 16 * 1024 } })
  keepRawBody(app)
  secureHeaders(app, options)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toAppError(error, request.id)
    if (known.status >= 500)
      request.log.error(
        { err: error, reqId: request.id, routeId: request.routeOptions.config.routeId },
        'request failed',
      )
    if (known.details.retryAfterSeconds !== undefined) reply.header('retry-after', known.details.retryAfterSeconds)
    return reply.status(known.status).type('application/json; charset=utf-8').send(known.toBody(request.id))
  })
  app.setNotFoundHandler((request, reply) =>
    reply
      .status(404)
      .send(new AppError('NOT_FOUND', { values: { what: `页面 ${request.url.slice(0, 100)}` } }).toBody(request.id)),
  )
  app.addHook('onResponse', (request, reply, done) => {
    const routeId = request.routeOptions.config.routeId ?? 'other'
    const { id: reqId, method } = request
    options.observe?.(routeId, method, reply.statusCode, reply.elapsedTime / 1000)
    const ms = Math.round(reply.elapsedTime)
    request.log.info({ reqId, routeId, method, status: reply.statusCode, ms }, 'answered')
    done()
  })
  return app
}

/** Signed notifications are verified over the very bytes that came; routes read them from `request.rawBody`. */
function keepRawBody(app: FastifyInstance): void {
  app.decorateRequest('rawBody', '')
  // Forms come from services that sign them (parcel tracking); only routes that read the bytes look at them.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => {
    request.rawBody = body as string
    done(null, undefined)
  })
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body as string
    request.rawBody = text
    if (text === '') return done(null, undefined)
    try {
      done(null, JSON.parse(text))
    } catch (error) {
      done(
        new AppError('VALIDATION_FAILED', {
          values: { field: 'body', reason: '不是有效的 JSON' },
          field: 'body',
          cause: error,
        }),
      )
    }
  })
}

function toAppError(error: FastifyError | AppError, requestId: string): AppError {
  if (error instanceof AppError) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' || error.code === 'FST_REQ_FILE_TOO_LARGE')
    return new AppError('BODY_TOO_LARGE', { values: { limit: '1 MB' }, cause: error })
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new AppError('UNSUPPORTED_MEDIA_TYPE', { values: { type: error.message }, cause: error })
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new AppError('VALIDATION_FAILED', { values: { field: 'request', reason: error.message }, cause: error })
  if (isDatabaseDown(error))
    return new AppError('UNAVAILABLE', {
      values: { what: '服务', reason: '数据库暂时没有回应，请稍后重试' },
      retryAfterSeconds: 3,
      cause: error,
    })
  return new AppError('INTERNAL', { values: { requestId }, cause: error })
}

/** Refused, lost or timed-out connections to PostgreSQL, and its own words for starting up or shutting down. */
function isDatabaseDown(error: Error & { code?: string }): boolean {
  return (
    ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P02', '57P03', '53300'].includes(error.code ?? '') ||
    /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
  )
}
