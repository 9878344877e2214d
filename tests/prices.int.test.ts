import type { StoreProductCard } from '@zhanggui/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADDRESS, startTestApp, type TestApp, type TestBuyer, type TestProduct, type TestShop } from './support/app.ts'
import { newKey, type Visitor } from './support/http.ts'

const HOUR = 3_600_000

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop()
  buyer = await app.buyer()
})
afterAll(() => app?.close())

const params = () => ({ shopId: shop.shopId })
const later = (ms: number) => new Date(app.clock.millis() + ms).toISOString()
type RuleBody = Parameters<typeof createRule>[0]
const createRule = (body: {
  kind: 'region' | 'channel' | 'member' | 'scheduled'
  label: string
  method: 'fixed' | 'percent' | 'minus'
  value: number
  rounding?: 'fen' | 'jiao' | 'yuan' | 'nine'
  levelIds?: string[]
  provinces?: string[]
  channels?: ('mini' | 'h5')[]
  startsAt?: string | null
  endsAt?: string | null
  items: { productId: string; skuId?: string; priceFen?: number }[]
}) => shop.owner.call('console.createPriceRule', { params: params(), body })

/** Makes a buyer of the shop a member. */
async function member(levelName: string, rank: number): Promise<{ levelId: string; who: TestBuyer }> {
  const level = await shop.owner.call('console.createMemberLevel', {
    params: params(),
    body: { name: levelName, rank },
  })
  const who = await app.buyer()
  const goods = await app.product(shop)
  await app.order(who, shop.shopId, [[goods.skuIds[0]!, 1]])
  await shop.owner.call('console.setMemberLevel', {
    params: { ...params(), buyerId: who.buyerId },
    body: { levelId: level.id },
  })
  return { levelId: level.id, who }
}

const shown = async (who: Visitor, { productId, skuIds }: TestProduct) => {
  const product = await who.call('store.product', { params: { ...params(), productId } })
  return product.skus.find(({ id }) => id === skuIds[0])!
}
const quoted = (who: Visitor, skuId: string, province: string | undefined = undefined) =>
  who.call('store.quote', { params: params(), body: { lines: [{ skuId, quantity: 1 }], province } })
const place = (who: Visitor, skuId: string, expectedTotalFen: number, province = ADDRESS.province, key = newKey()) =>
  who.call('orders.place', {
    params: params(),
    idempotencyKey: key,
    body: { lines: [{ skuId, quantity: 1 }], address: { ...ADDRESS, province }, expectedTotalFen },
  })

test('CAT-04 a scheduled price begins and ends on the instant, in list, detail, cart, quote and order alike', async () => {
  const goods = await app.product(shop, { title: '龙泉青瓷', pricesFen: [10_000] })
  const [skuId] = goods.skuIds as [string]
  await createRule({
    ...{ kind: 'scheduled', label: '双11', method: 'percent', value: 8000 },
    ...{ startsAt: later(HOUR), endsAt: later(2 * HOUR), items: [{ productId: goods.productId }] },
  })
  const everywhere = async () => {
    const list = await buyer.call('store.products', { params: params(), query: { q: '龙泉青瓷' } })
    const cart = await buyer.call('cart.get')
    const line = cart.shops.flatMap(({ lines }) => lines).find((each) => each.skuId === skuId)!
    const quote = await quoted(buyer, skuId)
    const prices = [list.items[0]!.minPriceFen, (await shown(buyer, goods)).priceFen, line.priceFen]
    return [...prices, quote.lines[0]!.unitPriceFen]
  }
  await buyer.call('cart.add', { body: { shopId: shop.shopId, skuId, quantity: 1 } })
  expect(await everywhere()).toEqual([10_000, 10_000, 10_000, 10_000])
  expect((await shown(buyer, goods)).priceTag).toMatchObject({ upcoming: { priceFen: 8000, label: '双11' } })
  app.clock.advance(HOUR - 1)
  expect(await everywhere()).toEqual([10_000, 10_000, 10_000, 10_000])
  app.clock.advance(1)
  expect(await everywhere()).toEqual([8000, 8000, 8000, 8000])
  const tag = (await shown(buyer, goods)).priceTag!
  expect(tag).toMatchObject({ kind: 'scheduled', wasFen: 10_000, endsAt: later(HOUR), nextChangeAt: later(HOUR) })
  app.clock.advance(HOUR - 1)
  const { orderId, totalFen } = await place(buyer, skuId, 8000)
  expect(totalFen).toBe(8000)
  app.clock.advance(1)
  expect(await everywhere()).toEqual([10_000, 10_000, 10_000, 10_000])
  await expect(place(buyer, skuId, 8000)).rejects.toMatchObject({ code: 'PRICE_CHANGED' })
  const order = await buyer.call('orders.get', { params: { ...params(), orderId } })
  expect(order.lines[0]).toMatchObject({ unitPriceFen: 8000, priceNote: expect.stringContaining('双11 ¥80.00') })
})

