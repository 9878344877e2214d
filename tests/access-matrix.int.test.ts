import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES, type RouteId, type RouteSpec } from '../packages/contract/src/index.ts'
import { startTestApp, type TestApp } from './support/app.ts'
import { bodies, type Cast, castFor, expected, knock, PERSONAS, type Verdict, verdictOf } from './support/matrix.ts'

const ROUTE_IDS = Object.keys(ROUTES) as RouteId[]
const NO_BODY_FITS = { '': '' }
/** Routes that end the caller's own session. */
const SIGN_OUTS: RouteId[] = ['auth.buyerSignOut', 'auth.staffSignOut']
/** Ends every session of the caller: for somebody nobody else needs. */
const LEAVES: RouteId = 'buyer.requestDeletion'

let app: TestApp
let cast: Cast
beforeAll(async () => {
  app = await startTestApp()
  cast = await castFor(app)
})
afterAll(() => app?.close())

/** Everything of the shop and the buyer that a stranger might have changed. */
async function everything() {
  const { shop, buyer, ids } = cast
  const params = { shopId: shop.shopId }
  const { owner } = shop
  return {
    order: await buyer.call('orders.get', { params: { ...params, orderId: ids.orderId! } }),
    addresses: await buyer.call('buyer.addresses'),
    me: await buyer.call('buyer.me'),
    product: await owner.call('console.product', { params: { ...params, productId: ids.productId! } }),
    categories: await owner.call('console.categories', { params }),
    warehouses: await owner.call('console.warehouses', { params }),
    freight: await owner.call('console.freightTemplates', { params }),
    settings: await owner.call('console.settings', { params }),
    movements: await owner.call('console.movements', { params }),
    imports: await owner.call('console.imports', { params }),
    shipments: await owner.call('console.shipments', { params }),
  }
}

test('SYS-03 the matrix has a body that fits for every route that takes one', () => {
  const fitting = bodies(cast.ids)
  const unfit = ROUTE_IDS.filter((id) => {
    const { body } = ROUTES[id] as RouteSpec
    return body !== undefined && !body.safeParse(fitting[id]).success
  })
  expect(unfit).toEqual([])
})

describe('strangers', () => {
  test('ACC-05 SYS-03 whoever may not call a route is refused with the right code, and nothing has changed', async () => {
    const before = await everything()
    const wrong: string[] = []
    for (const id of ROUTE_IDS) {
      const route: RouteSpec = ROUTES[id]
      for (const persona of PERSONAS) {
        const wanted = expected(route, persona)
        if (wanted === 'allowed') continue
        const reply = await knock(await cast.play(persona, route.access), id, cast.ids, bodies(cast.ids)[id])
        const found = verdictOf(route, reply)
        if (found !== wanted) wrong.push(`${id} ${persona}: ${wanted} expected, ${found} (${reply.status}) found`)
      }
    }
    expect(wrong).toEqual([])
    expect(await everything()).toEqual(before)
  }, 180_000)

  test('ACC-05 SYS-03 what belongs to one shop cannot be reached through the address of another', async () => {
    const before = await everything()
    const owner = await cast.play('staff of another shop', { audience: 'staff-self' })
    const ids = { ...cast.ids, shopId: cast.other.shopId }
    const own = new Set(['shopId', 'name'])
    const wrong: string[] = []
    for (const id of ROUTE_IDS) {
      const route: RouteSpec = ROUTES[id]
      const objects = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]!).filter((name) => !own.has(name))
      if (route.access.audience !== 'staff' || objects.length === 0) continue
      const reply = await knock(owner, id, ids, bodies(ids)[id])
      const isEmptyList = reply.status === 200 && JSON.stringify(reply.json).startsWith('{"items":[]')
      if (reply.status !== 404 && !isEmptyList) wrong.push(`${id}: ${reply.status} ${reply.text.slice(0, 200)}`)
    }
    expect(wrong).toEqual([])
    for (const id of [
      'console.adjustStock',
      'console.transferStock',
      'console.publishProducts',
      'console.createStaff',
    ] as const) {
      const reply = await knock(owner, id, ids, bodies(ids)[id])
      if (id === 'console.publishProducts') expect(reply.json).toMatchObject({ changed: [] })
      else expect([id, reply.status]).toEqual([id, 404])
    }
    expect(await everything()).toEqual(before)
  })

  test('ACC-05 SYS-03 a buyer’s order is not found through another shop, by nobody', async () => {
    const ids = { ...cast.ids, shopId: cast.other.shopId }
    for (const id of ROUTE_IDS) {
      const route: RouteSpec = ROUTES[id]
      if (route.access.audience !== 'buyer' || !route.path.includes(':orderId')) continue
      const reply = await knock(cast.buyer, id, ids, bodies(ids)[id])
      expect([id, reply.status]).toEqual([id, 404])
    }
  })

  test('ACC-05 another buyer’s list of orders and addresses is empty', async () => {
    const other = await cast.play('other buyer', { audience: 'buyer' })
    expect(await other.call('orders.list', { params: { shopId: cast.shop.shopId } })).toMatchObject({ items: [] })
    expect(await other.call('buyer.addresses')).toEqual({ items: [] })
  })
})

