import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registerStorefront } from './fastify.ts'

/** A built storefront as small as one can be: it renders what it was given. */
const ENTRY = `
export async function render(input) {
  if (input.url === '/broken') throw new Error('no shop')
  if (input.url === '/checkout') return { kind: 'redirect', status: 302, location: '/api/auth/wechat/web?returnTo=%2Fcheckout' }
  const isPrivate = input.url.startsWith('/orders')
  const { json } = await input.fetchApi('/api/who', { ...input.headers })
  return { kind: 'page', status: input.url === '/gone' ? 404 : 200, html: '<p>' + json.who + '</p>', headBits: '<title>店</title>', title: '店', themeCss: '.zg-b{color:blue}',
    state: { screen: { text: '</script><script>alert(1)</script>' } }, module: 'src/pages/home/index.tsx', isPrivate, isPreview: input.url.includes('preview=good') }
}`
const MANIFEST = {
  'src/web/client.tsx': { file: 'assets/client-1.js', isEntry: true, imports: ['_kit.js'] },
  '_kit.js': { file: 'assets/kit-1.js' },
  'src/pages/home/index.tsx': { file: 'assets/home-1.js', imports: ['_kit.js'] },
  'style.css': { file: 'assets/style-1.css' },
}
const HTML = { accept: 'text/html' }

let app: FastifyInstance
let distDir: string

beforeAll(async () => {
  distDir = mkdtempSync(join(tmpdir(), 'storefront-'))
  mkdirSync(join(distDir, 'client/.vite'), { recursive: true })
  mkdirSync(join(distDir, 'client/assets'))
  mkdirSync(join(distDir, 'server'))
  writeFileSync(join(distDir, 'server/entry.js'), ENTRY)
  writeFileSync(join(distDir, 'client/.vite/manifest.json'), JSON.stringify(MANIFEST))
  writeFileSync(join(distDir, 'client/assets/style-1.css'), 'p{color:red}.zg-c{color:green}')
  writeFileSync(
    join(distDir, 'client/.vite/style-rules.json'),
    JSON.stringify([{ css: 'p{color:red}' }, { css: '.zg-c{color:green}', needs: [['zg-c']] }]),
  )
  for (const name of ['client-1', 'kit-1', 'home-1'])
    writeFileSync(join(distDir, `client/assets/${name}.js`), `console.log('${name}')`)
  app = Fastify()
  await registerStorefront(app, {
    distDir,
    fetchApi: async (_, headers) => ({ status: 200, json: { who: headers.cookie ?? 'nobody' } }),
    defaultShop: async () => ({ id: 'shop', slug: 'demo' }),
    publicUrl: 'https://shop.example.cn/',
    simulatorUrl: 'http://127.0.0.1:9000/phone',
  })
})
afterAll(async () => {
  await app.close()
  rmSync(distDir, { recursive: true })
})

const get = (url: string, headers: Record<string, string> = HTML) => app.inject({ url, headers })

