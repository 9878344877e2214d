import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY_MS } from '../apps/server/src/kernel/clock.ts'
import { sql } from '../apps/server/src/kernel/db.ts'
import { accountId, getBalances } from '../apps/server/src/ledger/index.ts'
import type { RevenueRow, StockBookRow } from '../packages/contract/src/index.ts'
import { PASSWORD, startTestApp, type TestApp, type TestBuyer, type TestShop } from './support/app.ts'
import { newKey } from './support/http.ts'
import { receivedOrder } from './support/reviews.ts'
import { addParty, sign, wrongs } from './support/sharing.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  app.sim.topUp(1_000_000)
})
afterAll(() => app?.close())

/** Random numbers that come again with their seed. */
function dice(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const dayNow = (offset = 0): string =>
  new Date(app.clock.millis() + 8 * 3600_000 + offset * DAY_MS).toISOString().slice(0, 10)
const WITHIN = [
  'received',
  'returned',
  'sold',
  'scrapped',
  'given',
  'adjusted',
  'transferredIn',
  'transferredOut',
] as const
const sumOf = <Row>(rows: readonly Row[], name: keyof Row): number =>
  rows.reduce((sum, row) => sum + (row[name] as number), 0)

/** Signs the owner in anew, whom moving the clock has signed out. */
async function signedIn(shop: TestShop): Promise<TestShop> {
  shop.owner = await app.signIn(shop.ownerAccount)
  return shop
}

/** Every row of a book, two at a time. */
async function allRows<Row>(
  read: (query: { limit: number; cursor?: string }) => Promise<{ items: Row[]; nextCursor: string | null }>,
): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = await read({ limit: 2, ...(cursor ? { cursor } : {}) })
    rows.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return rows
}

const stockRows = ({ shopId, owner }: TestShop, query: object): Promise<StockBookRow[]> =>
  allRows((place) => owner.call('console.stockBook', { params: { shopId }, query: { ...query, ...place } }))

function holds(row: StockBookRow): void {
  const { opening, received, returned, adjusted, transferredIn, sold, scrapped, given, transferredOut, closing } = row
  expect(opening + received + returned + adjusted + transferredIn - sold - scrapped - given - transferredOut).toBe(
    closing,
  )
}

