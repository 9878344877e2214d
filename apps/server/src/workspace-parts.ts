import type { BuyerRow, MerchantOrderRow, ProductRow, SettingView, StockRow } from '@zhanggui/contract'
import type { Clock } from './kernel/clock.ts'
import type { Db, Tx } from './kernel/db.ts'
import type { ListCall, ListReader } from './kernel/http/lists.ts'
import type { SettingView as SettingInForce, Settings } from './kernel/settings.ts'
import type { Todo } from './kernel/todo.ts'
import type { Catalog } from './modules/catalog/index.ts'
import type { Identity } from './modules/identity/index.ts'
import type { Orders } from './modules/orders/index.ts'
import type { Parties } from './modules/parties/index.ts'
import type { Stock } from './modules/stock/index.ts'
import type { Hit, PersonalColumns, SearchSource, SetupStep, WorkspaceDeps } from './modules/workspace/index.ts'

interface Parts {
  db: Db
  clock: Clock
  settings: Settings
  parties: Parties
  identity: Identity
  catalog: Catalog
  stock: Stock
  orders: Orders
  /** Whether somebody is a buyer of the shop. */
  isBuyer(tx: Tx, shopId: string, buyerId: string): Promise<boolean>
  /** Whether money can come in: WeChat Pay or the simulator is configured. */
  takesMoney: boolean
  /** The console's lists. */
  lists: ListReader
  /** Whether the shop has published a text of its own that buyers agree to. */
  hasOwnLegalText: SetupStep['done']
  /** Whether the shop shows a home page of its own design. */
  hasDesignedHome: SetupStep['done']
  /** What other modules count. */
  todos: readonly Todo[]
}

/** What the modules give to the workspace: what can be searched, counted, set up, exported in clear, written about. */
export function workspaceParts(parts: Parts): WorkspaceDeps {
  const { db, clock, settings, parties, identity, catalog, orders } = parts
  return {
    db,
    clock,
    settings,
    lists: parts.lists,
    timeZoneOf: async (tx, shopId) => (await parties.requireShop(tx, shopId)).timeZone,
    todos: [...ownTodos(parts), ...parts.todos],
    search: searchSources(),
    setup: setupSteps(parts),
    personal: { 'console.orders': receiversInClear(orders), 'console.buyers': phonesInClear(db, identity) },
    notes: {
      order: { read: 'orders.read', write: 'orders.write', exists: orders.orderExists },
      product: { read: 'catalog.read', write: 'catalog.write', exists: catalog.productExists },
      buyer: { read: 'customers.read', write: 'customers.write', exists: parts.isBuyer },
    },
    colleagues: identity.colleagues,
  }
}

function ownTodos({ orders, stock, catalog }: Parts): Todo[] {
  type Open = Awaited<ReturnType<typeof orders.countOpen>>
  const open =
    (state: keyof Open): Todo['count'] =>
    async (tx, shopId) =>
      (await orders.countOpen(tx, shopId))[state]
  return [
    {
      key: 'orders.to-ship',
      title: { zh: '待发货', en: 'To ship' },
      permission: 'orders.read',
      urgent: true,
      to: 'orders?state=awaiting-shipment&sort=placed',
      count: open('awaitingShipment'),
    },
    {
      key: 'orders.late',
      title: { zh: '超时未发', en: 'Late' },
      permission: 'orders.read',
      urgent: true,
      to: 'orders?late=true&sort=placed',
      count: orders.countLate,
    },
    {
      key: 'orders.refunding',
      title: { zh: '退款中', en: 'Refunds under way' },
      permission: 'orders.read',
      urgent: true,
      to: 'orders?state=refunding',
      count: open('refunding'),
    },
    {
      key: 'stock.sold-out',
      title: { zh: '在售已售罄', en: 'On sale, sold out' },
      permission: 'stock.read',
      urgent: true,
      to: 'stock?below=1',
      count: stock.countSoldOut,
    },
    {
      key: 'stock.low',
      title: { zh: '库存偏低', en: 'Low stock' },
      permission: 'stock.read',
      urgent: false,
      to: 'stock?low=true',
      count: stock.countLow,
    },
    {
      key: 'orders.unpaid',
      title: { zh: '待付款', en: 'To be paid' },
      permission: 'orders.read',
      urgent: false,
      to: 'orders?state=awaiting-payment',
      count: open('awaitingPayment'),
    },
    {
      key: 'catalog.drafts',
      title: { zh: '商品草稿', en: 'Draft products' },
      permission: 'catalog.read',
      urgent: false,
      to: 'products?state=draft',
      count: catalog.countDrafts,
    },
  ]
}

/** A source that asks a list with the words. */
function fromList<Row>(
  kind: string,
  route: string,
  permission: NonNullable<SearchSource['permission']>,
  hit: (row: Row) => Hit,
): SearchSource {
  return {
    kind,
    permission,
    find: async (lists: ListReader, call: ListCall, { q, limit }) =>
      (await lists.page(route, { ...call, query: { q } }, undefined, limit)).items.map((row) => hit(row as Row)),
  }
}

const yuan = (fen: number): string => `¥${(fen / 100).toFixed(2)}`