test('CAT-04 an order at a boundary is decided once: its key has one answer, before and after', async () => {
  const goods = await app.product(shop, { pricesFen: [5000] })
  const [skuId] = goods.skuIds as [string]
  await createRule({
    ...{ kind: 'scheduled', label: '限时', method: 'fixed', value: 4000 },
    ...{ endsAt: later(HOUR), items: [{ productId: goods.productId }] },
  })
  app.clock.advance(HOUR - 1)
  const key = newKey()
  const together = await Promise.all(Array.from({ length: 6 }, () => place(buyer, skuId, 4000, undefined, key)))
  app.clock.advance(1)
  const again = await place(buyer, skuId, 4000, undefined, key)
  expect(new Set([...together, again].map(({ orderId }) => orderId)).size).toBe(1)
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => place(buyer, skuId, 4000)))
  expect(results.every(({ status }) => status === 'rejected')).toBe(true)
})

test('CAT-04 a member pays the member price, others do not; the province of the address changes the price with its reason', async () => {
  const goods = await app.product(shop, { pricesFen: [10_000] })
  const [skuId] = goods.skuIds as [string]
  const { levelId, who } = await member('金卡', 10)
  await createRule({
    ...{ kind: 'member', label: '金卡价', method: 'percent', value: 9000, levelIds: [levelId] },
    items: [{ productId: goods.productId }],
  })
  await createRule({
    ...{ kind: 'region', label: '新疆价', method: 'fixed', value: 12_000, provinces: ['新疆'] },
    items: [{ productId: goods.productId }],
  })
  expect((await shown(who, goods)).priceFen).toBe(9000)
  expect((await shown(buyer, goods)).priceFen).toBe(10_000)
  expect((await shown(app.visitor(), goods)).priceFen).toBe(10_000)
  const here = (await quoted(who, skuId, '广东省')).lines[0]!
  const there = (await quoted(who, skuId, '新疆维吾尔自治区')).lines[0]!
  expect([here.unitPriceFen, here.priceNote]).toEqual([9000, '金卡价 ¥90.00'])
  expect([there.unitPriceFen, there.priceNote]).toEqual([10_800, '金卡价 ¥108.00'])
  const far = (await quoted(buyer, skuId, '新疆维吾尔自治区')).lines[0]!
  expect(far.priceNote).toBe('新疆价（新疆维吾尔自治区） ¥120.00')
  expect(await buyer.call('buyer.membership', { params: params() })).toEqual({ level: null })
  expect((await who.call('buyer.membership', { params: params() })).level).toMatchObject({ name: '金卡', rank: 10 })
})

test('CAT-04 a price of one channel is shown and charged in that channel only', async () => {
  const goods = await app.product(shop, { pricesFen: [3000] })
  await createRule({
    ...{ kind: 'channel', label: '小程序价', method: 'minus', value: 100, channels: ['mini'] },
    items: [{ productId: goods.productId }],
  })
  expect((await shown(buyer, goods)).priceFen).toBe(2900)
  expect((await shown(app.visitor(), goods)).priceFen).toBe(3000)
  expect((await shown(app.visitor({ 'x-channel': 'live' }), goods)).priceFen).toBe(3000)
})

