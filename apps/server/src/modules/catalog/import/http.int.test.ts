import { Writable } from 'node:stream'
import { ROUTES } from '@zhanggui/contract'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { STAFF_COOKIE, wholeShop } from '../../../kernel/http/caller.ts'
import { type Handlers, mountRoutes } from '../../../kernel/http/mount.ts'
import { buildHttp } from '../../../kernel/http/server.ts'
import { newId } from '../../../kernel/ids.ts'
import { openTestCatalog, samplePicture } from '../testing.ts'

let world: Awaited<ReturnType<typeof openTestCatalog>>
let app: FastifyInstance
let url: string

beforeAll(async () => {
  world = await openTestCatalog()
  app = await buildHttp({
    logger: pino(new Writable({ write: (_chunk, _encoding, done) => done() })),
    https: false,
    trustedOrigins: [],
    trustedProxies: 'loopback',
  })
  const others = Object.keys(ROUTES).filter((id) => !(id in world.catalog.handlers))
  const elsewhere = Object.fromEntries(
    others.map((id) => [id, () => Promise.reject(new Error('not here'))]),
  ) as Handlers
  mountRoutes(app, [world.catalog.handlers, elsewhere], {
    authenticator: {
      buyer: async () => undefined,
      staff: async (token) =>
        token === 'writer' ? { staffId: newId(), sessionId: newId(), name: '王店长' } : undefined,
      staffGrants: async () => wholeShop(['catalog.read', 'catalog.write']),
      platformPermissions: async () => new Set(),
      stepUpAsked: async () => undefined,
    },
    publicUrl: 'http://127.0.0.1',
    checkAnswers: true,
    maxUploadBytes: 60 * 1024 * 1024,
  })
  world.catalog.registerPublicFiles(app)
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await app.close()
  await world.close()
})

const headers = { cookie: `${STAFF_COOKIE}=writer` }
const send = (path: string, content: Buffer | string, name: string) => {
  const body = new FormData()
  body.append('file', new Blob([new Uint8Array(Buffer.from(content as string))]), name)
  return fetch(`${url}/api/console/shops/${world.shopId}/${path}`, { method: 'POST', headers, body })
}
const get = (path: string) => fetch(`${url}/api/console/shops/${world.shopId}/${path}`, { headers })

test('CAT-01 a spreadsheet is uploaded, run, followed, and its refusals downloaded over HTTP', async () => {
  const upload = await send('imports', '标题,售价\n杯子,5\n盘子,x\n', '商品 9 月.csv')
  expect(upload.status).toBe(200)
  const job = (await upload.json()) as { id: string; fileName: string; mapping: object; options: object }
  expect(job).toMatchObject({ fileName: '商品 9 月.csv', state: 'mapping' })
  const run = await fetch(`${url}/api/console/shops/${world.shopId}/imports/${job.id}/run`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ mapping: job.mapping, options: job.options }),
  })
  expect(await run.json()).toMatchObject({ state: 'running' })
  await world.jobs.runNow()
  expect(await (await get(`imports/${job.id}`)).json()).toMatchObject({
    state: 'done',
    createdProducts: 1,
    refusedRows: 1,
  })
  expect(await (await get('imports')).json()).toMatchObject({ items: [{ id: job.id }], nextCursor: null })
  const file = await get(`imports/${job.id}/refusals.csv`)
  expect(file.headers.get('content-disposition')).toContain(encodeURIComponent('商品 9 月-未导入.csv'))
  expect(await file.text()).toContain('盘子,x,')
})

test('CAT-01 exports and the template are downloads of their type', async () => {
  for (const [path, type] of [
    ['import-template.xlsx', 'spreadsheetml'],
    ['products-export', 'spreadsheetml'],
    ['products-export?format=csv', 'charset=utf-8'],
    ['products-export?format=csv-gb18030', 'charset=gb18030'],
  ] as const) {
    const file = await get(path)
    expect([file.status, file.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)])
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(50)
  }
})

test('CAT-01 an upload that is too large, or none at all, is refused in words', async () => {
  const large = await send('imports', Buffer.alloc(51 * 1024 * 1024, 'a'), 'a.csv')
  expect([large.status, await large.json()]).toMatchObject([413, { error: { code: 'BODY_TOO_LARGE' } }])
  const none = await fetch(`${url}/api/console/shops/${world.shopId}/imports`, { method: 'POST', headers })
  expect([none.status, await none.json()]).toMatchObject([422, { error: { code: 'VALIDATION_FAILED' } }])
  const wrong = await send('files', '标题', 'a.png')
  expect([wrong.status, await wrong.json()]).toMatchObject([422, { error: { code: 'FILE_REFUSED' } }])
})

test('CAT-01 an uploaded picture is served to anybody, in a width and a format that fit', async () => {
  const upload = await send('files', await samplePicture(7), '杯子.png')
  expect(upload.status).toBe(200)
  const picture = (await upload.json()) as { fileId: string; url: string }
  expect(picture).toMatchObject({ url: `/files/${picture.fileId}`, width: 20, height: 20 })
  const seen = await fetch(`${url}${picture.url}?w=200`, { headers: { accept: 'image/webp,*/*' } })
  expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/webp'])
  expect(seen.headers.get('cache-control')).toContain('immutable')
  const etag = seen.headers.get('etag')!
  const again = await fetch(`${url}${picture.url}?w=200`, {
    headers: { accept: 'image/webp,*/*', 'if-none-match': etag },
  })
  expect(again.status).toBe(304)
  expect((await fetch(`${url}/files/${newId()}`)).status).toBe(404)
  expect((await fetch(`${url}/files/nonsense`)).status).toBe(404)
})