function searchSources(): SearchSource[] {
  return [
    fromList<MerchantOrderRow>('orders', 'console.orders', 'orders.read', (row) => ({
      id: row.id,
      title: row.orderNo,
      subtitle: `${yuan(row.totalFen)} · ${row.receiver} ${row.receiverPhone} · ${row.lines[0]?.title ?? ''}`,
      to: `orders/${row.id}`,
      pictureUrl: row.lines[0]?.picture?.url ?? null,
    })),
    fromList<ProductRow>('products', 'console.products', 'catalog.read', (row) => ({
      id: row.id,
      title: row.title,
      subtitle: `${yuan(row.minPriceFen)} · ${row.categoryName ?? ''}`,
      to: `products/${row.id}`,
      pictureUrl: row.picture?.url ?? null,
    })),
    fromList<StockRow>('skus', 'console.stock', 'stock.read', (row) => ({
      id: row.skuId,
      title: row.skuCode,
      subtitle: `${row.title} ${row.options} · ${row.available}`,
      to: `stock?q=${encodeURIComponent(row.skuCode)}`,
      pictureUrl: null,
    })),
    fromList<BuyerRow>('buyers', 'console.buyers', 'customers.read', (row) => ({
      id: row.id,
      title: row.nickname,
      subtitle: `${row.phoneMasked ?? '未绑定手机号'} · ${row.orderCount} 单 ${yuan(row.paidFen)}`,
      to: `buyers/${row.id}`,
      pictureUrl: row.avatarUrl,
    })),
    fromList<{ id: string; name: string; account: string }>('staff', 'console.staff', 'staff.read', (row) => ({
      id: row.id,
      title: row.name,
      subtitle: row.account,
      to: `staff?q=${encodeURIComponent(row.account)}`,
      pictureUrl: null,
    })),
    {
      kind: 'settings',
      permission: 'settings.read',
      async find(lists, call, { q, language, limit }) {
        const words = q.toLowerCase()
        const { items } = await lists.page('console.settings', call, undefined, limit)
        return (items as unknown as SettingView[])
          .filter((each) =>
            [each.title, each.titleEn, each.help, each.helpEn, each.name].some((text) =>
              text.toLowerCase().includes(words),
            ),
          )
          .slice(0, limit)
          .map((each) => ({
            id: each.name,
            title: language === 'en' ? each.titleEn : each.title,
            subtitle: language === 'en' ? each.helpEn : each.help,
            to: `settings?q=${encodeURIComponent(each.title)}`,
            pictureUrl: null,
          }))
      },
    },
  ]
}

const phonesInClear = (db: Db, identity: Identity): PersonalColumns => ({
  columns: [{ field: 'clearPhone', zh: '手机号（完整）', en: 'Phone (in full)' }],
  // Phones belong to people, not to shops; the list has named only the shop's own buyers.
  read: (_tx, _shopId, buyerIds) =>
    db.read('system', async (tx) => {
      const clear = await identity.phonesInClear(tx, buyerIds)
      return new Map([...clear].map(([id, clearPhone]) => [id, { clearPhone }]))
    }),
})

const isOwnChoice =
  (names: RegExp) =>
  ({ setting, source }: SettingInForce): boolean =>
    source === 'shop' && names.test(setting.name)

function setupSteps(parts: Parts): SetupStep[] {
  const { settings, identity, catalog, stock, orders, takesMoney } = parts
  return [
    {
      key: 'product',
      to: 'products/new',
      done: async (tx, shopId) => (await catalog.goodsMilestones(tx, shopId)).hasProducts,
    },
    { key: 'stock', to: 'stock', done: stock.hasMoved },
    {
      key: 'onSale',
      to: 'products?state=draft',
      done: async (tx, shopId) => (await catalog.goodsMilestones(tx, shopId)).hasOnSale,
    },
    {
      key: 'freight',
      to: 'freight',
      done: async (tx, shopId) => (await orders.salesMilestones(tx, shopId)).freightSet,
    },
    {
      key: 'delivery',
      to: 'delivery',
      done: async (tx, shopId) => (await settings.list(tx, { shopId })).some(isOwnChoice(/^delivery\./)),
    },
    { key: 'legal', to: 'legal', done: parts.hasOwnLegalText },
    {
      key: 'logo',
      to: 'look',
      done: async (tx, shopId) => (await settings.list(tx, { shopId })).some(isOwnChoice(/^shop\.logo$/)),
    },
    { key: 'page', to: 'pages', done: parts.hasDesignedHome },
    {
      key: 'settings',
      to: 'settings',
      done: async (tx, shopId) => (await settings.list(tx, { shopId })).some((each) => each.source === 'shop'),
    },
    { key: 'pay', to: 'settings?q=支付', done: async () => takesMoney },
    { key: 'staff', to: 'staff', done: async (tx, shopId) => (await identity.countMembers(tx, shopId)) > 1 },
    { key: 'order', to: 'orders', done: async (tx, shopId) => (await orders.salesMilestones(tx, shopId)).hasOrders },
    {
      key: 'shipped',
      to: 'orders?state=awaiting-shipment',
      done: async (tx, shopId) => (await orders.salesMilestones(tx, shopId)).hasShipped,
    },
  ]
}

const receiversInClear = (orders: Orders): PersonalColumns => ({
  columns: [
    { field: 'clearName', zh: '收货人（完整）', en: 'Receiver (in full)' },
    { field: 'clearPhone', zh: '手机号（完整）', en: 'Phone (in full)' },
    { field: 'clearAddress', zh: '详细地址', en: 'Full address' },
  ],
  async read(tx, shopId, orderIds) {
    const addresses = await orders.addressesInClear(tx, shopId, orderIds)
    return new Map(
      [...addresses].map(([id, { name, phone, province, city, district, street, detail }]) => [
        id,
        { clearName: name, clearPhone: phone, clearAddress: [province, city, district, street, detail].join('') },
      ]),
    )
  },
})