test('CAT-04 whatever the rules: what detail, cart and quote show is what the order charges', async () => {
  const goods = await app.product(shop, { pricesFen: [10_000, 7777], stock: 5000 })
  const { levelId, who } = await member('银卡', 5)
  const rule = fc.record({
    kind: fc.constantFrom('region', 'channel', 'member', 'scheduled'),
    formula: fc.oneof(
      fc.record({ method: fc.constant('fixed'), value: fc.integer({ min: 100, max: 12_000 }) }),
      fc.record({ method: fc.constant('percent'), value: fc.integer({ min: 5000, max: 9999 }) }),
      fc.record({ method: fc.constant('minus'), value: fc.integer({ min: 1, max: 5000 }) }),
    ),
    rounding: fc.constantFrom('fen', 'jiao', 'yuan', 'nine'),
    sku: fc.constantFrom(null, 0, 1),
    from: fc.integer({ min: -2, max: 1 }),
    hours: fc.integer({ min: 3, max: 5 }),
  })
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('广东省', '北京市'),
      async (rules, province) => {
        const made = []
        for (const { kind, formula, rounding, sku, from, hours } of rules) {
          const body = {
            ...{ kind, label: `规则 ${++round}`, ...formula, rounding },
            ...(kind === 'region' ? { provinces: ['广东'] } : {}),
            ...(kind === 'channel' ? { channels: ['mini'] } : {}),
            ...(kind === 'member' ? { levelIds: [levelId] } : {}),
            startsAt: later(from * HOUR),
            endsAt: later((from + hours) * HOUR),
            items: [{ productId: goods.productId, ...(sku === null ? {} : { skuId: goods.skuIds[sku]! }) }],
          } as RuleBody
          made.push(await createRule(body))
        }
        for (const visitor of [who, buyer]) {
          const product = await visitor.call('store.product', { params: { ...params(), productId: goods.productId } })
          const lines = goods.skuIds.map((skuId) => ({ skuId, quantity: 2 }))
          const plain = await visitor.call('store.quote', { params: params(), body: { lines } })
          for (const { skuId, unitPriceFen } of plain.lines)
            expect(unitPriceFen).toBe(product.skus.find(({ id }) => id === skuId)!.priceFen)
          const quote = await visitor.call('store.quote', { params: params(), body: { lines, province } })
          const body = { lines, address: { ...ADDRESS, province }, expectedTotalFen: quote.totalFen }
          const placed = await visitor.call('orders.place', { params: params(), idempotencyKey: newKey(), body })
          expect(placed.totalFen).toBe(quote.totalFen)
          const order = await visitor.call('orders.get', { params: { ...params(), orderId: placed.orderId } })
          const unit = (each: { skuId: string; unitPriceFen: number }) => `${each.skuId} ${each.unitPriceFen}`
          expect(order.lines.map(unit).sort()).toEqual(quote.lines.map(unit).sort())
        }
        for (const { id, version } of made)
          await shop.owner.call('console.switchPriceRule', {
            params: { ...params(), ruleId: id },
            body: { active: false, version },
          })
      },
    ),
    { numRuns: 8 },
  )
})

