import { randomUUID } from 'node:crypto'
import { type Client, createClient } from '@zhanggui/contract/client'
import type { FastifyInstance } from 'fastify'

/** A client of the program's own HTTP interface, in process, that keeps its cookies like a browser. */
export function inProcessClient(app: FastifyInstance, extra: Record<string, string> = {}): Client {
  const cookies = new Map<string, string>()
  return createClient({
    async send(request) {
      const { payload, headers } = await wireBody(request.body, request.headers)
      const response = await app.inject({
        method: request.method as 'GET',
        url: request.url,
        headers: { ...extra, ...headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(payload === undefined ? {} : { payload }),
      })
      for (const cookie of response.cookies) cookies.set(cookie.name, cookie.value)
      const isJson = String(response.headers['content-type'] ?? '').includes('json')
      return { status: response.statusCode, json: isJson ? response.json() : undefined }
    },
  })
}

export const newKey = (): string => randomUUID()

async function wireBody(
  body: string | FormData | undefined,
  headers: Record<string, string>,
): Promise<{ payload?: string | Buffer; headers: Record<string, string> }> {
  if (body === undefined || typeof body === 'string')
    return { ...(body === undefined ? {} : { payload: body }), headers }
  const form = new Response(body)
  return {
    payload: Buffer.from(await form.arrayBuffer()),
    headers: { ...headers, 'content-type': form.headers.get('content-type')! },
  }
}
