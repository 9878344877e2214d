import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { escapeHtml, page, safeReturn, scriptJson } from './html.ts'

const ASSETS = {
  'phone.css': 'text/css; charset=utf-8',
  'phone.js': 'text/javascript; charset=utf-8',
  'parts.js': 'text/javascript; charset=utf-8',
  'payment.js': 'text/javascript; charset=utf-8',
  'scanner.js': 'text/javascript; charset=utf-8',
  'panel.js': 'text/javascript; charset=utf-8',
  'transfer.js': 'text/javascript; charset=utf-8',
  'money.js': 'text/javascript; charset=utf-8',
  'faults.js': 'text/javascript; charset=utf-8',
  'desk.css': 'text/css; charset=utf-8',
  'parcels.css': 'text/css; charset=utf-8',
  'parcels.js': 'text/javascript; charset=utf-8',
} as const

/** The longest state and scope the authorize page passes through. */
const MOST_STATE = 128

const queryOf = (request: FastifyRequest) => request.query as Record<string, string | undefined>

/** Pages for people: the phone, the H5 cashier and the sign-in page of the service account. */
export async function pagesPlugin(app: FastifyInstance, options: { world: World }): Promise<void> {
  const { world } = options
  app.addHook('onSend', async (_request, reply) => {
    reply.header('Cache-Control', 'no-store')
    reply.header('X-Content-Type-Options', 'nosniff')
    reply.header('Referrer-Policy', 'no-referrer')
  })
  for (const [name, type] of Object.entries(ASSETS)) {
    const content = readFileSync(new URL(`./assets/${name}`, import.meta.url))
    app.get(`/__sim/assets/${name}`, (_request, reply) => reply.type(type).send(content))
  }
  app.get('/', (_request, reply) => reply.redirect('/phone'))
  app.get('/phone', (request, reply) => reply.type('text/html; charset=utf-8').send(phonePage(queryOf(request))))
  app.get('/parcels', (_request, reply) => reply.type('text/html; charset=utf-8').send(parcelsPage()))
  app.get('/money', (_request, reply) => reply.type('text/html; charset=utf-8').send(boardPage('money', '资金')))
  app.get('/faults', (_request, reply) => reply.type('text/html; charset=utf-8').send(boardPage('faults', '故障')))
  app.get('/h5/pay', (request, reply) => reply.type('text/html; charset=utf-8').send(cashierPage(queryOf(request))))
  app.get('/connect/oauth2/authorize', (request, reply) => {
    const query = queryOf(request)
    const redirect = safeReturn(query.redirect_uri)
    const scope = query.scope === 'snsapi_base' ? 'snsapi_base' : 'snsapi_userinfo'
    const wrong = authorizeComplaint(query, world.apps.mpAppid)
    if (wrong !== null || !redirect)
      return reply
        .code(400)
        .type('text/html; charset=utf-8')
        .send(messagePage(wrong ?? 'redirect_uri 参数错误'))
    if (query.person) {
      const person = world.people.find(query.person)
      if (!person) return reply.code(400).type('text/html; charset=utf-8').send(messagePage('没有这个人'))
      redirect.searchParams.set('code', world.people.newCode('oauth', person.id, world.apps.mpAppid, scope))
      redirect.searchParams.set('state', query.state ?? '')
      return reply.redirect(redirect.href)
    }
    return reply.type('text/html; charset=utf-8').send(signInPage(world, request.url, scope))
  })
}

/** What WeChat would not accept about an authorize address, in its own words. */
function authorizeComplaint(query: Record<string, string | undefined>, appid: string): string | null {
  if (query.appid !== appid) return 'AppID 参数错误'
  if (!safeReturn(query.redirect_uri)) return 'redirect_uri 参数错误'
  if (query.response_type !== 'code') return 'response_type 参数错误'
  if (query.scope !== 'snsapi_base' && query.scope !== 'snsapi_userinfo') return 'Scope 参数错误或没有 Scope 权限'
  return (query.state ?? '').length > MOST_STATE ? 'state 参数过长' : null
}

/** `/phone?person=…&prepay_id=…&code_url=…&transfer=…&return_url=…` */
function phonePage(query: Record<string, string | undefined>): string {
  const start = {
    mode: 'phone',
    person: query.person ?? null,
    prepay_id: query.prepay_id ?? null,
    code_url: query.code_url ?? null,
    transfer: query.transfer ?? null,
    return_url: safeReturn(query.return_url)?.href ?? null,
  }
  return page(
    '手机 · 桌面微信',
    'desk',
    `<main class="device" id="device" aria-label="手机"></main>
<aside class="panel" id="panel" aria-label="控制台"></aside>
<script>window.START = ${scriptJson(start)}</script>
<script type="module" src="/__sim/assets/phone.js"></script>`,
  )
}

/** Every parcel on its way, and levers to move it. */
const parcelsPage = (): string =>
  page(
    '包裹 · 桌面快递',
    'parcels',
    `<link rel="stylesheet" href="/__sim/assets/parcels.css">
<main id="parcels" aria-label="包裹"></main>
<script type="module" src="/__sim/assets/parcels.js"></script>`,
  )

/** What only WeChat sees of money, and the switches of its faults. */
const boardPage = (name: 'money' | 'faults', title: string): string =>
  page(
    `${title} · 桌面微信`,
    'board',
    `<link rel="stylesheet" href="/__sim/assets/desk.css">
<main id="${name}" aria-label="${title}"></main>
<script type="module" src="/__sim/assets/${name}.js"></script>`,
  )

/** What a browser outside WeChat sees at `h5_url`: it asks for WeChat to be opened, here it opens on the spot. */
function cashierPage(query: Record<string, string | undefined>): string {
  const start = {
    mode: 'h5',
    person: query.person ?? null,
    prepay_id: query.prepay_id ?? null,
    code_url: null,
    return_url: safeReturn(query.redirect_url)?.href ?? null,
  }
  return page(
    '微信支付',
    'desk solo',
    `<main class="device" id="device" aria-label="微信支付"></main>
<script>window.START = ${scriptJson(start)}</script>
<script type="module" src="/__sim/assets/phone.js"></script>`,
  )
}

function messagePage(text: string): string {
  return page(
    '微信',
    'desk solo',
    `<main class="device"><div class="notice"><b>无法打开</b><p>${escapeHtml(text)}</p></div></main>`,
  )
}

function signInPage(world: World, address: string, scope: string): string {
  const merchant = world.settings.get().merchant_name
  const rows = world.people.list().map((person) => {
    const link = `${address}&person=${encodeURIComponent(person.id)}`
    return `<a class="row" href="${escapeHtml(link)}"><span class="avatar" style="background:${escapeHtml(person.avatar_color)}">${escapeHtml(person.name.slice(-1))}</span><span class="row-text"><b>${escapeHtml(person.name)}</b><small>${escapeHtml(person.phone)}</small></span><span class="chevron" aria-hidden="true"></span></a>`
  })
  const what = scope === 'snsapi_base' ? '获取你的身份标识' : '获取你的昵称、头像'
  return page(
    '微信登录',
    'desk solo',
    `<main class="device"><header class="bar"><h1>微信登录</h1></header><div class="scroll">
<div class="ask"><span class="shop-mark">${escapeHtml(merchant.slice(0, 1))}</span><h2>${escapeHtml(merchant)} 申请</h2><p>${what}</p></div>
<p class="list-title">选择以谁的身份登录</p><div class="list">${rows.join('')}</div></div></main>`,
  )
}
