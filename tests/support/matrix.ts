import { newId } from '../../apps/server/src/kernel/ids.ts'
import {
  type Access,
  ROUTES,
  type RouteId,
  type RouteSpec,
  SHOP_PERMISSIONS,
} from '../../packages/contract/src/index.ts'
import { accountBodies, leaveAccountTraces } from './accounts.ts'
import { ADDRESS, PASSWORD, type TestApp, type TestBuyer, type TestShop } from './app.ts'
import { fulfilmentBodies, fulfilmentObjects } from './fulfilment.ts'
import { newKey, type Reply, type Visitor } from './http.ts'
import { leaveMoneyTraces, personalCodeBodies, reconciliationBodies } from './money-traces.ts'
import { pageBodies, pageObjects } from './pages.ts'
import { passkeyBodies } from './passkeys.ts'
import { leaveReviewTraces, reviewBodies } from './reviews.ts'
import { leaveSharingTraces, sharingBodies } from './sharing.ts'

/** Everybody who may stand before a route. */
export const PERSONAS = [
  'anonymous',
  'buyer',
  'other buyer',
  'staff of another shop',
  'staff without the permission',
  'staff with the permission',
  'platform staff',
] as const
export type Persona = (typeof PERSONAS)[number]

export type Verdict = 'allowed' | 'SIGN_IN_REQUIRED' | 'FORBIDDEN' | 'NOT_FOUND' | 'UNSIGNED'

/** Ids that appear in addresses, of real objects of the shop and the buyer under test. */
export type Ids = Record<string, string>

/** Parameters that name something of the signed-in buyer's own. */
const BUYERS_OWN = ['orderId', 'addressId']
const STAFF: readonly Persona[] = [
  'staff of another shop',
  'staff without the permission',
  'staff with the permission',
  'platform staff',
]

/** What the contract says of a persona at a route. */
export function expected(route: RouteSpec, persona: Persona): Verdict {
  const { access } = route
  switch (access.audience) {
    case 'public':
    case 'guest':
      return 'allowed'
    case 'wechat':
      return 'UNSIGNED'
    case 'buyer':
      if (persona === 'buyer') return 'allowed'
      if (persona !== 'other buyer') return 'SIGN_IN_REQUIRED'
      return namesBuyersOwn(route) ? 'NOT_FOUND' : 'allowed'
    case 'staff-self':
      return STAFF.includes(persona) ? 'allowed' : 'SIGN_IN_REQUIRED'
    case 'staff':
      if (!STAFF.includes(persona)) return 'SIGN_IN_REQUIRED'
      return persona === 'staff with the permission' ? 'allowed' : 'FORBIDDEN'
    case 'member':
      if (!STAFF.includes(persona)) return 'SIGN_IN_REQUIRED'
      return persona.startsWith('staff with') ? 'allowed' : 'FORBIDDEN'
    case 'platform':
      if (!STAFF.includes(persona)) return 'SIGN_IN_REQUIRED'
      return persona === 'platform staff' ? 'allowed' : 'FORBIDDEN'
  }
}

const namesBuyersOwn = (route: RouteSpec) =>
  route.access.audience === 'buyer' && BUYERS_OWN.some((name) => route.path.includes(`:${name}`))

/** What an answer says about access: everything that is not a refusal of the caller counts as allowed. */
export function verdictOf(route: RouteSpec, reply: Reply): Verdict {
  const code = (reply.json as { error?: { code?: string } } | undefined)?.error?.code
  if (route.access.audience === 'wechat') return reply.status === 401 ? 'UNSIGNED' : 'allowed'
  if (reply.status === 401 && code === 'SIGN_IN_REQUIRED') return code
  if (reply.status === 403 && code === 'FORBIDDEN') return code
  if (namesBuyersOwn(route) && reply.status === 404 && code === 'NOT_FOUND') return code
  return 'allowed'
}

const VIEW_STATE = { filters: {}, look: { order: [], shown: {}, dense: false } }

