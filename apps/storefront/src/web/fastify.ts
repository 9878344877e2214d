import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createIconInliner, type ReadPicture } from './inline-icons.ts'
import { createPageStyle, type StyleRule } from './page-style.ts'
import { createPress, type Press } from './pressed.ts'
import type { FetchApi, Rendered, RenderInput } from './render.ts'

export interface StorefrontOptions {
  /** `apps/storefront/dist`, as `npm run build -w @zhanggui/storefront` leaves it. */
  distDir: string
  /** Answers a GET of our own API in process, with the buyer's cookies in the headers. */
  fetchApi: FetchApi
  /** A picture of ours, for those that are put into the document. Without it, every picture is asked for. */
  readPicture?: ReadPicture
  /** The shop at `/`. */
  defaultShop: () => Promise<{ id: string; slug: string }>
  /** Where buyers reach the shop, e.g. `https://shop.example.cn`. */
  publicUrl: string
  /** Where the bundled WeChat simulator shows its phone; linked on every page when given. */
  simulatorUrl?: string
  /** Server's clock in ms. */
  now?: () => number
  /** Keeps a page that is the same for every visitor under a key, for as long as it is true; made anew unless given. */
  keepPage?: (key: string, make: () => Promise<KeptPage>) => Promise<KeptPage>
}

/** A page as everybody sees it who is not signed in. */
export interface KeptPage {
  status: number
  html: string
  tag: string
}

type Render = (input: RenderInput) => Promise<Rendered>
type Manifest = Record<
  string,
  { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[]; isEntry?: boolean; src?: string }
>

const ENTRY = 'src/web/client.tsx'
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
/** Of the buyer's request, what the API needs to know who asks. */
const PASSED_HEADERS = ['cookie', 'user-agent', 'x-forwarded-for', 'accept-language'] as const

/**
 * Serves the storefront: pages of the default shop at `/`, of any shop at `/s/<slug or id>/…`, and their assets.
 * @throws Error when it has not been built
 */
export async function registerStorefront(app: FastifyInstance, options: StorefrontOptions): Promise<void> {
  const serverFile = join(options.distDir, 'server', 'entry.js')
  const manifestFile = join(options.distDir, 'client', '.vite', 'manifest.json')
  for (const file of [serverFile, manifestFile])
    if (!existsSync(file))
      throw new Error(`商城页面尚未构建，请运行 npm run build -w @zhanggui/storefront（缺少 ${file}）`)
  const { render } = (await import(pathToFileURL(serverFile).href)) as { render: Render }
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest
  serveAssets(app, join(options.distDir, 'client', 'assets'))
  const shell = createShell(manifest, join(options.distDir, 'client'))
  const policy = contentPolicy(options.simulatorUrl, "'none'")
  const previewPolicy = contentPolicy(options.simulatorUrl, "'self'")
  const press = createPress(MAX_PRESSED_BYTES)
  const renderOne = async (request: FastifyRequest, passed: readonly string[]) =>
    render(await renderInput(options, request, passed))
  const inlineIcons = options.readPicture ? createIconInliner(options.readPicture) : undefined
  const documentOf = async (rendered: Rendered & { kind: 'page' }) =>
    shell.document(inlineIcons ? { ...rendered, html: await inlineIcons(rendered.html) } : rendered)
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const rendered = await renderOne(request, PASSED_HEADERS).catch(logged(request))
    if (rendered?.kind === 'redirect')
      return reply.header('cache-control', 'no-store').redirect(rendered.location, rendered.status)
    const isPreview = rendered?.isPreview === true
    asPage(reply, isPreview ? previewPolicy : policy)
    if (!rendered) return sendBroken(reply, shell.broken(request.id))
    const html = await documentOf(rendered)
    if (isPreview) reply.header('x-robots-tag', 'noindex, nofollow')
    if (rendered.isPrivate || isPreview)
      return reply.status(rendered.status).header('cache-control', 'private, no-store').send(html)
    return sendPublic(request, reply, { status: rendered.status, html, tag: tagOf(html) }, press)
  }
  /** Whoever is not signed in sees the same as all others. */
  const answerAll = async (request: FastifyRequest, reply: FastifyReply) => {
    if (isSignedIn(request) || isPreviewAsked(request)) return answer(request, reply)
    const page = await (options.keepPage ?? makeAnew)(request.url, async () => {
      // of the one who happens to ask first, nothing goes into what all are given
      const rendered = await renderOne(request, [])
      if (rendered.kind !== 'page' || rendered.isPrivate || rendered.isPreview)
        throw new Error(`${request.url} is not the same for all`)
      const html = await documentOf(rendered)
      return { status: rendered.status, html, tag: tagOf(html) }
    }).catch(logged(request))
    asPage(reply, policy)
    return page ? sendPublic(request, reply, page, press) : sendBroken(reply, shell.broken(request.id))
  }
  for (const [paths, handler] of [
    [PUBLIC_PATHS, answerAll],
    [OWN_PATHS, answer],
  ] as const)
    for (const path of paths) {
      app.get(path, handler)
      app.get(`/s/:shop${path === '/' ? '' : path}`, handler)
    }
  app.get('/s/:shop/*', answer)
  // a person who follows a dead link gets a page; a program gets the API's own answer
  app.get('/*', (request, reply) => (wantsPage(request) ? answer(request, reply) : reply.callNotFound()))
}

