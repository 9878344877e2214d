import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestBuyer } from '../../../../../tests/support/app.ts'
import { newKey } from '../../../../../tests/support/http.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
})
afterAll(() => app?.close())

/** A shop with two goods: one in the central warehouse, one in the front warehouse. */
async function story() {
  const shop = await app.openTestShop()
  const { shopId, owner } = shop
  const params = { shopId }
  const { items } = await owner.call('console.warehouses', { params })
  const central = items.find((each) => each.kind === 'central')!
  const front = items.find((each) => each.kind === 'front')!
  const { skuIds } = await app.product(shop, { pricesFen: [1000, 2000], stock: 0 })
  const [cup, plate] = skuIds as [string, string]
  const receive = (warehouseId: string, skuId: string, quantity: number) =>
    owner.call('console.adjustStock', {
      params,
      idempotencyKey: newKey(),
      body: { warehouseId, reason: 'purchase', lines: [{ skuId, quantity }] },
    })
  await receive(central.id, cup, 50)
  await receive(front.id, plate, 50)
  const paid = async (buyer: TestBuyer, goods: [string, number][]) => {
    const order = await app.order(buyer, shopId, goods)
    await app.pay(buyer, order)
    await app.settle()
    return order
  }
  const fulfilment = (orderId: string) => owner.call('console.orderFulfilment', { params: { shopId, orderId } })
  const parcelsOf = async (orderId: string) => (await fulfilment(orderId)).parcels
  const order = (orderId: string) => owner.call('console.order', { params: { shopId, orderId } })
  const pack = (parcelId: string, trackingNo: string, as = owner) =>
    as.call('console.packParcel', { params: { shopId, parcelId }, body: { trackingNo } })
  const upload = (text: string, as = owner) =>
    as.call('console.uploadShipFile', { params, file: new Blob([text]), fileName: '发货.csv' })
  const apply = (fileId: string, limit = 50) =>
    owner.call('console.applyShipFile', { params: { shopId, fileId }, body: { limit } })
  const rows = async (fileId: string) =>
    (await owner.call('console.shipRows', { params: { shopId, fileId }, query: { limit: 100 } })).items
  return {
    shop,
    shopId,
    owner,
    params,
    central,
    front,
    cup,
    plate,
    receive,
    paid,
    fulfilment,
    parcelsOf,
    order,
    pack,
    upload,
    apply,
    rows,
  }
}

test('ORD-03 a paid order becomes a parcel for each warehouse; the second parcel may leave first, and stock adds up', async () => {
  const { paid, parcelsOf, order, pack, cup, plate, central, front, owner, params } = await story()
  const buyer = await app.buyer()
  const { orderId, orderNo } = await paid(buyer, [
    [cup, 2],
    [plate, 1],
  ])
  const parcels = await parcelsOf(orderId)
  expect(parcels.map((each) => [each.code, each.warehouseId, each.units, each.state])).toEqual([
    [`${orderNo}-1`, expect.any(String), expect.any(Number), 'awaiting'],
    [`${orderNo}-2`, expect.any(String), expect.any(Number), 'awaiting'],
  ])
  const fromFront = parcels.find((each) => each.warehouseId === front.id)!
  expect(fromFront.lines.map((line) => [line.skuId, line.quantity])).toEqual([[plate, 1]])
  await pack(fromFront.id, 'YT1234567890123')
  await app.advance(61_000)
  expect(await order(orderId)).toMatchObject({ state: 'awaiting-shipment' })
  const fromCentral = parcels.find((each) => each.warehouseId === central.id)!
  await pack(fromCentral.id, 'JT1234567890123')
  await app.advance(61_000)
  const shipped = await order(orderId)
  expect(shipped.state).toBe('shipped')
  expect(shipped.shipments.map((each) => [each.carrierCode, each.warehouseName]).sort()).toEqual([
    ['JTSD', '中心仓'],
    ['YTO', '前置仓'],
  ])
  const { items } = await owner.call('console.stock', { params, query: { limit: 100 } })
  expect(items.map((each) => each.committed)).toEqual(items.map(() => 0))
  expect((await app.audit()).deviations).toEqual([])
})

