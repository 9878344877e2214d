import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { openApiDocument } from '@zhanggui/contract/openapi'
import type { FastifyInstance } from 'fastify'
import { type KeptPage, registerStorefront } from '../../storefront/src/web/fastify.ts'
import type { Modules } from './compose.ts'
import type { Engines } from './engines.ts'
import { type Config, hasRole } from './kernel/config.ts'
import { AppError } from './kernel/errors.ts'
import type { StaffCaller } from './kernel/http/caller.ts'
import type { KeptValues } from './kernel/kept-values.ts'
import type { Logger } from './kernel/log.ts'
import type { RealtimeHub } from './kernel/realtime.ts'
import { mountRealtime } from './web-realtime.ts'

export interface WebParts {
  config: Config
  engines: Engines
  modules: Modules
  hub: RealtimeHub<StaffCaller>
  log: Logger
  /** Where pages that are the same for every visitor are kept. */
  pages: KeptValues<KeptPage>
  /** Of what the program asks of itself. */
  innerHeaders: Record<string, string>
}

const DOCS_PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Zhanggui 掌柜 API</title><link rel="stylesheet" href="swagger-ui.css"></head><body><div id="docs"></div><script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body></html>`
const DOCS_START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, docExpansion: 'none', filter: true, tryItOutEnabled: false, validatorUrl: null })`

const APPS = path.resolve(import.meta.dirname, '../..')
/** Everything that is not the API: health, metrics, docs, files, live messages, and the pages of both front ends. */
export async function mountWeb(http: FastifyInstance, parts: WebParts): Promise<void> {
  mountHealth(http, parts)
  if (hasRole(parts.config, 'realtime')) await mountRealtime(http, parts)
  if (!hasRole(parts.config, 'api')) return
  parts.modules.catalog.registerPublicFiles(http)
  await mountDocs(http)
  await mountConsole(http, parts.log)
  await mountStorefront(http, parts)
}

function mountHealth(http: FastifyInstance, { engines }: WebParts): void {
  http.get('/healthz', async (_request, reply) => {
    const { status, body } = engines.health.healthz()
    return reply.status(status).send(body)
  })
  http.get('/readyz', async (_request, reply) => {
    const { status, body } = await engines.health.readyz()
    return reply.status(status).send(body)
  })
  http.get('/metrics', async (request, reply) => {
    // For the machine itself and whoever is let through to it; shopkeepers have the console.
    if (!['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip))
      throw new AppError('NOT_FOUND', { values: { what: '页面' } })
    const { contentType, body } = await engines.metrics.text()
    return reply.type(contentType).send(body)
  })
}

let document: ReturnType<typeof openApiDocument> | undefined
/** Made for the first one who asks: it takes more than a second, which no start should wait for. */
const theDocument = () => (document ??= openApiDocument())

/** The OpenAPI document, and Swagger UI to read it. */
async function mountDocs(http: FastifyInstance): Promise<void> {
  http.get('/openapi.json', async (_request, reply) => reply.send(theDocument()))
  await http.register(async (scope) => {
    const root = path.dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
    await scope.register(fastifyStatic, {
      root,
      prefix: '/docs/',
      wildcard: false,
      index: false,
      decorateReply: false,
      globIgnore: ['**/index.html', '**/swagger-initializer.js', '**/*.map', '**/*.md', '**/package.json'],
    })
    scope.get('/docs', async (_request, reply) => reply.redirect('/docs/'))
    scope.get('/docs/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(DOCS_PAGE))
    scope.get('/docs/start.js', async (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').send(DOCS_START),
    )
  })
}

async function mountConsole(http: FastifyInstance, log: Logger): Promise<void> {
  const root = path.join(APPS, 'console/dist')
  if (!existsSync(path.join(root, 'index.html'))) {
    log.warn({ root }, 'the console is not built: npm run build -w @zhanggui/console')
    return
  }
  await http.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root,
      prefix: '/console/',
      wildcard: false,
      immutable: true,
      maxAge: '365d',
      index: false,
      decorateReply: true,
    })
    scope.get('/console', async (_request, reply) => reply.redirect('/console/'))
    // Addresses inside the console are its own business: they all get its one page.
    for (const url of ['/console/', '/console/*'])
      scope.get(url, async (_request, reply) =>
        reply.sendFile('index.html', { maxAge: 0, immutable: false, cacheControl: false }),
      )
  })
}

async function mountStorefront(
  http: FastifyInstance,
  { config, engines, modules, log, pages, innerHeaders }: WebParts,
): Promise<void> {
  const distDir = path.join(APPS, 'storefront/dist')
  if (!existsSync(path.join(distDir, 'server/entry.js'))) {
    log.warn({ distDir }, 'the storefront is not built: npm run build -w @zhanggui/storefront')
    return
  }
  await registerStorefront(http, {
    distDir,
    publicUrl: config.publicUrl,
    ...(config.WECHAT_SIMULATOR_URL === undefined ? {} : { simulatorUrl: config.WECHAT_SIMULATOR_URL }),
    now: () => engines.clock.millis(),
    keepPage: (key, make) => pages.get(key, make).value,
    fetchApi: async (url, headers) => {
      const response = await http.inject({ method: 'GET', url, headers: { ...headers, ...innerHeaders } })
      const isJson = String(response.headers['content-type'] ?? '').includes('json')
      return { status: response.statusCode, json: isJson ? response.json() : undefined }
    },
    readPicture: async (url) => {
      const { statusCode, headers, rawPayload } = await http.inject({
        url,
        headers: { accept: 'image/webp', ...innerHeaders },
      })
      return statusCode === 200 ? { type: String(headers['content-type']), bytes: rawPayload } : undefined
    },
    defaultShop: async () => {
      const shop = await engines.db.read('system', (tx) => modules.parties.defaultShop(tx))
      if (!shop) throw new AppError('NOT_FOUND', { values: { what: '店铺' } })
      return { id: shop.id, slug: shop.slug }
    },
  })
}