test('CAT-04 lists are sorted and narrowed by what the viewer pays, page by page, also across the moment a price begins', async () => {
  const seller = await app.openTestShop('价格列表')
  const at = { shopId: seller.shopId }
  const bases = [300, 500, 500, 700, 900, 900, 1100, 1300]
  const goods: TestProduct[] = []
  for (const base of bases)
    goods.push(await app.product(seller, { title: `价目瓷碗${base}`, pricesFen: [base, base * 2] }))
  const rule = (label: string, body: object) =>
    seller.owner.call('console.createPriceRule', { params: at, body: { label, ...body } as never })
  const items = (...numbers: number[]) => numbers.map((number) => ({ productId: goods[number]!.productId }))
  const gold = await seller.owner.call('console.createMemberLevel', { params: at, body: { name: '金卡', rank: 1 } })
  const who = await app.buyer()
  await app.order(who, seller.shopId, [[goods[0]!.skuIds[0]!, 1]])
  await seller.owner.call('console.setMemberLevel', {
    params: { ...at, buyerId: who.buyerId },
    body: { levelId: gold.id },
  })
  await rule('金卡', { kind: 'member', method: 'percent', value: 5000, levelIds: [gold.id], items: items(6, 3, 1) })
  await rule('小程序', { kind: 'channel', method: 'fixed', value: 2000, channels: ['mini'], items: items(0) })
  await rule('现在', { kind: 'scheduled', method: 'minus', value: 650, endsAt: later(HOUR), items: items(7, 5) })
  await rule('以后', { kind: 'scheduled', method: 'fixed', value: 1, startsAt: later(HOUR), items: items(2, 4) })
  type Query = { q?: string; sort?: string; minPriceFen?: number; maxPriceFen?: number }
  const visitors = [app.visitor(), app.visitor({ 'x-channel': 'mini' }), who]
  const page = (visitor: Visitor, query: Query, cursor?: string) =>
    visitor.call('store.search', { params: at, query: { ...query, limit: 5, cursor } as never })
  const all = async (visitor: Visitor, query: Query, between?: () => void) => {
    const first = await page(visitor, query)
    between?.()
    const found = [...first.items]
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const next = await page(visitor, query, cursor)
      found.push(...next.items)
      cursor = next.nextCursor
    }
    return found
  }
  const byPrice = (a: StoreProductCard, b: StoreProductCard) => a.minPriceFen - b.minPriceFen || (a.id < b.id ? -1 : 1)
  const ids = (some: readonly StoreProductCard[]) => some.map(({ id }) => id)
  /** Without words the index of prices is merged with what rules touch; with words a ranked list is sorted. */
  const check = async (visitor: Visitor, q?: string) => {
    const cards = await all(visitor, { q, sort: 'new' })
    expect(cards).toHaveLength(bases.length)
    const up = ids(cards.toSorted(byPrice))
    expect(ids(await all(visitor, { q, sort: 'price-asc' })), q).toEqual(up)
    expect(ids(await all(visitor, { q, sort: 'price-desc' })), q).toEqual(up.toReversed())
    const [minPriceFen, maxPriceFen] = [400, 650]
    const fit = cards.filter((card) => card.maxPriceFen >= minPriceFen && card.minPriceFen <= maxPriceFen)
    for (const sort of ['new', 'price-asc'])
      expect(ids(await all(visitor, { q, sort, minPriceFen, maxPriceFen })).sort(), sort).toEqual(ids(fit).sort())
  }
  for (const visitor of visitors) await check(visitor)
  await check(who, '价目瓷碗')
  app.clock.advance(HOUR - 1)
  const seen = await all(app.visitor(), { sort: 'price-asc' }, () => app.clock.advance(1))
  expect(new Set(seen.map(({ id }) => id)).size).toBe(bases.length)
  await check(app.visitor())
  const forged = Buffer.from(JSON.stringify(['price-asc@gestern', 1, goods[0]!.productId])).toString('base64url')
  await expect(page(app.visitor(), { sort: 'price-asc' }, forged)).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
})

