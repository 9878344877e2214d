import type { z } from 'zod'
import { ROUTE_TABLE } from '../generated/routes.ts'
import type { ErrorBody, ErrorCode } from './errors.ts'
import type { RouteId, Routes } from './index.ts'

type Part<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? Record<K, z.input<S>> : unknown
type OptionalPart<R, K extends string> =
  R extends Record<K, infer S extends z.ZodType> ? Partial<Record<K, z.input<S>>> : unknown

/** What a call takes: the route's params, query and body, a key where the route is idempotent. */
export type Input<Id extends RouteId> = Part<Routes[Id], 'params'> &
  OptionalPart<Routes[Id], 'query'> &
  Part<Routes[Id], 'body'> &
  (Routes[Id] extends { idempotent: true } ? { idempotencyKey: string } : unknown) &
  (Routes[Id] extends { consumes: 'file' } ? { file: Blob; fileName: string } : unknown)

/** What a call answers, as JSON gives it. */
export type Output<Id extends RouteId> = Routes[Id] extends { response: infer S extends z.ZodType }
  ? z.output<S>
  : undefined

/** A request as the transport sends it; `body` is JSON text or, for uploads, form data. */
export interface WireRequest {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | FormData
}

export interface WireResponse {
  status: number
  /** Parsed JSON, or undefined when there is none. */
  json: unknown
}

export interface ClientOptions {
  /** Empty for the own origin. */
  baseUrl?: string
  /** How requests travel: `fetch` by default, `wx.request` in the mini program. */
  send?: (request: WireRequest) => Promise<WireResponse>
  /** Headers of every request, e.g. the bearer token. */
  headers?: () => Record<string, string>
}

/** An answer that is not a success: the server's own error, or `NETWORK` when there was none. */
export class ApiError extends Error {
  readonly code: ErrorCode | 'NETWORK'
  readonly status: number
  readonly body: ErrorBody['error'] | undefined

  constructor(status: number, body: ErrorBody['error'] | undefined, cause?: unknown) {
    super(body?.message ?? '网络不给力，请检查网络后重试', { cause })
    this.name = 'ApiError'
    this.code = body?.code ?? 'NETWORK'
    this.status = status
    this.body = body
  }
}

export type Client = <Id extends RouteId>(
  id: Id,
  ...input: Record<never, never> extends Input<Id> ? [Input<Id>?] : [Input<Id>]
) => Promise<Output<Id>>

/** A typed client of every route in the contract. Throws `ApiError`. Holds no schemas at run time. */
export function createClient(options: ClientOptions = {}): Client {
  const send = options.send ?? sendWithFetch
  return async (id, ...[input]) => {
    const request = toWire(id, (input ?? {}) as LooseInput, options)
    let response: WireResponse
    try {
      response = await send(request)
    } catch (error) {
      throw new ApiError(0, undefined, error)
    }
    if (response.status >= 200 && response.status < 300) return response.json as Output<typeof id>
    throw new ApiError(response.status, (response.json as ErrorBody | undefined)?.error)
  }
}

/** The address of a route, for links and downloads. */
export function routeUrl<Id extends RouteId>(
  id: Id,
  input: Part<Routes[Id], 'params'> & OptionalPart<Routes[Id], 'query'>,
): string {
  const { params, query } = input as LooseInput
  const path = ROUTE_TABLE[id][1].replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params?.[name] ?? '')),
  )
  const search = Object.entries(query ?? {})
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
  return search === '' ? path : `${path}?${search}`
}

interface LooseInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  idempotencyKey?: string
  file?: Blob
  fileName?: string
}

function toWire(id: RouteId, input: LooseInput, options: ClientOptions): WireRequest {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers?.() }
  if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey
  const request: WireRequest = {
    method: ROUTE_TABLE[id][0],
    url: `${options.baseUrl ?? ''}${routeUrl(id, input as never)}`,
    headers,
  }
  if (input.file) {
    const form = new FormData()
    form.append('file', input.file, input.fileName ?? 'file')
    request.body = form
  } else if (input.body !== undefined) {
    headers['content-type'] = 'application/json'
    request.body = JSON.stringify(input.body)
  }
  return request
}

async function sendWithFetch(request: WireRequest): Promise<WireResponse> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    credentials: 'same-origin',
  })
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, json: isJson ? await response.json() : undefined }
}
