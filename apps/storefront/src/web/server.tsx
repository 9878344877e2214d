import type { StoreShop } from '@zhanggui/contract'
import { ApiError, type Client, createClient } from '@zhanggui/contract/client'
import { type ThemeChoice, themeCss as themeCssOf } from '@zhanggui/contract/theme'
import { renderToString } from 'preact-render-to-string'
import { type App, createCell } from '../app.ts'
import { pictureSource } from '../kit/pictures.ts'
import type { Head } from '../page.ts'
import { type Match, matchPath, pathOf } from '../routes.ts'
import type { Boot } from './boot.ts'
import { pageModule } from './pages.ts'
import type { Rendered, RenderInput } from './render.ts'
import { Root } from './root.tsx'
import { headOf, isMissing, isPreview, isSignedOut, loadScreen, type ScreenState } from './screen.ts'

/** Renders one address. Holds nothing between calls: everything of a request is in its arguments. */
export async function render(input: RenderInput): Promise<Rendered> {
  const match = matchPath(input.url)
  const api = serverClient(input)
  const shop = await findShop(api, match?.shop ?? input.defaultShop.id)
  if (!match || !shop) return renderMissing(input, api, shop)
  const page = await pageModule(match.name)
  const screen = await loadScreen(page, match, input.url, shop, api)
  const signedOut = isSignedOut(screen.failure)
  if (signedOut && page.access === 'buyer-redirect')
    return { kind: 'redirect', status: 302, location: `/api/auth/wechat/web?returnTo=${encodeURIComponent(input.url)}` }
  const status = !screen.failure || signedOut ? 200 : isMissing(screen.failure) ? 404 : screen.failure.status || 502
  const pictures = screen.failure ? [] : (page.firstPictures?.(screen.data) ?? [])
  return {
    ...draw(input, page, screen, api),
    status,
    isPrivate: page.access !== 'public',
    isPreview: isPreview(screen),
    module: `src/pages/${match.name}/index.tsx`,
    headBits: headBits(input, headOf(page, screen), match, shop, status) + pictures.map(preload).join(''),
  }
}

/** A page for an address that leads nowhere, inside the shop so that the buyer can go on. */
async function renderMissing(input: RenderInput, api: Client, found: StoreShop | undefined): Promise<Rendered> {
  const shop = found ?? (await findShop(api, input.defaultShop.id))
  if (!shop) throw new Error('The default shop is gone')
  const page = await pageModule('home')
  const failure = { code: 'NOT_FOUND', status: 404, message: '没有找到页面' }
  const screen: ScreenState = { url: input.url, name: 'home', params: {}, base: '', shop, data: undefined, failure }
  return {
    ...draw(input, page, screen, api),
    status: 404,
    isPrivate: false,
    isPreview: false,
    module: 'src/pages/home/index.tsx',
    headBits: `<title>${escapeHtml(headOf(page, screen).title)}</title><meta name="robots" content="noindex">`,
  }
}

function draw(input: RenderInput, page: Awaited<ReturnType<typeof pageModule>>, screen: ScreenState, api: Client) {
  const app: App = {
    api,
    shop: screen.shop,
    page: screen.name,
    base: screen.base,
    cartCount: createCell(0),
    serverNow: () => input.now,
    track: () => undefined,
  }
  const html = renderToString(
    <Root
      app={app}
      page={page}
      screen={screen}
      visit={0}
      reload={async () => undefined}
      simulatorUrl={input.simulatorUrl}
    />,
  )
  const state: Boot = {
    screen,
    simulatorUrl: input.simulatorUrl,
    now: page.access === 'public' ? undefined : input.now,
  }
  const themeCss = themeCssOf(screen.shop.theme as ThemeChoice)
  return { kind: 'page' as const, html, state, title: headOf(page, screen).title, themeCss }
}

function serverClient(input: RenderInput): Client {
  return createClient({
    send: async (request) => {
      if (request.method !== 'GET')
        throw new Error(`Pages only read while they are rendered: ${request.method} ${request.url}`)
      return input.fetchApi(request.url, { ...request.headers, ...input.headers })
    },
  })
}

async function findShop(api: Client, shop: string): Promise<StoreShop | undefined> {
  try {
    return await api('store.shop', { params: { shop } })
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 422)) return undefined
    throw error
  }
}

/** Pages that search engines may keep; the rest is each buyer's own. */
const INDEXED: ReadonlySet<string> = new Set(['home', 'category', 'page', 'detail'])

function headBits(input: RenderInput, head: Head, match: Match, shop: StoreShop, status: number): string {
  const { id, slug } = match.params
  const named = { category: id === undefined ? {} : { id }, detail: { id }, page: { slug } }
  const params = named[match.name as keyof typeof named] ?? {}
  const canonical = input.publicUrl + pathOf(match.name, params as never, `/s/${shop.slug}`)
  const description = escapeHtml((head.description ?? '').slice(0, 160))
  const picture = head.picture ? new URL(pictureSource(head.picture.url).src, input.publicUrl).href : undefined
  return [
    `<title>${escapeHtml(head.title)}</title>`,
    description && `<meta name="description" content="${description}">`,
    status === 200 && INDEXED.has(match.name) && match.params.preview === undefined
      ? `<link rel="canonical" href="${escapeHtml(canonical)}">`
      : '<meta name="robots" content="noindex">',
    `<meta property="og:type" content="${match.name === 'detail' ? 'product' : 'website'}">`,
    `<meta property="og:site_name" content="${escapeHtml(shop.name)}">`,
    `<meta property="og:title" content="${escapeHtml(head.title)}">`,
    description && `<meta property="og:description" content="${description}">`,
    `<meta property="og:url" content="${escapeHtml(canonical)}">`,
    picture && `<meta property="og:image" content="${escapeHtml(picture)}">`,
  ]
    .filter(Boolean)
    .join('')
}

function preload({ picture, sizes }: { picture: { url: string }; sizes: string }): string {
  const { src, srcSet } = pictureSource(picture.url)
  const responsive =
    srcSet === undefined ? '' : ` imagesrcset="${escapeHtml(srcSet)}" imagesizes="${escapeHtml(sizes)}"`
  return `<link rel="preload" as="image" fetchpriority="high" href="${escapeHtml(src)}"${responsive}>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!)