test('CAT-04 a rule is previewed with what it changes, what is below cost and what it meets; stopping it takes it back', async () => {
  const goods = await app.product(shop, { pricesFen: [10_000, 5000] })
  const items = [{ productId: goods.productId }]
  const first = await createRule({
    ...{ kind: 'scheduled', label: '秋季价', method: 'percent', value: 9000 },
    ...{ endsAt: later(10 * HOUR), items },
  })
  const preview = await shop.owner.call('console.previewPriceRule', {
    params: params(),
    body: { kind: 'scheduled', label: '闪购', method: 'minus', value: 800, endsAt: later(HOUR), items },
  })
  expect(preview).toMatchObject({
    ...{ skuCount: 2, productCount: 1, minBeforeFen: 4500, maxBeforeFen: 9000, minAfterFen: 4200, maxAfterFen: 9000 },
    conflicts: [{ ruleId: first.id, label: '秋季价' }],
  })
  expect(preview.rows.find(({ beforeFen }) => beforeFen === 9000)!.warning).toContain('秋季价')
  expect((await shown(buyer, goods)).priceFen).toBe(9000)
  const off = await shop.owner.call('console.switchPriceRule', {
    params: { ...params(), ruleId: first.id },
    body: { active: false, version: first.version },
  })
  expect(off.state).toBe('stopped')
  expect((await shown(buyer, goods)).priceFen).toBe(10_000)
  const on = { params: { ...params(), ruleId: first.id }, body: { active: true, version: off.version } }
  await shop.owner.call('console.switchPriceRule', on)
  expect((await shown(buyer, goods)).priceFen).toBe(9000)
  await expect(shop.owner.call('console.switchPriceRule', on)).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('CAT-04 rules that mean nothing are refused with what to do', async () => {
  const { productId } = await app.product(shop, { pricesFen: [1000] })
  const refuse = (body: Partial<RuleBody>, reason: string | RegExp) =>
    expect(
      createRule({ kind: 'member', label: '价', method: 'percent', value: 9000, items: [{ productId }], ...body }),
    ).rejects.toMatchObject({ message: expect.stringMatching(reason) })
  await refuse({}, '会员等级')
  await refuse({ kind: 'region' }, '地区')
  await refuse({ kind: 'channel' }, '渠道')
  await refuse({ kind: 'scheduled' }, '开始或结束时间')
  await refuse({ kind: 'scheduled', endsAt: later(-HOUR) }, '已经过去')
  await refuse({ kind: 'scheduled', startsAt: later(HOUR), endsAt: later(HOUR) }, '晚于开始')
  await refuse({ kind: 'scheduled', endsAt: later(HOUR), value: 10_000 }, '低于 10 折')
  await refuse({ kind: 'scheduled', endsAt: later(HOUR), method: 'minus', value: 1000 }, '不足以减')
  await refuse({ kind: 'member', levelIds: ['019a0000-0000-7000-8000-000000000000'] }, '会员等级')
})

test('CAT-04 the test bench says what somebody pays, and why', async () => {
  const goods = await app.product(shop, { pricesFen: [10_000] })
  const { levelId, who } = await member('钻石', 30)
  const items = [{ productId: goods.productId }]
  await createRule({ kind: 'member', label: '钻石价', method: 'percent', value: 8500, levelIds: [levelId], items })
  await createRule({
    ...{ kind: 'scheduled', label: '周末', method: 'fixed', value: 9000 },
    ...{ startsAt: later(HOUR), endsAt: later(5 * HOUR), items },
  })
  const ask = async (body: { buyerId?: string; at?: string }) =>
    shop.owner.call('console.testPrice', { params: { ...params(), productId: goods.productId }, body })
  const now = await ask({ buyerId: who.buyerId })
  expect(now).toMatchObject({ levelName: '钻石', skus: [{ priceFen: 8500, kind: 'member' }] })
  expect(now.skus[0]!.considered.find(({ label }) => label === '周末')!.words).toContain('才开始')
  const then = await ask({ at: later(2 * HOUR) })
  expect(then.skus[0]).toMatchObject({ priceFen: 9000, kind: 'scheduled' })
  expect(then.skus[0]!.considered.find(({ label }) => label === '钻石价')!.words).toContain('钻石')
})

test('CAT-04 a rule that two people change at once: one wins, the other is told', async () => {
  const goods = await app.product(shop, { pricesFen: [10_000] })
  const items = [{ productId: goods.productId }]
  const body = { kind: 'scheduled' as const, label: '抢改', method: 'fixed' as const, endsAt: later(HOUR), items }
  const made = await createRule({ ...body, value: 9000 })
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      shop.owner.call('console.updatePriceRule', {
        params: { ...params(), ruleId: made.id },
        body: { ...body, value: 8000 + index, version: made.version },
      }),
    ),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const rule = await shop.owner.call('console.priceRule', { params: { ...params(), ruleId: made.id } })
  expect((await shown(buyer, goods)).priceFen).toBe(rule.value)
})

test('CAT-04 a level that members or rules need is not removed; staff outranks a rule; merged buyers keep the higher', async () => {
  const { levelId, who } = await member('黑卡', 50)
  const remove = () => shop.owner.call('console.deleteMemberLevel', { params: { ...params(), levelId } })
  await expect(remove()).rejects.toMatchObject({ code: 'MEMBER_LEVEL_IN_USE' })
  const actor = { kind: 'system' }
  const byRule = { shopId: shop.shopId, buyerId: who.buyerId, levelId: null, source: 'rule' as const, note: '', actor }
  expect(await app.app.db.tx('system', (tx) => app.app.members.setLevel(tx, byRule))).toBe(false)
  const other = await app.buyer()
  await app.app.db.tx('system', (tx) =>
    app.app.members.mergeBuyers(tx, { fromBuyerId: who.buyerId, buyerId: other.buyerId }),
  )
  expect((await other.call('buyer.membership', { params: params() })).level).toMatchObject({ name: '黑卡' })
  const { items } = await shop.owner.call('console.members', { params: params(), query: { levelId } })
  expect(items.map(({ buyerId }) => buyerId)).toEqual([other.buyerId])
})

test('CAT-04 a price sheet is read line by line: codes of SKUs, products and barcodes; what means nothing is refused with its line', async () => {
  const tea = await app.product(shop, { title: '表格里的茶', pricesFen: [8800, 9800] })
  const cup = await app.product(shop, { title: '表格里的杯', pricesFen: [5000] })
  const { items: categories } = await shop.owner.call('console.categories', { params: params() })
  const bowl = await shop.owner.call('console.createProduct', {
    params: params(),
    body: {
      ...{ categoryId: categories[0]!.id, title: '表格里的碗' },
      skus: [{ code: '碗-01-A', barcode: '6901234567892', priceFen: 3000 }],
    },
  })
  const other = await app.openTestShop()
  const foreign = await app.product(other, { pricesFen: [100] })
  const codesOf = async (who: TestShop, { productId }: TestProduct) =>
    (await who.owner.call('console.product', { params: { shopId: who.shopId, productId } })).skus.map(
      ({ code }) => code,
    )
  const [first, second] = await codesOf(shop, tea)
  const [strange] = await codesOf(other, foreign)
  const lines = [
    'SKU编码\t商品\t会员价',
    `${first}\t茶\t79.9`,
    `${second}\t茶\t`,
    `${cup.productId}\t杯\t¥45`,
    `${first}\t茶\t70`,
    `${strange}\t别家的\t1`,
    `${second}x\t\t5`,
    '',
    `\t没有编码\t5`,
    `${cup.productId}\t杯\t4.999`,
    '6901234567892\t碗\t25',
  ]
  const read = (text: string) => shop.owner.call('console.readPriceSheet', { params: params(), body: { text } })
  const { items, refused } = await read(lines.join('\n'))
  expect(items).toEqual([
    { line: 2, productId: tea.productId, skuId: tea.skuIds[0], title: '表格里的茶', priceFen: 7990 },
    { line: 3, productId: tea.productId, skuId: tea.skuIds[1], title: '表格里的茶', priceFen: null },
    { line: 4, productId: cup.productId, skuId: null, title: '表格里的杯', priceFen: 4500 },
    { line: 11, productId: bowl.id, skuId: bowl.skus[0]!.id, title: '表格里的碗', priceFen: 2500 },
  ])
  expect(refused.map(({ line, reason }) => [line, reason])).toEqual([
    [5, '和第 2 行是同一件'],
    [6, expect.stringContaining('没有编码为')],
    [7, expect.stringContaining('没有编码为')],
    [9, '没有编码'],
    [10, expect.stringContaining('不是价格')],
  ])

  const { levelId, who } = await member('表格会员', 70)
  const body = {
    kind: 'member' as const,
    label: '表格价',
    method: 'percent' as const,
    value: 9000,
    levelIds: [levelId],
  }
  const rule = await createRule({
    ...body,
    items: items.map(({ productId, skuId, priceFen }) => ({
      productId,
      ...(skuId && { skuId }),
      ...(priceFen && { priceFen }),
    })),
  })
  expect(rule.items.map(({ code, priceFen }) => [code, priceFen])).toEqual(
    expect.arrayContaining([
      [first, 7990],
      [second, null],
      [cup.productId, 4500],
    ]),
  )
  expect((await shown(who, tea)).priceFen).toBe(7990)
  expect((await shown(who, cup)).priceFen).toBe(4500)
  expect((await quoted(who, tea.skuIds[1]!)).lines[0]!.unitPriceFen).toBe(8820)
})