test('PAY-06 the stock book adds up over random histories, and closes with what stock reports', async () => {
  const roll = dice(20_261_126)
  const shop = await app.openTestShop()
  const params = { shopId: shop.shopId }
  const [one, other] = [
    await app.product(shop, { pricesFen: [1000, 2000], stock: 0 }),
    await app.product(shop, { pricesFen: [3000], stock: 0 }),
  ]
  const skuIds = [...one.skuIds, ...other.skuIds]
  const warehouses = (await shop.owner.call('console.warehouses', { params })).items.map(({ id }) => id)
  const buyer = await app.buyer()
  const open: { orderId: string; shopId: string; orderNo: string; totalFen: number }[] = []
  const firstDay = dayNow()
  let purchased = 0
  let sold = 0
  const adjust = (reason: 'purchase' | 'damage' | 'gift' | 'count' | 'correction', quantity: number) =>
    shop.owner.call('console.adjustStock', {
      params,
      idempotencyKey: newKey(),
      body: {
        ...{ warehouseId: warehouses[roll(warehouses.length)]!, reason },
        lines: [{ skuId: skuIds[roll(skuIds.length)]!, quantity }],
      },
    })
  const onShelf = async () => {
    const { items } = await shop.owner.call('console.stock', { params, query: { limit: 100 } })
    return new Map(items.map((row) => [row.skuId, row.available + row.reserved + row.committed]))
  }
  /** What may be refused for want of stock. */
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> =>
    work().then(
      () => true,
      (error: { code?: string }) => {
        if (error.code !== 'OUT_OF_STOCK' && error.code !== 'LEDGER_LIMIT') throw error
        return false
      },
    )
  const steps: (() => Promise<unknown>)[] = [
    async () => {
      const quantity = 5 + roll(20)
      await adjust('purchase', quantity)
      purchased += quantity
    },
    () => attempt(() => adjust('damage', -1 - roll(3))),
    () => attempt(() => adjust('gift', -1)),
    () => attempt(() => adjust('correction', roll(2) === 0 ? -2 : 2)),
    () => adjust('count', roll(12)),
    () =>
      attempt(() => {
        const from = roll(warehouses.length)
        return shop.owner.call('console.transferStock', {
          params,
          idempotencyKey: newKey(),
          body: {
            ...{ fromWarehouseId: warehouses[from]!, toWarehouseId: warehouses[(from + 1) % warehouses.length]! },
            lines: [{ skuId: skuIds[roll(skuIds.length)]!, quantity: 1 + roll(4) }],
          },
        })
      }),
    () =>
      attempt(async () => {
        const placed = await app.order(buyer, shop.shopId, [[skuIds[roll(skuIds.length)]!, 1 + roll(3)]])
        if (roll(4) === 0)
          await buyer.call('orders.cancel', {
            params: { ...params, orderId: placed.orderId },
            body: { reason: '不要了' },
          })
        else {
          await app.pay(buyer, placed)
          await app.settle()
          open.push(placed)
        }
      }),
    async () => {
      const placed = open.shift()
      if (!placed) return
      const at = { ...params, orderId: placed.orderId }
      const { lines } = await buyer.call('orders.get', { params: at })
      if (roll(3) === 0)
        await shop.owner.call('console.refundOrder', { params: at, idempotencyKey: newKey(), body: { reason: '缺货' } })
      else {
        const body = { carrierCode: 'SF', trackingNo: `SF${String(1_000_000_000_000 + roll(1e9))}` } as const
        await shop.owner.call('console.shipOrder', { params: at, idempotencyKey: newKey(), body })
        sold += sumOf(lines, 'quantity')
      }
      await app.settle()
    },
  ]
  for (let count = 0; count < 12; count++) await steps[0]!()
  const closings: Map<string, number>[] = []
  for (let day = 0; day < 3; day++) {
    for (let count = 0; count < 14; count++) await steps[roll(steps.length)]!()
    closings.push(await onShelf())
    const totals = await shop.owner.call('console.stockBookTotals', { params, query: { from: firstDay, to: dayNow() } })
    expect(totals).toMatchObject({
      differing: 0,
      received: purchased,
      sold,
      closing: [...closings.at(-1)!.values()].reduce((a, b) => a + b, 0),
    })
    await app.advance(DAY_MS)
    await signedIn(shop)
  }
  // Each day begins with what the day before ended with, and days add up to the whole.
  const whole = await stockRows(shop, { from: firstDay, to: dayNow(-1) })
  const days = await Promise.all(
    [0, 1, 2].map((day) => stockRows(shop, { from: dayNow(day - 3), to: dayNow(day - 3) })),
  )
  whole.forEach(holds)
  for (const row of whole) {
    const mine = days.map((rows) => rows.find(({ id }) => id === row.id)!)
    mine.forEach((each, day) => {
      holds(each)
      expect(each.closing).toBe(closings[day]!.get(row.id!) ?? 0)
      expect(each.opening).toBe(day === 0 ? 0 : mine[day - 1]!.closing)
    })
    for (const name of WITHIN) expect(sumOf(mine, name)).toBe(row[name])
  }
  for (const by of ['product', 'category', 'warehouse'] as const) {
    const rows = await stockRows(shop, { from: firstDay, to: dayNow(-1), by })
    rows.forEach(holds)
    for (const name of ['closing', ...WITHIN] as const) expect(sumOf(rows, name)).toBe(sumOf(whole, name))
  }
  expect(sumOf(whole, 'transferredIn')).toBe(sumOf(whole, 'transferredOut'))
  // Staff of one warehouse see its part of the book.
  const role = await shop.owner.call('console.createRole', {
    params,
    body: { name: '仓管', permissions: ['stock.read'], scope: { warehouses: [warehouses[0]!] } },
  })
  const keeper = { account: `keeper-${newKey()}`, name: '仓管', password: PASSWORD, roleIds: [role.id] }
  await shop.owner.call('console.createStaff', { params, body: keeper })
  const query = { from: firstDay, to: dayNow(-1), by: 'warehouse' } as const
  const mine = (await (await app.signIn(keeper.account)).call('console.stockBook', { params, query })).items
  expect(mine).toEqual((await stockRows(shop, query)).filter(({ id }) => id === warehouses[0]))
  expect(mine).toHaveLength(1)
  // Behind every number are its movements.
  for (const column of WITHIN) {
    const { items } = await shop.owner.call('console.bookMovements', {
      params,
      query: { from: firstDay, to: dayNow(-1), skuId: skuIds[0]!, column, limit: 100 },
    })
    expect(Math.abs(sumOf(items, 'quantity'))).toBe(Math.abs(whole.find(({ id }) => id === skuIds[0])![column]))
  }
}, 60_000)