test('ORD-03 a parcel is split by hand within WeChat’s limit, and each part ships its own units', async () => {
  const { paid, parcelsOf, pack, owner, shopId, cup, order } = await story()
  const { orderId, orderNo } = await paid(await app.buyer(), [[cup, 20]])
  const split = (parcelId: string, version: number, quantity: number) =>
    owner.call('console.splitParcel', {
      params: { shopId, parcelId },
      body: { version, lines: [{ orderId, line: 0, quantity }] },
    })
  const [first] = await parcelsOf(orderId)
  const { items } = await split(first!.id, first!.version, 8)
  expect(items.map((each) => [each.code, each.units])).toEqual([
    [`${orderNo}-1`, 12],
    [`${orderNo}-2`, 8],
  ])
  await expect(split(first!.id, first!.version, 1)).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(split(items[0]!.id, items[0]!.version, 12)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  await expect(split(items[0]!.id, items[0]!.version, 13)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  let version = items[0]!.version
  for (let count = 3; count <= 13; count++) version = (await split(first!.id, version, 1)).items[0]!.version
  expect(await parcelsOf(orderId)).toHaveLength(13)
  const rest = (await parcelsOf(orderId)).find((each) => each.code === `${orderNo}-2`)!
  version = (await split(rest.id, rest.version, 1)).items[0]!.version
  version = (await split(rest.id, version, 1)).items[0]!.version
  await expect(split(rest.id, version, 1)).rejects.toMatchObject({ code: 'TOO_MANY_PARCELS' })
  for (const [index, parcel] of (await parcelsOf(orderId)).entries())
    await pack(parcel.id, `SF10000000000${10 + index}`)
  await app.advance(61_000)
  expect(await order(orderId)).toMatchObject({ state: 'shipped' })
  expect((await order(orderId)).shipments).toHaveLength(15)
})

test('ORD-03 orders of one buyer to one address go into one box; a merge is undone before it is handed over', async () => {
  const { paid, fulfilment, parcelsOf, pack, owner, params, shopId, cup, order } = await story()
  const buyer = await app.buyer()
  const one = await paid(buyer, [[cup, 1]])
  const two = await paid(buyer, [[cup, 2]])
  const other = await paid(await app.buyer(), [[cup, 1]])
  const [a, b, c] = [
    (await parcelsOf(one.orderId))[0]!,
    (await parcelsOf(two.orderId))[0]!,
    (await parcelsOf(other.orderId))[0]!,
  ]
  expect((await fulfilment(one.orderId)).mergeable.map((each) => each.id)).toEqual([b.id])
  const merge = (parcelIds: string[]) => owner.call('console.mergeParcels', { params, body: { parcelIds } })
  await expect(merge([a.id, c.id])).rejects.toMatchObject({ code: 'PARCELS_DIFFER' })
  // Two people merge the same two at once: one box, never two, never none.
  const both = await Promise.allSettled([merge([a.id, b.id]), merge([b.id, a.id])])
  expect(both.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  const [merged] = (await parcelsOf(one.orderId)).filter((each) => each.state === 'awaiting')
  expect(merged).toMatchObject({ code: a.code, units: 3 })
  expect(merged!.orders.map((each) => each.orderNo).sort()).toEqual([one.orderNo, two.orderNo].sort())
  const undone = await owner.call('console.unmergeParcel', { params: { shopId, parcelId: a.id } })
  expect(undone.items.map((each) => each.units)).toEqual([1, 2])
  const again = await merge(undone.items.map((each) => each.id))
  await pack(again.id, 'SF1234567890123')
  await expect(owner.call('console.unmergeParcel', { params: { shopId, parcelId: again.id } })).rejects.toMatchObject({
    code: 'PARCEL_STATE',
  })
  await app.advance(61_000)
  for (const { orderId } of [one, two]) {
    const shipped = await order(orderId)
    expect(shipped.state).toBe('shipped')
    expect(shipped.shipments.map((each) => each.trackingNo)).toEqual(['SF1234567890123'])
  }
  expect((await app.audit()).deviations).toEqual([])
})

test('ORD-04 a scanned parcel can be taken back until it is handed over; a wrong scan is refused', async () => {
  const { paid, pack, owner, params, shopId, cup, order } = await story()
  const first = await paid(await app.buyer(), [[cup, 1]])
  const second = await paid(await app.buyer(), [[cup, 1]])
  const scan = async (code: string) => (await owner.call('console.scan', { params, query: { code } })).parcels
  const [parcel] = await scan(first.orderNo)
  expect((await scan(`${first.orderNo}-1`))[0]!.id).toBe(parcel!.id)
  await expect(scan('NOPE')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const packed = await pack(parcel!.id, 'sf1234567890123')
  expect(packed).toMatchObject({ state: 'packed', trackingNo: 'SF1234567890123', carrierCode: 'SF' })
  expect((await pack(parcel!.id, 'SF1234567890123')).version).toBe(packed.version)
  await expect(pack(parcel!.id, 'SF9999999999999')).rejects.toMatchObject({ code: 'PARCEL_STATE' })
  const [stranger] = await scan(second.orderNo)
  await expect(pack(stranger!.id, 'SF1234567890123')).rejects.toMatchObject({ code: 'TRACKING_NO_USED' })
  const undo = () => owner.call('console.undoPack', { params: { shopId, parcelId: parcel!.id } })
  expect(await undo()).toMatchObject({ state: 'awaiting', trackingNo: null })
  await pack(parcel!.id, 'SF1234567890124')
  await app.advance(59_000)
  expect((await order(first.orderId)).state).toBe('awaiting-shipment')
  await app.advance(2_000)
  expect((await order(first.orderId)).state).toBe('shipped')
  await expect(undo()).rejects.toMatchObject({ code: 'PARCEL_STATE' })
})

test('ORD-04 a parcel whose order is being refunded is not handed over, and says why', async () => {
  const { paid, parcelsOf, pack, cup, order, params, owner } = await story()
  const buyer = await app.buyer()
  const { orderId } = await paid(buyer, [[cup, 1]])
  const [parcel] = await parcelsOf(orderId)
  await pack(parcel!.id, 'SF1234567890123')
  await buyer.call('orders.requestRefund', {
    params: { ...params, orderId },
    idempotencyKey: newKey(),
    body: { reason: '不想要了' },
  })
  app.clock.advance(61_000)
  await app.app.fulfilment.handOverDue()
  expect((await parcelsOf(orderId))[0]).toMatchObject({ state: 'packed', handOverAt: null })
  expect((await parcelsOf(orderId))[0]!.problem).toContain('退款中')
  await app.settle()
  expect((await order(orderId)).state).toBe('refunded')
  expect((await parcelsOf(orderId))[0]).toMatchObject({ state: 'cancelled', trackingNo: null })
  const { items } = await owner.call('console.parcels', { params, query: { state: 'packed' } })
  expect(items).toEqual([])
})

test('ORD-04 a spreadsheet ships what is right, tells the line and the reason of what is not, and changes nothing twice', async () => {
  const { paid, upload, apply, rows, order, cup, owner, params } = await story()
  const orders = []
  for (let n = 0; n < 4; n++) orders.push(await paid(await app.buyer(), [[cup, 1]]))
  const sheet = await owner.ask(`/api/console/shops/${params.shopId}/ship-sheet?format=csv`)
  expect(sheet.text).toContain(`${orders[0]!.orderNo}-1`)
  const lines = [
    '包裹号,订单号,快递公司,运单号',
    `${orders[0]!.orderNo}-1,,,SF1234567890101`,
    `,${orders[1]!.orderNo},中通,76123456789012`,
    `,${orders[2]!.orderNo},没听过的快递,76123456789013`,
    ',不存在,中通,76123456789014',
    `,${orders[3]!.orderNo},中通,短`,
    `,${orders[1]!.orderNo},中通,76123456789099`,
    `,${orders[3]!.orderNo},,`,
  ].join('\n')
  const file = await upload(lines)
  expect(file).toMatchObject({ total: 6, ready: 2, refused: 4, shipped: 0 })
  expect((await order(orders[0]!.orderId)).state).toBe('awaiting-shipment')
  const done = await apply(file.id)
  expect(done).toMatchObject({ ready: 0, shipped: 2, refused: 4 })
  const told = await rows(file.id)
  expect(told.map((row) => [row.line, row.state])).toEqual([
    [2, 'shipped'],
    [3, 'shipped'],
    [4, 'refused'],
    [5, 'refused'],
    [6, 'refused'],
    [7, 'refused'],
  ])
  expect(told[2]!.reason).toContain('没听过的快递')
  expect(told[3]!.reason).toContain('不存在')
  expect(told[5]!.reason).toContain('第 3 行给了另一个运单号')
  expect((await order(orders[0]!.orderId)).shipments).toMatchObject([{ carrierCode: 'SF' }])
  expect((await order(orders[1]!.orderId)).shipments).toMatchObject([{ carrierCode: 'ZTO' }])
  const second = await upload(lines)
  expect(second).toMatchObject({ ready: 0, same: 2, refused: 4 })
  await apply(second.id)
  expect((await order(orders[0]!.orderId)).shipments).toHaveLength(1)
  await expect(upload('甲,乙\n1,2')).rejects.toMatchObject({ code: 'IMPORT_UNREADABLE' })
})

test('ORD-04 one parcel, shipped by spreadsheet, by scan and in the order at the same moment, leaves once', async () => {
  const { paid, parcelsOf, pack, upload, apply, order, cup, owner, params, shop } = await story()
  const other = await app.staffWith(shop, ['orders.read', 'orders.ship'])
  const orders = []
  for (let n = 0; n < 6; n++) orders.push(await paid(await app.buyer(), [[cup, 1]]))
  const text = orders.map(({ orderNo }, n) => `${orderNo}-1,中通,7612345678900${n}`).join('\n')
  const file = await upload(`包裹号,快递公司,运单号\n${text}`)
  await Promise.allSettled([
    ...orders.map(async ({ orderId }, n) => pack((await parcelsOf(orderId))[0]!.id, `SF123456789010${n}`, other)),
    apply(file.id),
    apply(file.id),
    ...orders.map(({ orderId }, n) =>
      owner.call('console.shipOrder', {
        params: { ...params, orderId },
        idempotencyKey: newKey(),
        body: { carrierCode: 'YTO', trackingNo: `YT123456789012${n}` },
      }),
    ),
  ])
  await app.advance(61_000)
  for (const { orderId } of orders) {
    const found = await order(orderId)
    expect(found.state).toBe('shipped')
    expect(found.shipments).toHaveLength(1)
    const open = (await parcelsOf(orderId)).filter((each) => each.state !== 'shipped' && each.state !== 'cancelled')
    expect(open).toEqual([])
  }
  expect((await app.audit()).deviations).toEqual([])
})

test('ORD-03 SUP-01 orders move to another warehouse or carrier in bulk; what is short is told, stock follows', async () => {
  const { paid, parcelsOf, order, receive, pack, owner, params, cup, central, front } = await story()
  const [one, two] = [await paid(await app.buyer(), [[cup, 3]]), await paid(await app.buyer(), [[cup, 4]])]
  await receive(front.id, cup, 3)
  const assign = (what: object) =>
    owner.call('console.assignOrders', { params, body: { orderIds: [one.orderId, two.orderId], ...what } })
  const moved = await assign({ warehouseId: front.id })
  expect(moved.done).toBe(1)
  expect(moved.failed).toMatchObject([{ id: two.orderId, label: two.orderNo }])
  expect(moved.failed[0]!.reason).toContain('库存不足')
  const open = (await parcelsOf(one.orderId)).filter((each) => each.state === 'awaiting')
  expect(open.map((each) => [each.warehouseId, each.units])).toEqual([[front.id, 3]])
  expect(await assign({ carrierCode: 'JD' })).toMatchObject({ done: 2, failed: [] })
  expect((await parcelsOf(two.orderId))[0]).toMatchObject({ carrierCode: 'JD', warehouseId: central.id })
  await pack(open[0]!.id, 'AB1234567')
  await app.advance(61_000)
  const shipped = await order(one.orderId)
  expect(shipped.shipments).toMatchObject([{ carrierCode: 'JD', warehouseName: '前置仓' }])
  expect(shipped.timeline.map((each) => each.text)).toContain('改由前置仓发货')
  expect((await app.audit()).deviations).toEqual([])
})

test('ORD-03 waves: orders are picked together by warehouse, and the wave is where its parcels are', async () => {
  const { paid, parcelsOf, pack, owner, params, shopId, cup, plate } = await story()
  const orders = [
    await paid(await app.buyer(), [[cup, 1]]),
    await paid(await app.buyer(), [
      [cup, 2],
      [plate, 1],
    ]),
  ]
  const orderIds = orders.map((each) => each.orderId)
  const create = (idempotencyKey = newKey()) =>
    owner.call('console.createWave', { params, idempotencyKey, body: { orderIds, name: '上午' } })
  // Two people at once, one of them twice: the parcels are in one wave.
  const key = newKey()
  const all = await Promise.allSettled([create(key), create(key), create()])
  const made = all.flatMap((each) => (each.status === 'fulfilled' ? each.value.waves.map((wave) => wave.id) : []))
  expect(new Set(made).size).toBe(2)
  const { items } = await owner.call('console.waves', { params })
  expect(items.map((wave) => [wave.warehouseName, wave.parcels, wave.units, wave.state]).sort()).toEqual([
    ['中心仓', 2, 3, 'awaiting'],
    ['前置仓', 1, 1, 'awaiting'],
  ])
  await expect(create()).rejects.toMatchObject({ code: 'NOTHING_TO_PICK' })
  const wave = items.find((each) => each.parcels === 2)!
  const at = { shopId, waveId: wave.id }
  expect((await owner.call('console.startWave', { params: at })).state).toBe('picking')
  await owner.call('console.setBins', {
    params,
    body: { warehouseId: wave.warehouseId, bins: [{ skuId: cup, bin: 'A-10' }] },
  })
  const print = (kind: 'picking' | 'slip' | 'label', as = owner) =>
    as.call('console.print', { params, body: { kind, waveId: wave.id } })
  const picking = (await print('picking')).picking
  expect(picking).toMatchObject([{ nth: 1, units: 3, parcels: 2, waveCode: wave.code }])
  expect(picking[0]!.lines).toMatchObject([{ bin: 'A-10', quantity: 3 }])
  const [again, twin] = await Promise.all([print('picking'), print('picking')])
  expect([again.picking[0]!.nth, twin.picking[0]!.nth].sort()).toEqual([2, 3])
  const label = await print('label')
  expect(label.parcels[0]!.receiver).toMatchObject({ name: '欧阳小明', phone: '13812345678' })
  const slip = await print('slip')
  expect(slip.parcels[0]!.receiver.phone).toContain('****')
  expect((await owner.call('console.prints', { params })).items).toHaveLength(7)

  const mine = (await parcelsOf(orders[0]!.orderId))[0]!
  await pack(mine.id, 'SF1234567890123')
  const left = (await parcelsOf(orders[1]!.orderId)).find((each) => each.waveId === wave.id)!
  const leave = (parcelId: string) => owner.call('console.leaveWave', { params: at, body: { parcelIds: [parcelId] } })
  await expect(leave(mine.id)).rejects.toMatchObject({ code: 'PARCEL_STATE' })
  expect(await leave(left.id)).toMatchObject({ state: 'packed', parcels: 1 })
  const handed = await owner.call('console.handOverParcels', { params, body: { parcelIds: [mine.id] } })
  expect(handed).toMatchObject({ done: 1, failed: [] })
  expect(await owner.call('console.wave', { params: at })).toMatchObject({ state: 'shipped', shipped: 1 })
})

test('ORD-04 labels name the receiver only to those who may see personal data', async () => {
  const { paid, shop, params, cup } = await story()
  const { orderId } = await paid(await app.buyer(), [[cup, 1]])
  const staff = await app.staffWith(shop, ['orders.read', 'orders.ship'])
  const print = (kind: 'slip' | 'label') => staff.call('console.print', { params, body: { kind, orderIds: [orderId] } })
  await expect(print('label')).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect((await print('slip')).parcels).toHaveLength(1)
  const sheet = await staff.ask(`/api/console/shops/${params.shopId}/ship-sheet?format=csv`)
  expect(sheet.text).not.toContain('13812345678')
})
