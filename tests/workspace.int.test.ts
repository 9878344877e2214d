import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADDRESS, type PlacedOrder, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey, type Visitor } from './support/http.ts'
import { VIEW_STATE } from './support/workspace.ts'

const HOUR_MS = 3600_000

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let productId: string
let order: PlacedOrder
let params: { shopId: string }

beforeAll(async () => {
  app = await startTestApp()
  shop = await app.openTestShop('杂货铺')
  buyer = await app.buyer()
  params = { shopId: shop.shopId }
  const product = await app.product(shop, { title: '景德镇 青瓷杯 大号', stock: 5 })
  ;[productId, skuId] = [product.productId, product.skuIds[0]!]
  order = await app.order(buyer, shop.shopId, [[skuId, 1]])
  await app.pay(buyer, order)
  await app.settle()
  // A busy machine must not decide what is found.
  const platform = await app.platformStaff()
  await platform.call('platform.setSetting', {
    params: { name: 'workspace.search-timeout-ms' },
    body: { value: 5000, version: 0 },
  })
})
afterAll(() => app?.close())

/** What a refusal says. */
const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )

const save = (who: Visitor, name: string, shared = false, list = 'orders') =>
  who.call('console.createView', { params, body: { list, name, shared, state: VIEW_STATE } })

describe('saved views', () => {
  test('ACC-05 a view is one’s own until it is shared, and only its owner changes it', async () => {
    const colleague = await app.staffWith(shop, ['orders.read'])
    const view = await save(shop.owner, '今天要发的')
    const seenBy = async (who: Visitor) =>
      (await who.call('console.views', { params, query: { list: 'orders' } })).items.map(({ name, mine }) => [
        name,
        mine,
      ])
    expect(await seenBy(shop.owner)).toContainEqual(['今天要发的', true])
    expect(await seenBy(colleague)).toEqual([])
    const change = { name: '今天要发的', shared: true, state: VIEW_STATE, version: view.version }
    const at = { ...params, viewId: view.id }
    const shared = await shop.owner.call('console.updateView', { params: at, body: change })
    expect(await seenBy(colleague)).toEqual([['今天要发的', false]])
    const theirs = { ...change, version: shared.version }
    expect(await codeOf(colleague.call('console.updateView', { params: at, body: theirs }))).toBe('NOT_FOUND')
    expect(await codeOf(colleague.call('console.deleteView', { params: at }))).toBe('NOT_FOUND')
    await colleague.call('console.setDefaultView', { params, body: { list: 'orders', viewId: view.id } })
    await shop.owner.call('console.updateView', { params: at, body: { ...theirs, shared: false } })
    expect(await colleague.call('console.views', { params, query: { list: 'orders' } })).toEqual({
      items: [],
      defaultId: null,
    })
  })

  test('ACC-05 of two changes at once one is done and the other told, and a name is used once', async () => {
    const view = await save(shop.owner, '改来改去')
    const change = (name: string) =>
      codeOf(
        shop.owner.call('console.updateView', {
          params: { ...params, viewId: view.id },
          body: { name, shared: false, state: VIEW_STATE, version: 1 },
        }),
      )
    expect((await Promise.all([change('甲'), change('乙')])).sort()).toEqual(['CONFLICT', 'done'])
    const same = await Promise.all(Array.from({ length: 5 }, () => codeOf(save(shop.owner, '同名'))))
    expect(same.filter((code) => code === 'done')).toHaveLength(1)
    expect(new Set(same)).toEqual(new Set(['done', 'DUPLICATE']))
  })

  test('ACC-05 at most 50 views of a table, also when many are saved at once', async () => {
    const many = await Promise.all(
      Array.from({ length: 55 }, (_, index) => codeOf(save(shop.owner, `视图 ${index}`, false, 'limits'))),
    )
    expect(many.filter((code) => code === 'done')).toHaveLength(50)
    expect(many.filter((code) => code === 'LIMIT_REACHED')).toHaveLength(5)
  })

  test('ACC-05 a table opens with the chosen view, for oneself', async () => {
    const view = await save(shop.owner, '先看这些', false, 'stock')
    const choose = (list: string, viewId: string | null) =>
      codeOf(shop.owner.call('console.setDefaultView', { params, body: { list, viewId } }))
    expect(await choose('products', view.id)).toBe('NOT_FOUND')
    expect(await choose('stock', view.id)).toBe('done')
    const read = () => shop.owner.call('console.views', { params, query: { list: 'stock' } })
    expect((await read()).defaultId).toBe(view.id)
    await shop.owner.call('console.deleteView', { params: { ...params, viewId: view.id } })
    expect((await read()).defaultId).toBeNull()
  })
})