const makeAnew = (_: string, make: () => Promise<KeptPage>) => make()

const logged = (request: FastifyRequest) => (error: unknown) => {
  request.log.error({ err: error }, 'a page could not be rendered')
  return undefined
}

const asPage = (reply: FastifyReply, policy: string) =>
  reply.type('text/html; charset=utf-8').header('content-security-policy', policy)

const sendBroken = (reply: FastifyReply, html: string) =>
  reply.status(500).header('cache-control', 'no-store').send(html)

const tagOf = (html: string): string => `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`

/** A draft is seen by who has its signed address, and kept by nobody. */
const isPreviewAsked = (request: FastifyRequest): boolean => /[?&]preview=/.test(request.url)

/** A member sees member prices. */
const isSignedIn = (request: FastifyRequest): boolean => /(?:^|;\s*)zg_buyer=/.test(request.headers.cookie ?? '')

const wantsPage = (request: FastifyRequest) =>
  !/^\/(api|assets|files)\//.test(request.url) && (request.headers.accept ?? '').includes('text/html')

/** Pages with `public` access; what they show depends on the address alone. */
const PUBLIC_PATHS = ['/', '/category', '/pages/:slug', '/p/:id'] as const
const OWN_PATHS = [
  '/search',
  '/cart',
  '/checkout',
  '/orders/:order/pay',
  '/orders/:order/result',
  '/orders',
  '/orders/:order',
  '/me',
  '/me/addresses',
] as const

async function renderInput(
  options: StorefrontOptions,
  request: FastifyRequest,
  passed: readonly string[],
): Promise<RenderInput> {
  const headers: Record<string, string> = {}
  for (const name of passed) {
    const value = request.headers[name]
    if (typeof value === 'string') headers[name] = value
  }
  return {
    url: request.url,
    defaultShop: await options.defaultShop(),
    fetchApi: options.fetchApi,
    headers,
    publicUrl: options.publicUrl.replace(/\/$/, ''),
    simulatorUrl: options.simulatorUrl,
    now: options.now?.() ?? Date.now(),
  }
}

/** Public pages that were compressed lately: a few hundred of them. */
const MAX_PRESSED_BYTES = 8 * 1024 * 1024

async function sendPublic(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, html, tag }: KeptPage,
  press: Press,
): Promise<FastifyReply> {
  // a page for somebody who is signed in is kept by nobody else
  const isOwn = isSignedIn(request)
  reply
    .status(status)
    .header('cache-control', isOwn ? 'private, no-cache' : 'no-cache')
    .header('vary', 'cookie, accept-encoding')
    .header('etag', tag)
  if (status === 200 && request.headers['if-none-match'] === tag) return reply.status(304).send()
  if (isOwn || !acceptsBrotli(request)) return reply.send(html)
  return reply.header('content-encoding', 'br').send(await press(tag, html))
}

const acceptsBrotli = (request: FastifyRequest): boolean => /\bbr\b/.test(request.headers['accept-encoding'] ?? '')

