import etag from '@fastify/etag'
import multipart from '@fastify/multipart'
import { ROUTES, type RouteId, type RouteSpec, type Routes, type StepUpPurpose } from '@zhanggui/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { withDataScopes } from '../data-scope.ts'
import { AppError } from '../errors.ts'
import type { KeptValues } from '../kept-values.ts'
import { admissionClass } from './admission.ts'
import { type Authenticator, type Caller, scopesFor } from './caller.ts'
import type { Consent, RequireConsent } from './consent.ts'
import { admit, requireStepUp } from './guard.ts'
import { type Answer as KeptAnswer, sendKept } from './kept-answers.ts'

type Parsed<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined
type Answer<R> = R extends { response: infer S extends z.ZodType } ? z.input<S> : unknown

/** What a handler is given: validated input and an admitted caller. */
export interface Call<Id extends RouteId = RouteId> {
  params: Parsed<Routes[Id], 'params'>
  query: Parsed<Routes[Id], 'query'>
  body: Parsed<Routes[Id], 'body'>
  caller: Caller
  /** Present on idempotent routes. */
  idempotencyKey: string
  ip: string
  requestId: string
  /** On routes with `stepUpAbove`: refuses a large call until the person has proved who they are. Ask before writing. */
  stepUp(): Promise<void>
  request: FastifyRequest
  reply: FastifyReply
}

export type Handler<Id extends RouteId> = (call: Call<Id>) => Promise<Answer<Routes[Id]>>
export type Handlers = { [Id in RouteId]?: Handler<Id> }

export interface MountOptions {
  authenticator: Authenticator
  /** Where browsers reach us: whose pages count as our own, and whether cookies are for HTTPS alone. */
  publicUrl: string
  /** Whether a second person has to agree to what is proven for. */
  requireConsent?: RequireConsent
  /** Whether a buyer may ask for one more order now. @throws AppError TOO_MANY_REQUESTS */
  limitOrders?: (request: FastifyRequest, buyerId: string) => Promise<void>
  /** Check every answer against its schema, dropping what the schema does not name. */
  checkAnswers: boolean
  /** Of one file that is uploaded. */
  maxUploadBytes: number
  /** Where answers of `kept` routes are kept; each is made anew unless given. */
  kept?: KeptValues<KeptAnswer>
  /** Which routes this process serves; all of them unless told. */
  serves?: (id: RouteId) => boolean
}

const IDEMPOTENCY_KEY = /^[\w-]{8,64}$/

/** Serves every route of the contract. A route without a handler, or a handler twice, stops the start. */
export function mountRoutes(app: FastifyInstance, modules: readonly Handlers[], options: MountOptions): void {
  const handlers = new Map<string, Handler<RouteId>>()
  for (const module of modules)
    for (const [id, handler] of Object.entries(module)) {
      if (handlers.has(id)) throw new Error(`Route ${id} has two handlers`)
      handlers.set(id, handler as Handler<RouteId>)
    }
  const missing = Object.keys(ROUTES).filter((id) => !handlers.has(id))
  if (missing.length > 0) throw new Error(`Routes without a handler: ${missing.join(', ')}`)
  const served = (Object.entries(ROUTES) as [RouteId, RouteSpec][]).filter(([id]) => options.serves?.(id) ?? true)
  const mountThose = (on: FastifyInstance, which: (route: RouteSpec) => boolean) => {
    for (const [id, route] of served) if (which(route)) mount(on, id, route, handlers.get(id)!, options)
  }
  const isUpload = ({ consumes }: RouteSpec) => consumes === 'file'
  mountThose(app, (route) => !isUpload(route) && route.method !== 'GET')
  // Parts of their own, so that taking files apart and hashing answers cost no other request anything.
  app.register(async (reads) => {
    await reads.register(etag, { weak: true })
    mountThose(reads, (route) => !isUpload(route) && route.method === 'GET')
  })
  app.register(async (uploads) => {
    await uploads.register(multipart, { limits: { fileSize: options.maxUploadBytes, files: 1, fields: 10 } })
    mountThose(uploads, isUpload)
  })
}