const revenue = ({ shopId, owner }: TestShop, query: object = {}): Promise<RevenueRow[]> =>
  allRows((place) => owner.call('console.revenueBook', { params: { shopId }, query: { ...query, ...place } }))

/** Tea at 9 %, and everything else at the shop's rate of 13 %. */
async function teaShop() {
  const shop = await app.openTestShop()
  const params = { shopId: shop.shopId }
  const cup = await app.product(shop, { title: '=青瓷杯', pricesFen: [11_300] })
  const tea = await app.product(shop, { title: '龙井', pricesFen: [10_900] })
  const category = await shop.owner.call('console.createCategory', { params, body: { name: '茶叶' } })
  const { version, title, options, pictures, skus } = await shop.owner.call('console.product', {
    params: { ...params, productId: tea.productId },
  })
  await shop.owner.call('console.updateProduct', {
    params: { ...params, productId: tea.productId },
    body: {
      ...{ version, title, options, categoryId: category.id, pictureFileIds: pictures.map(({ fileId }) => fileId) },
      skus: skus.map(({ id, code, priceFen, optionValues }) => ({
        id,
        code,
        priceFen,
        optionValues,
        costFen: 4000 as never,
      })),
    },
  })
  await shop.owner.call('console.setTaxRate', {
    params,
    body: { categoryId: category.id, fromDay: dayNow(-1), rateBp: 900 },
  })
  return { shop, params, cupSku: cup.skuIds[0]!, teaSku: tea.skuIds[0]!, category }
}