describe('exports', () => {
  const start = (who: Visitor, more: object = {}) =>
    who.call('console.startExport', {
      params,
      body: {
        route: 'console.orders',
        title: '订单',
        format: 'csv',
        columns: [
          { field: 'orderNo', title: '订单号' },
          { field: 'state', title: '状态', labels: { 'awaiting-shipment': '待发货' } },
          { field: 'totalFen', title: '金额' },
          { field: 'receiverPhone', title: '手机' },
          { field: 'placedAt', title: '下单时间' },
          { field: 'lines.title', title: '商品' },
        ],
        ...more,
      },
    })
  const fetchFile = (who: Visitor, id: string) => who.ask(`/api/console/shops/${shop.shopId}/exports/${id}/file`)

  test('ACC-05 a list is exported as filtered, in words, with personal data masked, and audited', async () => {
    const { id } = await start(shop.owner, { query: { state: 'awaiting-shipment' } })
    const reply = await fetchFile(shop.owner, id)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-disposition')).toContain(encodeURIComponent('订单'))
    const [header, line, end] = reply.text.replace('\ufeff', '').split('\r\n')
    expect(header).toBe('订单号,状态,金额,手机,下单时间,商品')
    expect(line).toMatch(
      new RegExp(
        `^${order.orderNo},待发货,${(order.totalFen / 100).toString()},138\\*{4}5678,2026-11-1\\d \\d\\d:\\d\\d:\\d\\d,`,
      ),
    )
    expect(end).toBe('')
    const none = await start(shop.owner, { query: { state: 'completed' } })
    expect((await fetchFile(shop.owner, none.id)).text.trim().split('\r\n')).toHaveLength(1)
    const { items } = await shop.owner.call('console.audit', { params, query: { entity: 'export', entityId: id } })
    expect(items.map(({ action }) => action).sort()).toEqual(['workspace.export', 'workspace.fetch-export'])
  })

  test('ACC-05 a file begins with the mark that Excel needs, or is a workbook', async () => {
    const csv = await start(shop.owner)
    const cookie = [...shop.owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const bytes = async (id: string) =>
      Buffer.from(
        await (
          await fetch(`${app.url}/api/console/shops/${shop.shopId}/exports/${id}/file`, { headers: { cookie } })
        ).arrayBuffer(),
      )
    expect([...(await bytes(csv.id)).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const { id } = await start(shop.owner, { format: 'xlsx', title: '订单 / 今天' })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await bytes(id)) as never)
    const sheet = book.worksheets[0]!
    expect(sheet.getRow(1).getCell(1).value).toBe('订单号')
    expect(sheet.getRow(2).getCell(1).value).toBe(order.orderNo)
    expect(sheet.getRow(2).getCell(3).value).toBe(order.totalFen / 100)
  })

  test('ACC-05 SYS-03 personal data in clear only for those who may see it, and only where a list has it', async () => {
    const clerk = await app.staffWith(shop, ['orders.read', 'catalog.read'])
    expect(await codeOf(start(clerk, { personal: true }))).toBe('FORBIDDEN')
    const { id } = await start(shop.owner, { personal: true })
    const { text } = await fetchFile(shop.owner, id)
    expect(text).toContain(`${ADDRESS.name},${ADDRESS.phone}`)
    const products = { route: 'console.products', columns: [], personal: true }
    expect(await codeOf(start(shop.owner, products))).toBe('VALIDATION_FAILED')
  })

  test('ACC-05 nobody exports what they may not read, fetches what somebody else asked for, or comes too late', async () => {
    const clerk = await app.staffWith(shop, ['orders.read'])
    expect(await codeOf(start(clerk, { route: 'console.products', columns: [] }))).toBe('FORBIDDEN')
    expect(await codeOf(start(clerk, { route: 'platform.shops', columns: [] }))).toBe('NOT_FOUND')
    expect(await codeOf(start(clerk, { route: 'console.order', columns: [] }))).toBe('NOT_FOUND')
    expect(await codeOf(start(clerk, { query: { state: 'nonsense' } }))).toBe('VALIDATION_FAILED')
    const { id } = await start(clerk)
    expect((await fetchFile(shop.owner, id)).status).toBe(404)
    expect((await fetchFile(clerk, id)).status).toBe(200)
    app.clock.advance(HOUR_MS)
    expect((await fetchFile(clerk, id)).status).toBe(404)
  })

  test('ACC-05 a list nobody has named columns for is exported with all its plain values, to the limit', async () => {
    const { items } = await shop.owner.call('console.settings', { params })
    const setting = items.find(({ name }) => name === 'workspace.export-max-rows')!
    await shop.owner.call('console.setSetting', {
      params: { ...params, name: setting.name },
      body: { value: 100, version: setting.version },
    })
    const { id } = await start(shop.owner, { route: 'console.audit', title: '日志', columns: [], language: 'en' })
    const [header] = (await fetchFile(shop.owner, id)).text.replace('\ufeff', '').split('\r\n')
    expect(header!.split(',')).toEqual(expect.arrayContaining(['at', 'actorName', 'summary']))
    for (let n = 0; n < 110; n++)
      await shop.owner.call('console.noteOrder', {
        params: { ...params, orderId: order.orderId },
        body: { note: `${n}` },
      })
    const long = await start(shop.owner, {
      route: 'console.audit',
      title: '日志',
      columns: [{ field: 'summary', title: '事' }],
    })
    const lines = (await fetchFile(shop.owner, long.id)).text.trim().split('\r\n')
    expect(lines).toHaveLength(1 + 100 + 1)
    expect(lines.at(-1)).toBe('已到单次导出上限 100 行')
  })
})

describe('search', () => {
  const kinds = async (who: Visitor, q: string) =>
    Object.fromEntries(
      (await who.call('console.search', { params, query: { q } })).groups.map(({ kind, items }) => [
        kind,
        items.map(({ title }) => title),
      ]),
    )

  test('ACC-05 one search finds orders by number, phone and their last digits, products, SKUs and settings', async () => {
    const { owner } = shop
    expect((await kinds(owner, order.orderNo)).orders).toEqual([order.orderNo])
    expect((await kinds(owner, order.orderNo.slice(-6))).orders).toEqual([order.orderNo])
    expect((await kinds(owner, ADDRESS.phone)).orders).toEqual([order.orderNo])
    expect((await kinds(owner, ADDRESS.phone.slice(-4))).orders).toEqual([order.orderNo])
    expect((await kinds(owner, '0000')).orders).toBeUndefined()
    expect((await kinds(owner, '青瓷杯')).products).toEqual(['景德镇 青瓷杯 大号'])
    const sku = (await owner.call('console.stock', { params })).items.find((row) => row.skuId === skuId)!
    expect((await kinds(owner, sku.skuCode)).skus).toContain(sku.skuCode)
    expect((await kinds(owner, '自动取消')).settings).toEqual(['未付款自动取消'])
  })

  test('ACC-05 SYS-03 nobody finds what they may not read, and nothing of another shop', async () => {
    const clerk = await app.staffWith(shop, ['catalog.read'])
    expect(await kinds(clerk, ADDRESS.phone)).toEqual({})
    expect(Object.keys(await kinds(clerk, '青瓷杯'))).toEqual(['products'])
    const other = await app.openTestShop('别家')
    const found = await other.owner.call('console.search', {
      params: { shopId: other.shopId },
      query: { q: order.orderNo },
    })
    expect(found.groups).toEqual([])
  })

  test('ACC-05 a search with letters that mean something elsewhere harms nothing', async () => {
    for (const q of ['%', '_', "';--", '\\', '(', '😀', '*'.repeat(60)])
      expect((await shop.owner.call('console.search', { params, query: { q } })).late).toEqual([])
  })
})

describe('things to do, and setting up', () => {
  const counts = async (who: Visitor) =>
    Object.fromEntries((await who.call('console.todo', { params })).items.map(({ key, count }) => [key, count]))

  test('ORD-05 a paid order waits, and is late when the promise has passed; each leads to its list', async () => {
    const fresh = await app.order(buyer, shop.shopId, [[skuId, 1]])
    await app.pay(buyer, fresh)
    await app.settle()
    const before = await counts(shop.owner)
    expect(before['orders.to-ship']).toBe(2)
    app.clock.advance(48 * HOUR_MS + 1)
    // Sessions do not live that long.
    shop.owner = await app.signIn(shop.ownerAccount)
    expect((await counts(shop.owner))['orders.late']).toBe(2)
    const late = await shop.owner.call('console.orders', { params, query: { late: 'true', sort: 'placed' } })
    expect(late.items.map(({ orderNo }) => orderNo)).toEqual([order.orderNo, fresh.orderNo])
    const first = await shop.owner.call('console.orders', { params, query: { late: 'true', sort: 'placed', limit: 1 } })
    const second = await shop.owner.call('console.orders', {
      params,
      query: { late: 'true', sort: 'placed', limit: 1, cursor: first.nextCursor! },
    })
    expect([...first.items, ...second.items].map(({ orderNo }) => orderNo)).toEqual([order.orderNo, fresh.orderNo])
  })

  test('ORD-05 low stock is what is on sale, has little left, and is not sold out', async () => {
    expect((await counts(shop.owner))['stock.low']).toBe(1)
    const low = await shop.owner.call('console.stock', { params, query: { low: 'true' } })
    expect(low.items.map((row) => row.skuId)).toEqual([skuId])
  })

  test('ACC-05 one sees what waits only where one may look', async () => {
    const clerk = await app.staffWith(shop, ['catalog.read'])
    expect(Object.keys(await counts(clerk))).toEqual(['catalog.drafts'])
  })

  test('ACC-04 a new shop is led through setting up; what is done is read from the shop itself', async () => {
    const fresh = await app.openTestShop('新店')
    const at = { shopId: fresh.shopId }
    const done = async () =>
      (await fresh.owner.call('console.onboarding', { params: at })).steps
        .filter((step) => step.done)
        .map(({ key }) => key)
    expect(await done()).toEqual(['pay'])
    await app.product(fresh)
    expect(await done()).toEqual(['product', 'stock', 'onSale', 'pay'])
    await app.staffWith(fresh, ['catalog.read'])
    expect(await done()).toContain('staff')
    await fresh.owner.call('console.publishLegalText', {
      params: at,
      body: { kind: 'privacy', title: '隐私政策', body: '我们只收集完成订单所需的信息。'.repeat(4), version: 0 },
    })
    const pickUp = (await fresh.owner.call('console.settings', { params: at })).items.find(
      ({ name }) => name === 'delivery.pick-up',
    )!
    await fresh.owner.call('console.setSetting', {
      params: { ...at, name: pickUp.name },
      body: { value: true, version: pickUp.version },
    })
    expect(await done()).toEqual(expect.arrayContaining(['delivery', 'legal']))
    const skip = (key: string, skipped: boolean) =>
      fresh.owner.call('console.setOnboarding', { params: at, body: { skip: { key, skipped } } })
    await Promise.all([skip('freight', true), skip('settings', true), skip('freight', true)])
    const skipped = async () =>
      (await fresh.owner.call('console.onboarding', { params: at })).steps
        .filter((step) => step.skipped)
        .map(({ key }) => key)
    expect(await skipped()).toEqual(['freight', 'settings'])
    await skip('freight', false)
    expect(await skipped()).toEqual(['settings'])
    expect(await codeOf(skip('nonsense', true))).toBe('NOT_FOUND')
    const put = await fresh.owner.call('console.setOnboarding', { params: at, body: { dismissed: true } })
    expect(put.dismissed).toBe(true)
  })
})

describe('notes of the staff', () => {
  const about = { entity: 'order' as const, entityId: '' }
  test('ACC-05 notes are a history; whoever is named is told until they have read', async () => {
    about.entityId = order.orderId
    const colleague = await app.staffWith(shop, ['orders.read'])
    const body = { ...about, text: '买家改了地址，发货前确认', mentions: [colleague.staffId] }
    const idempotencyKey = newKey()
    const twice = await Promise.all([
      shop.owner.call('console.addNote', { params, idempotencyKey, body }),
      shop.owner.call('console.addNote', { params, idempotencyKey, body }),
    ])
    expect(twice[0].id).toBe(twice[1].id)
    await shop.owner.call('console.addNote', { params, idempotencyKey: newKey(), body: { ...about, text: '已确认' } })
    const { items } = await colleague.call('console.notes', { params, query: about })
    expect(items.map(({ text, mine }) => [text, mine])).toEqual([
      ['已确认', false],
      ['买家改了地址，发货前确认', false],
    ])
    expect(await colleague.call('console.mentions', { params })).toMatchObject({
      unread: 1,
      items: [{ entityId: order.orderId, read: false }],
    })
    await colleague.call('console.readMentions', { params })
    expect((await colleague.call('console.mentions', { params })).unread).toBe(0)
  })

  test('ACC-05 notes follow the rights of what they are about', async () => {
    const reader = await app.staffWith(shop, ['orders.read'])
    const stranger = await app.staffWith(shop, ['catalog.read'])
    const write = (who: Visitor, entityId: string) =>
      codeOf(
        who.call('console.addNote', {
          params,
          idempotencyKey: newKey(),
          body: { entity: 'order', entityId, text: '看看' },
        }),
      )
    expect(await write(reader, order.orderId)).toBe('FORBIDDEN')
    expect(await write(shop.owner, productId)).toBe('NOT_FOUND')
    expect(await codeOf(stranger.call('console.notes', { params, query: about }))).toBe('FORBIDDEN')
  })
})

describe('trends', () => {
  test('DAT-01 each business day has its money, refunds and buyers, and days without any are there too', async () => {
    const { days } = await shop.owner.call('console.trends', { params, query: { days: 7 } })
    expect(days).toHaveLength(7)
    expect(days.reduce((sum, day) => sum + day.paidFen, 0)).toBe(order.totalFen * 2)
    expect(days.at(-1)).toMatchObject({ paidFen: 0, paidOrders: 0 })
    const { today, yesterday } = await shop.owner.call('console.overview', { params })
    expect([today.paidFen, yesterday.paidFen]).toEqual([0, 0])
  })

  test('CAT-01 products are sorted by price both ways, over pages', async () => {
    await app.product(shop, { title: '贵的', pricesFen: [9900] })
    await app.product(shop, { title: '便宜的', pricesFen: [100] })
    const titles = async (sort: 'price' | '-price') => {
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = await shop.owner.call('console.products', { params, query: { sort, limit: 1, cursor } })
        found.push(...page.items.map(({ title }) => title))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      return found
    }
    expect(await titles('price')).toEqual(['便宜的', '景德镇 青瓷杯 大号', '贵的'])
    expect(await titles('-price')).toEqual(['贵的', '景德镇 青瓷杯 大号', '便宜的'])
  })
})