describe('sessions', () => {
  const crossSite: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ]

  test.each(crossSite)('SYS-03 a cookie counts on no writing request of another site: %o', async (headers) => {
    const { owner, shopId } = cast.shop
    const path = `/api/console/shops/${shopId}/roles`
    const body = { name: 'evil', permissions: ['catalog.read'] }
    const refused = await owner.ask(path, { method: 'POST', body, headers })
    expect([refused.status, (refused.json as { error: { code: string } }).error.code]).toEqual([403, 'CROSS_SITE'])
    const { items } = await owner.call('console.roles', { params: { shopId } })
    expect(items.map((role) => role.name)).not.toContain('evil')
  })

  test('SYS-03 our own pages, and clients that are no browsers, may write', async () => {
    const { owner, shopId } = cast.shop
    const path = `/api/console/shops/${shopId}/orders/${cast.ids.orderId}/note`
    const ours: Record<string, string>[] = [{ origin: app.url }, { 'sec-fetch-site': 'same-origin' }, {}]
    for (const headers of ours)
      expect((await owner.ask(path, { method: 'PUT', body: { note: '' }, headers })).status).toBe(200)
  })

  test('SYS-03 tokens that are made up, too long or empty are nobody', async () => {
    for (const token of ['x'.repeat(43), 'x'.repeat(5000), '', '..'])
      expect((await app.visitor({ authorization: `Bearer ${token}` }).ask('/api/buyer/me')).status).toBe(401)
    const staff = app.visitor()
    staff.cookies.set('zg_staff', 'x'.repeat(43))
    expect((await staff.ask('/api/staff/me')).json).toMatchObject({ error: { code: 'SESSION_EXPIRED' } })
  })
})

// Last: whoever may call may also change things.
describe('those who may', () => {
  test.each(ROUTE_IDS)('ACC-05 %s lets in all it is for', async (id) => {
    const route: RouteSpec = ROUTES[id]
    const found: Record<string, Verdict> = {}
    for (const persona of PERSONAS) {
      if (expected(route, persona) !== 'allowed') continue
      const player = () => cast.play(SIGN_OUTS.includes(id) ? 'anonymous' : persona, route.access)
      const visitor = id === LEAVES ? await app.buyer() : await player()
      const body = route.body === undefined ? undefined : NO_BODY_FITS
      const reply = await knock(visitor, id, cast.ids, body)
      expect(reply.status, reply.text).toBeLessThan(500)
      found[persona] = verdictOf(route, reply)
    }
    expect(new Set(Object.values(found))).toEqual(new Set(Object.keys(found).length === 0 ? [] : ['allowed']))
  })
})