/** Bodies that pass each route's schema, so that a refusal is never for what is in them. */
export function bodies(ids: Ids): Partial<Record<RouteId, unknown>> {
  const lines = [{ skuId: ids.skuId, quantity: 1 }]
  const address = { ...ADDRESS, isDefault: false }
  const role = { name: `r-${newId().slice(-12)}`, permissions: ['catalog.read'] }
  const product = { title: '改过的标题', skus: [{ code: `m-${newId()}`, priceFen: 100 }] }
  const freight = {
    name: `f-${newId()}`,
    basis: 'piece',
    rules: [{ provinces: [], firstUnits: 1, firstFen: 0, moreUnits: 1, moreFen: 0 }],
  }
  const bulk = { target: { productIds: [ids.productId] }, change: { field: 'tags', add: ['新'] } }
  const priceRule = {
    ...{ kind: 'channel', label: '渠道价', method: 'minus', value: 1, channels: ['live'] },
    items: [{ productId: ids.productId }],
  }
  const point = { name: '门店自提', province: '广东省', city: '深圳市', address: '科苑路 1 号', phone: '0755-88888888' }
  const zone = { name: '全城', districts: ['南山区'], feeFen: 0 }
  const warehouse = { code: newId().slice(-12), name: '仓', kind: 'front', active: true }
  const imported = {
    mapping: {},
    options: { publish: false, defaultPriceFen: null, defaultStock: null, warehouseId: null },
  }
  return {
    ...fulfilmentBodies(ids),
    ...reviewBodies(),
    'auth.miniSignIn': { code: 'nonsense' },
    'auth.staffSignIn': { account: 'nobody', password: 'nothing' },
    'staff.changePassword': { current: 'not the password', next: 'another password' },
    'staff.totpConfirm': { code: '000000' },
    ...passkeyBodies(),
    'console.decideApproval': { decision: 'approve' },
    ...accountBodies(),
    ...sharingBodies(ids),
    ...reconciliationBodies(),
    ...personalCodeBodies(),
    'buyer.updateProfile': { nickname: '改名' },
    'buyer.requestDeletion': {},
    'buyer.agreeToAll': { items: [{ kind: 'privacy', version: 99 }] },
    'buyer.bindPhone': { code: 'nonsense' },
    'buyer.answerNotices': { answers: [{ templateId: 'none', answer: 'accept' }] },
    'buyer.createAddress': address,
    'buyer.updateAddress': address,
    'console.createStaff': { account: `m-${newId()}`, name: '新人', password: PASSWORD, roleIds: [ids.roleId] },
    'console.updateStaff': { name: '改名' },
    'console.createRole': role,
    'console.updateRole': { ...role, version: 1 },
    'platform.createShop': {
      name: '店',
      slug: `m-${newId().slice(-12)}`,
      owner: { account: `m-${newId()}`, name: '主', password: PASSWORD },
    },
    'console.createProduct': product,
    'console.updateProduct': { ...product, version: 1 },
    'console.publishProducts': { productIds: [ids.productId], onSale: false },
    'console.createMemberLevel': { name: `l-${newId().slice(-12)}`, rank: 9 },
    'console.updateMemberLevel': { name: `l-${newId().slice(-12)}`, rank: 8, version: 1 },
    'console.setMemberLevel': { levelId: null },
    'console.previewPriceRule': priceRule,
    'console.readPriceSheet': { text: 'D001-1\t59' },
    'console.createPriceRule': priceRule,
    'console.updatePriceRule': { ...priceRule, version: 1 },
    'console.switchPriceRule': { active: true, version: 1 },
    'console.setPriceDisplay': { display: 'shop' },
    'console.testPrice': {},
    ...pageBodies(),
    ...pageBodies(),
    'console.deleteProducts': { productIds: [newId()] },
    'console.restoreProducts': { productIds: [newId()] },
    'console.purgeProducts': { productIds: [newId()] },
    'console.restoreProductVersion': { restore: 1, version: 1 },
    'console.previewBulkEdit': bulk,
    'console.startBulkEdit': bulk,
    'console.setRelatedProducts': { kind: 'related', productIds: [] },
    'console.saveSearchSettings': { synonyms: [['充电宝', '移动电源']], pinned: [], blocked: [] },
    'console.createTagDimension': { name: newId().slice(-12), values: [] },
    'console.updateTagDimension': { name: newId().slice(-12), values: [] },
    'console.assignRole': { productIds: [ids.productId], role: 'traffic' },
    'console.proposeTitles': {},
    'console.setTaxRate': { fromDay: '2026-01-01', rateBp: 300 },
    'console.createCategory': { name: `c-${newId().slice(-12)}` },
    'console.updateCategory': { name: `c-${newId().slice(-12)}` },
    'console.previewImport': imported,
    'console.runImport': imported,
    'console.createWarehouse': warehouse,
    'console.updateWarehouse': warehouse,
    'console.adjustStock': {
      warehouseId: ids.warehouseId,
      reason: 'correction',
      lines: [{ skuId: ids.skuId, quantity: 1 }],
    },
    'console.transferStock': { fromWarehouseId: ids.warehouseId, toWarehouseId: ids.otherWarehouseId, lines },
    'cart.add': { shopId: ids.shopId, skuId: ids.skuId, quantity: 1 },
    'cart.update': { quantity: 2 },
    'cart.remove': { skuIds: [ids.skuId] },
    'store.quote': { lines },
    'store.share': { page: 'home' },
    'orders.place': { lines, address: ADDRESS, expectedTotalFen: 1 },
    'orders.cancel': { reason: '不要了' },
    'orders.requestRefund': { reason: '不要了' },
    'payments.start': { method: 'native' },
    'payments.startTogether': {
      method: 'native',
      orders: [
        { shopId: ids.shopId, orderId: ids.orderId },
        { shopId: ids.shopId, orderId: newId() },
      ],
    },
    'console.noteOrder': { note: '别人写的' },
    'console.cancelOrder': { reason: '别人取消' },
    'console.shipOrder': { carrierCode: 'SF', trackingNo: 'SF0000000000' },
    'console.refundOrder': { reason: '别人退款' },
    'console.createFreightTemplate': freight,
    'console.updateFreightTemplate': { ...freight, version: 1 },
    'events.send': {
      shopId: ids.shopId,
      deviceId: newId(),
      sessionId: newId(),
      platform: 'h5',
      sentAt: 0,
      events: [{}],
    },
    'store.deliveryOptions': { lines },
    'console.createPickUpPoint': { ...point, name: `p-${newId()}` },
    'console.updatePickUpPoint': { ...point, version: 1 },
    'console.saveSameCity': { province: '广东省', city: '深圳市', zones: [zone], version: 0 },
    'console.dispatchOrder': { riderName: '骑手', riderPhone: '13800000000' },
    'orders.answerException': { exceptionId: newId(), choice: 'wait' },
    'orders.changeAddress': { address: ADDRESS },
    'console.reportShortage': { skuId: ids.skuId, quantity: 1 },
    'console.holdOrder': { reason: '核实地址' },
    'console.takeExceptions': { exceptionIds: [ids.exceptionId] },
    'console.resolveExceptions': { exceptionIds: [ids.exceptionId], resolution: '已处理' },
    'console.decideAddressChange': { accept: true },
    'aftersale.quote': { type: 'refund', reasonCode: 'not-wanted', lines: [{ line: 0, quantity: 1 }] },
    'aftersale.apply': { type: 'refund', reasonCode: 'not-wanted', lines: [{ line: 0, quantity: 1 }] },
    'aftersale.sendBack': { carrierCode: 'SF', trackingNo: 'SF0000000000' },
    'aftersale.dispute': { text: '请平台看看' },
    'aftersale.message': { text: '在吗' },
    'console.saveAftersaleReasons': {
      version: 0,
      reasons: [{ code: 'other', label: '其他', fault: 'buyer', quality: false, types: ['refund'], evidence: false }],
    },
    'console.saveReturnAddresses': { version: 0, addresses: [] },
    'console.approveAftersales': { caseIds: [ids.caseId] },
    'console.rejectAftersale': { reason: '不符合条件' },
    'console.quoteRefundUnits': { lines: [{ line: 0, quantity: 1 }], reasonCode: 'price' },
    'console.refundUnits': { lines: [{ line: 0, quantity: 1 }], reasonCode: 'price' },
    'console.countReturned': { warehouseId: ids.warehouseId, lines: [] },
    'console.inspectAftersale': { warehouseId: ids.warehouseId, lines: [] },
    'console.resendAftersale': { carrierCode: 'SF', trackingNo: 'SF0000000000' },
    'console.messageAftersale': { text: '请补充照片' },
    'platform.ruleAftersale': { outcome: 'reject', reason: '证据不足' },
    'console.findPickUp': { code: '00000000' },
    'console.handOver': { code: '00000000' },
    'console.createView': { list: 'orders', name: newId().slice(-12), state: VIEW_STATE },
    'console.updateView': { name: newId().slice(-12), shared: false, state: VIEW_STATE, version: 1 },
    'console.setDefaultView': { list: 'orders', viewId: null },
    'console.startExport': { route: 'console.products', title: '商品', format: 'csv' },
    'console.setOnboarding': { dismissed: false },
    'console.addNote': { entity: 'order', entityId: ids.orderId, text: '备注' },
    'console.setPayoutAccount': { buyerId: ids.buyerId, realName: '欧阳小明', version: 0 },
    'console.withdraw': { amountFen: 1 },
    'console.moveDeposit': { kind: 'paid-in', amountFen: 1 },
    'platform.openFreeze': { what: { kind: 'amount', amountFen: 1 }, caseKind: 'routine', reason: '核查' },
    'platform.prolongFreeze': { reason: '还在核查', version: 1 },
    'platform.releaseFreeze': { reason: '核查完毕', version: 1 },
    'platform.deductDeposit': { amountFen: 1, reason: '赔付买家' },
    'buyer.withdrawShare': { amountFen: 1 },
    'platform.setMerchantLevel': { level: 'new', note: '', version: 0 },
    'console.setSetting': { value: 60, version: 0 },
    'platform.setSetting': { value: 60, version: 0 },
  }
}