describe('registerStorefront', () => {
  test('UX-02 only a preview may stand in a frame of ours; nobody keeps it and no search engine finds it', async () => {
    const { headers } = await get('/?preview=good')
    expect(headers).toMatchObject({ 'cache-control': 'private, no-store', 'x-robots-tag': 'noindex, nofollow' })
    expect(headers['content-security-policy']).toContain("frame-ancestors 'self'")
    for (const url of ['/', '/?preview=bad']) {
      const other = (await get(url)).headers
      expect(other['content-security-policy']).toContain("frame-ancestors 'none'")
      expect([other['x-robots-tag'], other['cache-control']]).toEqual([undefined, 'no-cache'])
    }
  })

  test('UX-01 a page arrives complete: content, style, and scripts that load side by side', async () => {
    const page = await get('/')
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('<div id="app"><p>nobody</p></div>')
    expect(page.body).toContain('<style>p{color:red}.zg-b{color:blue}</style></head>')
    // the whole sheet follows what is painted, and the shop's own colours follow the sheet
    expect(page.body).toMatch(
      /<div id="app">.*stylesheet" href="\/assets\/style-1.css"><style>\.zg-b.*<script type="module"/,
    )
    expect(page.body).toContain('<script type="module" src="/assets/client-1.js"></script>')
    expect(page.body.match(/modulepreload" href="([^"]+)/g)).toHaveLength(2)
  })

  test('UX-01 nothing in the state can end its element, and no inline script may run', async () => {
    const page = await get('/s/demo/p/1')
    expect(page.body.split('</script>')).toHaveLength(3)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.headers['content-security-policy']).toContain("form-action 'self' http://127.0.0.1:9000;")
  })

  test('CAT-09 what everybody sees is kept by its address; who is signed in, and pages of one buyer, are not asked about', async () => {
    const asked: string[] = []
    const own = Fastify()
    await registerStorefront(own, {
      distDir,
      fetchApi: async (_, headers) => ({ status: 200, json: { who: headers.cookie ?? 'nobody' } }),
      defaultShop: async () => ({ id: 'shop', slug: 'demo' }),
      publicUrl: 'https://shop.example.cn',
      keepPage: async (key, make) => {
        asked.push(key)
        return make()
      },
    })
    const ask = (url: string, cookie?: string) => own.inject({ url, headers: { ...HTML, ...(cookie && { cookie }) } })
    expect((await ask('/p/1?from=x', 'zg_guest=7')).body).toContain('nobody')
    expect((await ask('/p/1', 'zg_buyer=secret')).body).toContain('zg_buyer=secret')
    expect((await ask('/orders/1')).headers['cache-control']).toBe('private, no-store')
    expect(asked).toEqual(['/p/1?from=x'])
    await own.close()
  })

  test('UX-01 an unchanged public page is not sent again', async () => {
    const first = await get('/')
    expect(first.headers['cache-control']).toBe('no-cache')
    const again = await get('/', { ...HTML, 'if-none-match': String(first.headers.etag) })
    expect(again.statusCode).toBe(304)
    expect(again.body).toBe('')
  })

  test("ACC-03 a buyer's page is rendered with the buyer's cookies and kept by nobody", async () => {
    const page = await get('/orders', { ...HTML, cookie: 'zg_buyer=abc' })
    expect(page.body).toContain('<p>zg_buyer=abc</p>')
    expect(page.headers['cache-control']).toBe('private, no-store')
    expect(page.headers.etag).toBeUndefined()
  })

  test('ACC-03 who is not signed in is sent to sign in and back', async () => {
    const answer = await get('/checkout')
    expect(answer.statusCode).toBe(302)
    expect(answer.headers.location).toBe('/api/auth/wechat/web?returnTo=%2Fcheckout')
  })

  test('UX-01 dead links get a page, programs get the answer of the API', async () => {
    expect((await get('/gone')).statusCode).toBe(404)
    expect((await get('/gone')).headers['content-type']).toContain('text/html')
    expect((await get('/gone', { accept: 'application/json' })).headers['content-type']).toContain('json')
    expect((await get('/api/gone')).headers['content-type']).toContain('json')
  })

  test('UX-01 when a page cannot be rendered the buyer gets a number and a way to try again', async () => {
    const page = await get('/broken')
    expect(page.statusCode).toBe(500)
    expect(page.body).toContain('系统出了点问题')
    expect(page.headers['cache-control']).toBe('no-store')
  })

  test('UX-01 assets are immutable, compressed where that is understood, and only those that were built', async () => {
    const plain = await get('/assets/client-1.js', {})
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const small = await get('/assets/client-1.js', { 'accept-encoding': 'gzip, br' })
    expect(brotliDecompressSync(small.rawPayload).toString()).toBe(plain.body)
    expect((await get('/assets/..%2f..%2fserver%2fentry.js', {})).statusCode).toBe(404)
    expect((await get('/assets/none.js', {})).statusCode).toBe(404)
  })

  test('UX-01 a storefront that was not built says what to do', async () => {
    const options = {
      distDir: join(distDir, 'none'),
      fetchApi: async () => ({ status: 200, json: {} }),
      defaultShop: async () => ({ id: '', slug: '' }),
      publicUrl: '',
    }
    await expect(registerStorefront(Fastify(), options)).rejects.toThrow('npm run build -w @zhanggui/storefront')
  })
})