function mount(
  app: FastifyInstance,
  id: RouteId,
  route: RouteSpec,
  handler: Handler<RouteId>,
  options: MountOptions,
): void {
  const admission = admissionClass(id, route)
  app.route({
    method: route.method,
    url: route.path,
    config: { routeId: id, admission },
    // Without the hooks that compressing answers and unpacking bodies would cost every request.
    ...(route.small ? { compress: false, decompress: false } : {}),
    handler: async (request, reply) => {
      const caller = await admit(route.access, request, reply, options.authenticator, options.publicUrl)
      if (admission === 'orders' && caller.kind === 'buyer') await options.limitOrders?.(request, caller.buyerId)
      const consents: Consent[] = []
      const prove = async (purpose: StepUpPurpose) => {
        await requireStepUp(purpose, caller, options.authenticator)
        const consent = await options.requireConsent?.(id, route, purpose, call)
        if (consent) consents.push(consent)
      }
      const call: Call = {
        params: parse(route.params, request.params, 'params'),
        query: parse(route.query, request.query, 'query'),
        body:
          route.consumes === undefined || route.consumes === 'json'
            ? parse(route.body, request.body ?? {}, 'body', !request.rawBody.includes(ESCAPE))
            : undefined,
        caller,
        idempotencyKey: route.idempotent ? idempotencyKey(request) : '',
        ip: request.ip,
        requestId: request.id,
        stepUp: async () => {
          if (route.stepUpAbove === undefined) throw new Error(`${id} does not say what it asks a person to prove`)
          await prove(route.stepUpAbove)
        },
        request,
        reply,
      } as Call
      if (route.stepUp !== undefined) await prove(route.stepUp)
      const answered = async () => {
        const answer = await inScope(route, caller, () => handler(call)).catch(async (error: unknown) => {
          await Promise.all(consents.map((consent) => consent.failed(error)))
          throw error
        })
        if (reply.sent || route.response === undefined) return answer ?? reply
        return options.checkAnswers ? checked(id, route.response, answer) : answer
      }
      const key = options.kept && keyOf(id, route, call)
      return key === undefined ? answered() : sendKept(options.kept!, key, { request, reply }, answered)
    },
  })
}

const REFUSED_BY_POLICY = '42501'

/**
 * Answers as the caller may see the shop: a member of staff whose roles reach a part of it reads and writes that part,
 * in every transaction of the handler. @throws AppError OUT_OF_SCOPE for what would be written beyond it
 */
export async function inScope<T>(route: RouteSpec, caller: Caller, answer: () => Promise<T>): Promise<T> {
  if (caller.kind !== 'staff' || caller.shopId === undefined) return answer()
  const scopes = scopesFor(caller, 'permission' in route.access ? route.access.permission : undefined)
  if (scopes === null) return answer()
  try {
    return await withDataScopes(scopes, answer)
  } catch (error) {
    if ((error as { code?: string }).code !== REFUSED_BY_POLICY) throw error
    throw new AppError('OUT_OF_SCOPE', { cause: error })
  }
}

/** Under what a kept answer is found; undefined where it is somebody's own, or is asked for in a way of its own. */
function keyOf(id: RouteId, { kept }: RouteSpec, { params, query, caller }: Call): string | undefined {
  if (kept === undefined || caller.kind !== 'anonymous') return undefined
  const asked = (query ?? {}) as Record<string, unknown>
  if (kept.unless?.some((name) => asked[name] !== undefined)) return undefined
  return JSON.stringify([id, caller.channel, params, query])
}

/** What JSON writes a NUL or half of a surrogate pair with; in clear neither can be in it. */
const ESCAPE = '\\u'

function parse(schema: z.ZodType | undefined, input: unknown, where: string, storable = false): unknown {
  if (!schema) return undefined
  const bad = storable ? undefined : unstorable(input, where)
  if (bad !== undefined)
    throw new AppError('VALIDATION_FAILED', { values: { field: bad, reason: '含有无法保存的字符' }, field: bad })
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const field = issue.path.join('.') || where
  throw new AppError('VALIDATION_FAILED', {
    values: { field, reason: issue.message },
    field,
    data: {
      issues: result.error.issues.slice(0, 20).map((each) => ({ field: each.path.join('.'), reason: each.message })),
    },
  })
}

/** The path of the first text that no database can keep: a NUL, or half of a surrogate pair. */
function unstorable(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, each] of Object.entries(value)) {
    const found = unstorable(key, `${path}.${key}`) ?? unstorable(each, `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) throw new AppError('IDEMPOTENCY_KEY_REQUIRED')
  return key
}

function checked(id: string, schema: z.ZodType, answer: unknown): unknown {
  const result = schema.safeParse(answer)
  if (result.success) return result.data
  throw new Error(`The answer of ${id} does not match its schema: ${result.error.message}`)
}