/** No script but our own files: the state travels as JSON, which does not run. Only previews stand in our own frames. */
function contentPolicy(simulatorUrl: string | undefined, frameAncestors: "'none'" | "'self'"): string {
  const simulator = simulatorUrl === undefined ? '' : ` ${new URL(simulatorUrl).origin}`
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: https:${simulator}`,
    "connect-src 'self'",
    `form-action 'self'${simulator}`,
    `frame-ancestors ${frameAncestors}`,
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}

/** Puts rendered pages into documents that fetch nothing before they can be painted. */
function createShell(manifest: Manifest, clientDir: string) {
  const entry = manifest[ENTRY]
  if (!entry) throw new Error(`The storefront's manifest does not name ${ENTRY}`)
  const sheets = Object.values(manifest)
    .flatMap((part) => [...(part.css ?? []), ...(part.file.endsWith('.css') ? [part.file] : [])])
    .filter((file, index, all) => all.indexOf(file) === index)
  const filesOf = (key: string, found = new Set<string>()): Set<string> => {
    const part = manifest[key]
    if (!part || found.has(part.file)) return found
    found.add(part.file)
    for (const next of part.imports ?? []) filesOf(next, found)
    return found
  }
  const styleOf = createPageStyle(
    JSON.parse(readFileSync(join(clientDir, '.vite', 'style-rules.json'), 'utf8')) as StyleRule[],
  )
  const head = (bits: string, css: string) =>
    `<!doctype html><html lang="zh-CN" class="zg-theme"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no"><link rel="icon" href="data:,">${bits}<style>${css}</style></head>`
  return {
    document(rendered: Rendered & { kind: 'page' }): string {
      const files = [...filesOf(ENTRY), ...filesOf(rendered.module)].filter(
        (file, index, all) => all.indexOf(file) === index,
      )
      const scripts = files.map((file) =>
        file === entry.file
          ? `<script type="module" src="/${file}"></script>`
          : `<link rel="modulepreload" href="/${file}">`,
      )
      const theme = rendered.themeCss
      const rest = sheets.map((file) => `<link rel="stylesheet" href="/${file}">`).join('')
      const state = JSON.stringify(rendered.state).replace(/</g, '\\u003c')
      const body = `<div id="app">${rendered.html}</div>`
      // What the first paint does not need comes last, so that it does not take the line from the pictures. The whole
      // sheet comes after the page's part of it: the shop's own colours have to be said once more.
      return `${head(rendered.headBits, styleOf(`<html class="zg-theme">${body}`) + theme)}<body>${body}<script type="application/json" id="zg-state">${state}</script>${rest}${theme && `<style>${theme}</style>`}${scripts.join('')}</body></html>`
    },
    /** When even the shop cannot be read. */
    broken: (requestId: string): string =>
      `${head('<title>出了点问题</title>', styleOf(BROKEN_CLASSES))}<body><main class="zg-empty"><h1 class="zg-empty-title">系统出了点问题</h1><p class="zg-empty-text">请稍后重试；编号 ${requestId.replace(/[^\w-]/g, '')}</p><a class="zg-button zg-button-primary" href="">重试</a></main></body></html>`,
  }
}

/** What the page of last resort is made of. */
const BROKEN_CLASSES = '<html class="zg-theme zg-empty zg-empty-title zg-empty-text zg-button zg-button-primary">'

interface Asset {
  type: string
  bytes: Buffer
  small?: Promise<Buffer>
}

/** The built files, kept in memory: a few dozen, named by their content. */
function serveAssets(app: FastifyInstance, dir: string): void {
  const assets = new Map<string, Asset>()
  for (const name of readdirSync(dir)) {
    const type = TYPES[extname(name)]
    if (type !== undefined) assets.set(name, { type, bytes: readFileSync(join(dir, name)) })
  }
  app.get<{ Params: { name: string } }>('/assets/:name', { compress: false } as object, async (request, reply) => {
    const asset = assets.get(request.params.name)
    if (!asset) return reply.callNotFound()
    reply
      .type(asset.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding')
    if (!acceptsBrotli(request) || !/^text|svg/.test(asset.type)) return reply.send(asset.bytes)
    asset.small ??= promisify(brotliCompress)(asset.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
    return reply.header('content-encoding', 'br').send(await asset.small)
  })
}