test('PAY-06 revenue by day, rate and channel: net of refunds, tax inside, and to the fen what the ledger says', async () => {
  const { shop, params, cupSku, teaSku } = await teaShop()
  const party = await addParty(shop)
  await sign(shop, party.id)
  const buyer = await app.buyer()
  const day = dayNow()
  const mixed = await receivedOrder(app, shop, buyer, [
    [cupSku, 1],
    [teaSku, 2],
  ])
  const live: TestBuyer = { ...buyer, ...app.visitor({ ...buyer.headers, 'x-channel': 'live' }) }
  await receivedOrder(app, shop, live, [[cupSku, 2]])
  // Paid when it was too late: goes back by itself, and is no revenue.
  const late = await app.order(buyer, shop.shopId, [[cupSku, 1]])
  const start = await buyer.call('payments.start', {
    params: { ...params, orderId: late.orderId },
    body: { method: 'mini' },
  })
  await app.app.db.tx('system', (tx) =>
    tx.exec(sql`update orders set pay_before = ${app.clock.instant()} where id = ${late.orderId}`),
  )
  await app.app.orders.cancelDueOrders()
  app.sim.pay({ request: start.jsapi!, person: buyer.person, action: 'confirm' })
  await app.settle()
  const query = { from: day, to: day, step: 'day' } as const
  const rows = await revenue(shop, query)
  const row = (channel: string, rateBp: number) =>
    rows.find((each) => each.channel === channel && each.rateBp === rateBp)
  expect(row('mini', 1300)).toMatchObject({
    orders: 1,
    goodsFen: 11_300,
    paidFen: 11_300,
    netFen: 11_300,
    taxFen: 1300,
    beforeTaxFen: 10_000,
  })
  expect(row('mini', 900)).toMatchObject({ orders: 1, goodsFen: 21_800, netFen: 21_800, taxFen: 1800 })
  expect(row('live', 1300)).toMatchObject({ orders: 1, netFen: 22_600, taxFen: 2600 })
  expect(rows).toHaveLength(3)
  const totals = await shop.owner.call('console.revenueBookTotals', { params, query })
  const received = totals.ledger!.find(({ what }) => what === 'received')!
  expect(received).toMatchObject({ bookFen: 55_700, otherFen: late.totalFen, differenceFen: 0 })

  // A refund of one tin of tea lowers what is taxed at the rate of tea, on the day on which it is paid back.
  await app.advance(DAY_MS)
  await signedIn(shop)
  const { lines } = await buyer.call('orders.get', { params: { ...params, orderId: mixed.orderId } })
  await shop.owner.call('console.refundUnits', {
    params: { ...params, orderId: mixed.orderId },
    idempotencyKey: newKey(),
    body: {
      ...{ reasonCode: 'quality', note: '', evidenceFileIds: [] },
      lines: [{ line: lines.find(({ skuId }) => skuId === teaSku)!.line, quantity: 1 }],
    },
  })
  await app.settle()
  const [back, ...others] = await revenue(shop, { from: dayNow(), to: dayNow(), step: 'day' })
  // Shares and the fee are lowered for the order as a whole, and stay divided by what was paid for its goods.
  expect(others).toMatchObject([{ rateBp: 1300, netFen: 0, taxFen: 0 }])
  expect(back).toMatchObject({
    rateBp: 900,
    channel: 'mini',
    orders: 0,
    paidFen: 0,
    refundedFen: 10_900,
    netFen: -10_900,
    taxFen: -900,
  })

  // Over everything: rows add up to the sums, and those to the ledger's accounts.
  const all = { from: day, to: dayNow() }
  const sums = await shop.owner.call('console.revenueBookTotals', { params, query: all })
  const every = await revenue(shop, all)
  for (const name of ['goodsFen', 'paidFen', 'refundedFen', 'netFen', 'taxFen', 'feeFen', 'sharesFen'] as const)
    expect(sumOf(every, name)).toBe(sums[name])
  expect(sums.ledger!.map(({ differenceFen }) => differenceFen)).toEqual([0, 0, 0, 0])
  const accounts = {
    fee: accountId('fee.channel', shop.shopId),
    ...Object.fromEntries(
      ['pending', 'payable', 'frozen', 'negative'].map((of) => [of, accountId(`share.${of}`, party.id, shop.shopId)]),
    ),
  } as Record<string, string>
  const held = await app.app.db.read('system', (tx) => getBalances(tx, shop.shopId, Object.values(accounts)))
  const { fee, ...shares } = accounts
  expect(sums.feeFen).toBe(held.get(fee!)!.balance)
  expect(sums.sharesFen).toBe(Object.values(shares).reduce((sum, id) => sum + (held.get(id)?.balance ?? 0), 0))
  expect(sums.sharesFen).toBeGreaterThan(0)
  expect(await wrongs(app, shop)).toEqual([])
  expect(sums.byRate.map(({ rateBp, taxFen }) => [rateBp, taxFen])).toEqual([
    [1300, 1300 + 2600],
    [900, 1800 - 900],
  ])

  // Behind a number are the payments and refunds that it is made of.
  const { items } = await shop.owner.call('console.revenueEntries', {
    params,
    query: { ...all, rateBp: 900, kind: 'sale' },
  })
  expect(items).toMatchObject([{ orderId: mixed.orderId, wholeFen: mixed.totalFen, amountFen: 21_800 }])
}, 30_000)

