import { randomUUID } from 'node:crypto'
import { type Client, createClient } from '../../packages/contract/src/client.ts'

export interface Reply {
  status: number
  headers: Headers
  text: string
  /** Parsed, or undefined when the answer is not JSON. */
  json: unknown
}

export interface Ask {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

/** A browser without a window: talks HTTP to one place, keeps its cookies, and follows no redirect by itself. */
export interface Visitor {
  call: Client
  /** Any request, for what the typed client would not send. */
  ask(path: string, options?: Ask): Promise<Reply>
  /** Follows redirects from `path`, to whatever host, and answers the last reply and where it came from. */
  follow(path: string): Promise<Reply & { url: string }>
  cookies: Map<string, string>
  headers: Record<string, string>
}

const MAX_REDIRECTS = 10

/** A new visitor of `baseUrl`; `headers` go with every request, e.g. a bearer token. */
export function visit(baseUrl: string, headers: Record<string, string> = {}): Visitor {
  const cookies = new Map<string, string>()
  const own = new URL(baseUrl).origin
  const send = async (url: string, init: RequestInit): Promise<Reply> => {
    const isOwn = new URL(url).origin === own
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(isOwn ? headers : {}), ...(isOwn && cookie ? { cookie } : {}) },
    })
    if (isOwn) for (const line of response.headers.getSetCookie()) keepCookie(cookies, line)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text ? JSON.parse(text) : undefined,
    }
  }
  const visitor: Visitor = {
    cookies,
    headers,
    call: createClient({
      send: ({ method, url, headers: extra, body }) =>
        send(baseUrl + url, { method, headers: extra, body: body ?? null }),
    }),
    ask: (path, { method = 'GET', body, headers: extra = {} } = {}) =>
      send(new URL(path, baseUrl).href, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...extra },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async follow(path) {
      let url = new URL(path, baseUrl).href
      for (let step = 0; step < MAX_REDIRECTS; step++) {
        const reply = await send(url, {})
        const location = reply.headers.get('location')
        if (reply.status < 300 || reply.status >= 400 || location === null) return { ...reply, url }
        url = new URL(location, url).href
      }
      throw new Error(`Too many redirects from ${path}`)
    },
  }
  return visitor
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair] = line.split(';') as [string]
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  const isOver = /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)
  if (value === '' || isOver) cookies.delete(name)
  else cookies.set(name, value)
}

/** An idempotency key. */
export const newKey = (): string => randomUUID()