/** One request of a persona: with real ids; with a body that fits, or with one that no schema lets through. */
export function knock(visitor: Visitor, id: RouteId, ids: Ids, body: unknown): Promise<Reply> {
  const route: RouteSpec = ROUTES[id]
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    if (ids[name] === undefined) throw new Error(`The matrix has no ${name} for ${id}`)
    return ids[name]
  })
  return visitor.ask(path, {
    method: route.method,
    headers: { 'idempotency-key': newKey() },
    ...(route.method === 'GET' || body === undefined ? {} : { body }),
  })
}

export interface Cast {
  ids: Ids
  /** The shop under test. */
  shop: TestShop
  other: TestShop
  buyer: TestBuyer
  play(persona: Persona, access: Access): Promise<Visitor>
  /** Sign-outs end sessions: the next play of everybody signs in anew. */
  forget(): void
}

/** Two shops with staff for every permission, buyers, and one of everything that has an address. */
export async function castFor(app: TestApp): Promise<Cast> {
  const [shop, other] = [await app.openTestShop('甲店'), await app.openTestShop('乙店')]
  const buyer = await app.buyer()
  const ids = await realObjects(app, shop, buyer)
  const cache = new Map<string, Promise<Visitor>>()
  const once = (key: string, make: () => Promise<Visitor>) => {
    if (!cache.has(key)) cache.set(key, make())
    return cache.get(key)!
  }
  return {
    ids,
    shop,
    other,
    buyer,
    forget: () => cache.clear(),
    play(persona, access) {
      const permission = 'permission' in access ? access.permission : 'catalog.read'
      switch (persona) {
        case 'anonymous':
          return Promise.resolve(app.visitor())
        case 'buyer':
          return Promise.resolve(buyer)
        case 'other buyer':
          return once(persona, () => app.buyer())
        case 'staff of another shop':
          return once(persona, () => app.signIn(other.ownerAccount))
        case 'platform staff':
          return once(persona, () => app.platformStaff())
        case 'staff with the permission':
          // Nobody at a shop holds what is the platform's; its owner holds all there is.
          return permission.startsWith('platform.')
            ? once('owner', () => app.signIn(shop.ownerAccount))
            : once(`with ${permission}`, () => app.staffWith(shop, [permission]))
        case 'staff without the permission':
          return once(`without ${permission}`, () =>
            app.staffWith(
              shop,
              SHOP_PERMISSIONS.filter((each) => each !== permission),
            ),
          )
      }
    },
  }
}

