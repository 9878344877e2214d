import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROUTES, type RouteSpec } from '../packages/contract/src/index.ts'
import { startTestApp, type TestApp } from './support/app.ts'

const ROOT = resolve(import.meta.dirname, '..')
const BROWSER_SOURCES = ['apps/console/src', 'apps/storefront/src']

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
})
afterAll(() => app?.close())

/** The router keeps one name for parameters in the same place. */
const plain = (path: string) => path.replace(/:[\w|:]+/g, ':')
const inContract = new Set(
  Object.values(ROUTES as Record<string, RouteSpec>).map((route) => `${route.method} ${plain(route.path)}`),
)

test('SYS-01 /openapi.json is OpenAPI 3.1 and names every route with its parameters, input, answer and errors', async () => {
  const reply = await app.visitor().ask('/openapi.json')
  const document = reply.json as {
    openapi: string
    paths: Record<
      string,
      Record<string, { summary: string; responses: object; parameters?: { name: string }[]; requestBody?: object }>
    >
  }
  expect(document.openapi).toMatch(/^3\.1\./)
  for (const route of Object.values(ROUTES as Record<string, RouteSpec>)) {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]
    expect(operation, `${route.method} ${route.path}`).toMatchObject({ summary: route.summary })
    expect(Object.keys(operation!.responses).length).toBeGreaterThan(0)
    expect(operation!.requestBody !== undefined || route.body === undefined).toBe(true)
    for (const [, name] of route.path.matchAll(/:(\w+)/g))
      expect(operation!.parameters?.map((each) => each.name)).toContain(name)
  }
})

test('SYS-01 /openapi.json is the document that is kept in the repository', async () => {
  const kept = JSON.parse(readFileSync(join(ROOT, 'packages/contract/generated/openapi.json'), 'utf8'))
  expect((await app.visitor().ask('/openapi.json')).json).toEqual(kept)
})

test('SYS-01 /docs is a page for people that needs nothing from other hosts', async () => {
  const page = await app.visitor().follow('/docs')
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  for (const [, address] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
    const part = new URL(address!, page.url)
    expect(part.origin).toBe(new URL(app.url).origin)
    expect([part.pathname, (await app.visitor().ask(part.href)).status]).toEqual([part.pathname, 200])
  }
})

test('SYS-01 every route of the contract is served', async () => {
  const missing = Object.values(ROUTES as Record<string, RouteSpec>).filter(
    (route) => !app.app.http.hasRoute({ method: route.method, url: route.path }),
  )
  expect(missing.map((route) => route.path)).toEqual([])
})

test('SYS-01 SYS-03 nothing is served under /api that is not in the contract', () => {
  // The router's own list, one line for each route: its address and its methods.
  const lines = app.app.http.printRoutes({ commonPrefix: false, includeHooks: false }).split('\n')
  const served: string[] = []
  const path: string[] = []
  for (const line of lines) {
    const match = /^(.*?)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line)
    if (!match) continue
    const depth = match[1]!.length / 4
    path.length = depth
    path[depth] = match[2]!
    const address = path.join('')
    for (const method of match[3]?.split(', ') ?? [])
      if (address.startsWith('/api') && method !== 'HEAD' && method !== 'OPTIONS')
        served.push(`${method} ${plain(address)}`)
  }
  expect(served.length).toBe(inContract.size)
  expect(served.filter((each) => !inContract.has(each))).toEqual([])
})

test('SYS-01 an address that nobody serves answers the one shape of errors', async () => {
  const reply = await app.visitor().ask('/api/nothing-here')
  expect([reply.status, reply.json]).toEqual([
    404,
    {
      error: expect.objectContaining({
        code: 'NOT_FOUND',
        message: expect.any(String),
        messageEn: expect.any(String),
        requestId: expect.any(String),
      }),
    },
  ])
})

test('SYS-01 console and storefront reach the API through the typed client alone', () => {
  const found = BROWSER_SOURCES.flatMap((folder) => sources(join(ROOT, folder))).flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    // An address of the API written by hand, except for where a browser is sent to sign in at WeChat.
    const written = [...text.matchAll(/['"`]\/api\/(?!auth\/wechat\/web)[^'"`]*/g)].map((match) => match[0])
    const name = relative(ROOT, file)
    const isTransport = /platform\/web\/(send|media)\.ts$|web\/events\.ts$|web\/fastify\.ts$/.test(name)
    const fetches = isTransport
      ? []
      : [...text.matchAll(/\bfetch\(|axios|XMLHttpRequest\(\)/g)].map((match) => match[0])
    const isUpload = name === 'apps/console/src/kit/api.ts'
    return [...written, ...(isUpload ? [] : fetches)].map((each) => `${name}: ${each}`)
  })
  expect(found).toEqual([])
})

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : []
  })
}