test('PAY-06 a rate from a day on leaves what was sold before as it was; set many times at once, it is one', async () => {
  const { shop, params, cupSku, category } = await teaShop()
  const buyer = await app.buyer()
  await receivedOrder(app, shop, buyer, [[cupSku, 1]])
  await app.advance(DAY_MS)
  await signedIn(shop)
  const body = { categoryId: null, fromDay: dayNow(), rateBp: 100 }
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      shop.owner.call('console.setTaxRate', { params, body: { ...body, rateBp: 100 + index } }),
    ),
  )
  const { items, defaultBp } = await shop.owner.call('console.setTaxRate', { params, body })
  expect(items.map(({ categoryId, rateBp }) => [categoryId, rateBp]).sort()).toEqual(
    [
      [category.id, 900],
      [null, 100],
    ].sort(),
  )
  expect(defaultBp).toBe(1300)
  await receivedOrder(app, shop, buyer, [[cupSku, 1]])
  const rates = (await revenue(shop, { from: dayNow(-1), to: dayNow(), step: 'day' })).map(({ period, rateBp }) => [
    period,
    rateBp,
  ])
  expect(rates).toEqual([
    [dayNow(-1), 1300],
    [dayNow(), 100],
  ])
  const id = items.find(({ categoryId }) => categoryId === null)!.id
  const removals = await Promise.allSettled(
    [1, 2, 3].map(() => shop.owner.call('console.removeTaxRate', { params: { ...params, taxRateId: id } })),
  )
  expect(removals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await shop.owner.call('console.revenueBookTotals', { params, query: {} })).byRate).toMatchObject([
    { rateBp: 1300 },
  ])
  await expect(
    shop.owner.call('console.setTaxRate', { params, body: { ...body, categoryId: shop.shopId } }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(
    shop.owner.call('console.stockBook', { params, query: { from: dayNow(), to: dayNow(-1) } }),
  ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
}, 30_000)

test('PAY-06 both books leave as files with their sums: cost where there is one, no formula, only for who may see them', async () => {
  const { shop, params, cupSku } = await teaShop()
  await receivedOrder(app, shop, await app.buyer(), [[cupSku, 3]])
  const file = async (spec: object): Promise<string> => {
    const { id } = await shop.owner.call('console.startExport', {
      params,
      body: { format: 'csv', title: '账册', ...spec } as never,
    })
    const reply = await fetch(`${app.url}/api/console/shops/${shop.shopId}/exports/${id}/file`, {
      headers: { cookie: [...shop.owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    expect(reply.status).toBe(200)
    return Buffer.from(await reply.arrayBuffer()).toString('utf8')
  }
  const columns = ['title', 'received', 'sold', 'closing', 'closingCostFen', 'withoutCost'].map((field) => ({
    field,
    title: field,
  }))
  const stock = await file({ route: 'console.stockBook', columns, query: { totalRow: 'true' } })
  expect(stock.startsWith('\ufeff')).toBe(true)
  expect(stock.trim().split('\r\n').slice(1)).toEqual([
    "'=青瓷杯,100,3,97,0,1",
    '龙井,100,0,100,4000,0',
    '合计,200,3,197,4000,1',
  ])
  const money = ['rateBp', 'netFen', 'taxFen', 'accountName'].map((field) => ({ field, title: field }))
  const sold = await file({ route: 'console.revenueBook', columns: money, query: { totalRow: 'true' } })
  expect(sold).toContain('339,39,')
  expect(sold.trim().split('\r\n').at(-1)).toContain('339,39,合计')
  expect((await file({ route: 'console.revenueBook', format: 'xlsx' })).startsWith('PK')).toBe(true)
  const clerk = await app.staffWith(shop, ['stock.read'])
  await clerk.call('console.stockBook', { params })
  await expect(clerk.call('console.revenueBook', { params })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(
    clerk.call('console.startExport', { params, body: { route: 'console.revenueBook', title: '收入', format: 'csv' } }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