async function realObjects(app: TestApp, shop: TestShop, buyer: TestBuyer): Promise<Ids> {
  const params = { shopId: shop.shopId }
  const { owner } = shop
  const { productId, skuIds } = await app.product(shop)
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  const address = await buyer.call('buyer.createAddress', { body: ADDRESS })
  const [warehouse, otherWarehouse] = (await owner.call('console.warehouses', { params })).items
  const [category] = (await owner.call('console.categories', { params })).items
  const [template] = (await owner.call('console.freightTemplates', { params })).items
  const level = await owner.call('console.createMemberLevel', { params, body: { name: '金卡', rank: 1 } })
  const bulk = await owner.call('console.startBulkEdit', {
    params,
    idempotencyKey: newKey(),
    body: { target: { productIds: [productId] }, change: { field: 'tags', add: ['甲'] } },
  })
  const rule = await owner.call('console.createPriceRule', {
    params,
    body: { kind: 'channel', label: '直播价', method: 'minus', value: 1, channels: ['live'], items: [{ productId }] },
  })
  // Nobody touches a colleague who may do more than they: these hold what whoever manages staff holds.
  const { staffId } = await app.staffWith(shop, ['staff.write'])
  const role = (await owner.call('console.roles', { params })).items.find((each) => !each.builtIn)!
  const { id: pointId } = await owner.call('console.createPickUpPoint', {
    params,
    body: { name: '自提点', province: '广东省', city: '深圳市', address: '科苑路 1 号', phone: '0755-88888888' },
  })
  const view = await owner.call('console.createView', {
    params,
    body: { list: 'orders', name: '今天', state: VIEW_STATE },
  })
  const fulfilment = await fulfilmentObjects(app, shop, buyer, skuIds[0]!)
  const money = await leaveMoneyTraces(app, shop, buyer.buyerId, order)
  const dimension = await owner.call('console.createTagDimension', {
    params,
    body: { name: `维度${newId().slice(-8)}`, values: [] },
  })
  const file = new Blob(['商品标题,售价\n茶,10\n'])
  const exported = await owner.call('console.startExport', {
    params,
    body: { route: 'console.products', title: '商品', format: 'csv' },
  })
  const { id: importId } = await owner.call('console.startImport', { params, file, fileName: 'goods.csv' })
  return {
    ...params,
    ...fulfilment,
    ...money,
    ...(await pageObjects(shop)),
    shop: shop.slug,
    productId,
    skuId: skuIds[0]!,
    orderId: order.orderId,
    addressId: address.id,
    pointId,
    shipmentId: newId(),
    exceptionId: newId(),
    caseId: newId(),
    passkeyId: newId(),
    ...(await leaveAccountTraces(shop, buyer)),
    ...(await leaveSharingTraces(shop)),
    warehouseId: warehouse!.id,
    otherWarehouseId: otherWarehouse!.id,
    categoryId: category!.id,
    templateId: template!.id,
    bulkEditId: bulk.id,
    levelId: level.id,
    ruleId: rule.id,
    buyerId: buyer.buyerId,
    copyId: newId(),
    staffId,
    roleId: role.id,
    dimensionId: dimension.id,
    importId,
    viewId: view.id,
    exportId: exported.id,
    reviewId: await leaveReviewTraces(app, shop, buyer),
    name: 'orders.unpaid-timeout-minutes',
    taxRateId: newId(),
    slug: 'home',
    code: 'AAAAAAAAAA',
    kind: 'licence',
  }
}
