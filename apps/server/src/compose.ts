import { aftersaleTodos } from './aftersale-todos.ts'
import type { Engines } from './engines.ts'
import { connectExpress } from './express.ts'
import { invoiceTodos } from './invoice-todos.ts'
import type { BuyerPart } from './kernel/buyer-part.ts'
import type { Config } from './kernel/config.ts'
import { createListReader } from './kernel/http/lists.ts'
import type { Handlers } from './kernel/http/mount.ts'
import { forgetKeys, idempotencyKeepDays } from './kernel/idempotency.ts'
import type { Logger } from './kernel/log.ts'
import type { Subscriber } from './kernel/outbox-relay.ts'
import { deleteOldEvents, outboxRetentionDays } from './kernel/outbox-retention.ts'
import { createAccounts } from './modules/accounts/index.ts'
import { createAftersale } from './modules/aftersale/index.ts'
import { createAnalytics, forgetBuyerEvents, productViews } from './modules/analytics/index.ts'
import { createApprovals } from './modules/approvals/index.ts'
import { createAssortment } from './modules/assortment/index.ts'
import { createBooks } from './modules/books/index.ts'
import { createCatalog } from './modules/catalog/index.ts'
import { createCustomers } from './modules/customers/index.ts'
import { createDelivery } from './modules/delivery/index.ts'
import { createExceptions } from './modules/exceptions/index.ts'
import { createFulfilment, createRouting, orderColumns, orderConditions } from './modules/fulfilment/index.ts'
import { createGovernance } from './modules/governance/index.ts'
import { createIdentity } from './modules/identity/index.ts'
import { createInvoices } from './modules/invoices/index.ts'
import { createMembers } from './modules/members/index.ts'
import { createNotifications } from './modules/notifications/index.ts'
import { createOrders } from './modules/orders/index.ts'
import { createPages } from './modules/pages/index.ts'
import { createContracts, createParties } from './modules/parties/index.ts'
import { createPayments, paymentsBuyerPart } from './modules/payments/index.ts'
import { createPersonalCode } from './modules/personal-code/index.ts'
import { createPrices } from './modules/prices/index.ts'
import { createRecommendation } from './modules/recommendation/index.ts'
import { createReconciliation } from './modules/reconciliation/index.ts'
import { createReviews } from './modules/reviews/index.ts'
import { createSearch, synonymsOf } from './modules/search/index.ts'
import { createSettlement } from './modules/settlement/index.ts'
import { createSharing } from './modules/sharing/index.ts'
import { createStock } from './modules/stock/index.ts'
import { createStorefront, qrSvg } from './modules/storefront/index.ts'
import { createWorkspace, workspaceBuyerPart } from './modules/workspace/index.ts'
import { ensurePlatformStaff, type OpenShopInput, openShop } from './open-shop.ts'
import { personalCodeTodos } from './personal-code-todos.ts'
import { reviewTodos } from './review-todos.ts'
import { consolePreviews, createPreviews } from './staff-previews.ts'
import { turnover } from './turnover.ts'
import { connectWechat } from './wechat.ts'
import { workspaceParts } from './workspace-parts.ts'

/** Sweepers look this often by schedule; work that is known of wakes them at once. */
const SWEEP_SECONDS = 5
const HOUR_SECONDS = 3600

export type Modules = ReturnType<typeof composeModules>

/**
 * Every module, wired by hand. The order of the lines is the order of dependence; where a module needs something of
 * one below it in this file, it is given a function that finds it later.
 */
export function composeModules(config: Config, engines: Engines, log: Logger) {
  const { db, clock, settings, vault, files, jobs, eventStore } = engines
  const wechat = connectWechat(config, () => clock.millis())

  const parties = createParties({ clock })
  const identity = createIdentity({
    db,
    clock,
    settings,
    vault,
    files,
    parties,
    publicUrl: config.publicUrl,
    secureCookies: config.publicUrl.startsWith('https:'),
    wechat: wechat.identity,
    categoriesBelow: (tx, shopId, ids) => catalog.categoriesBelow(tx, shopId, ids),
    scopeChoices: async (tx, shopId) => ({
      warehouses: [...(await stock.warehouseNames(tx, shopId))].map(([id, name]) => ({ id, name })),
      pickUpPoints: await delivery.pointNames(tx, shopId),
      channelAccounts: await accounts.accountNames(tx, shopId),
      categories: [...(await catalog.categories(tx, shopId)).values()],
    }),
    previewLists: createPreviews({
      db,
      lists: () => lists,
      previews: () => consolePreviews({ orders, fulfilment, catalog, stock, reviews }),
    }),
    openShop: (input) => openShopHere(input),
    onGuestSignedIn: async (tx, { guestId, buyerId }) => {
      await orders.mergeCart(tx, { guestId, buyerId })
      await accounts.moveVisitor(tx, { fromId: guestId, buyerId })
    },
    onSignedIn: (tx, buyerId) => customers.signedIn(tx, buyerId),
    onRenamed: (tx, buyer) => customers.renamed(tx, buyer),
    onBuyersMerged: async (tx, move) => {
      await orders.mergeBuyers(tx, move)
      await payments.mergeBuyers(tx, move)
      await personalCode.mergeBuyers(tx, move)
      await invoices.mergeBuyers(tx, move)
      await settlement.mergeBuyers(tx, move)
      await storefront.mergeBuyers(tx, move)
      await members.mergeBuyers(tx, move)
      await delivery.mergeBuyers(tx, move)
      await notifications.mergeBuyers(tx, move)
      await exceptions.mergeBuyers(tx, move)
      await aftersale.mergeBuyers(tx, move)
      await reviews.mergeBuyers(tx, move)
      await recommendation.mergeBuyers(tx, move)
      await workspace.mergeBuyers(tx, move)
      await customers.mergeBuyers(tx, move)
      await accounts.moveVisitor(tx, { fromId: move.fromBuyerId, buyerId: move.buyerId })
      tx.afterCommit(() => identity.authenticator.forgetBuyer(move.fromBuyerId))
    },
  })
  const stock = createStock({ db, clock, settings })
  const accounts = createAccounts({
    ...{ db, clock, settings, vault },
    publicUrl: config.publicUrl,
    shopOf: (tx, shopId) => parties.requireShop(tx, shopId),
    qrSvg,
    probe: wechat.probe,
    ordersByAccount: (tx, shopId, period) => orders.ordersByAccount(tx, shopId, period),
  })
  const members = createMembers({
    db,
    clock,
    nicknames: identity.nicknames,
    findBuyers: (tx, shopId, q) => orders.findBuyers(tx, shopId, q),
    isBuyerOf: (tx, shopId, buyerId) => orders.isBuyerOf(tx, shopId, buyerId),
    rulesOfLevel: (tx, shopId, levelId) => prices.rulesOfLevel(tx, shopId, levelId),
  })
  const prices = createPrices({
    db,
    clock,
    settings,
    members,
    goodsOf: (tx, shopId, productIds) => catalog.goodsOf(tx, shopId, productIds),
    goodsByCodes: (tx, shopId, codes) => catalog.goodsByCodes(tx, shopId, codes),
  })
  const catalog = createCatalog({
    db,
    clock,
    settings,
    files,
    jobs,
    stock,
    prices,
    synonyms: synonymsOf,
    topQueries: (tx, shopId, wish) => search.topQueries(tx, shopId, wish),
    moments: { stock: stock.moments, price: prices.moments },
    ratings: (tx, shopId, productIds) => reviews.ratings(tx, shopId, productIds),
    usualProvince: identity.usualProvince,
  })
  const routing = createRouting({ stock, catalog, levelsOf: members.levelsOf })
  const orders = createOrders({
    db,
    clock,
    settings,
    vault,
    parties,
    identity,
    catalog,
    stock,
    prices,
    files,
    routing,
    sourcesOf: accounts.sourcesOf,
    accountNames: accounts.accountNames,
    shopsOfBuyer: (tx, buyerId) => customers.shopsOf(tx, buyerId),
    productsByFreight: catalog.productsByFreight,
    paymentsOf: async (tx, shopId, orderId) =>
      (await Promise.all([payments, personalCode].map((way) => way.paymentsOf(tx, shopId, orderId)))).flat(),
    refundsOf: async (tx, shopId, orderId) =>
      (await Promise.all([payments, personalCode].map((way) => way.refundsOf(tx, shopId, orderId)))).flat(),
    shipmentReportState: (tx, shopId, shipmentIds) => payments.shipmentReportState(tx, shopId, shipmentIds),
    delivery: {
      terms: (tx, wanted) => delivery.port.terms(tx, wanted),
      withoutCourier: (tx, shopIds) => delivery.port.withoutCourier(tx, shopIds),
      freeze: (tx, placed, at) => delivery.port.freeze(tx, placed, at),
      methodsOf: (tx, shopId, orderIds) => delivery.port.methodsOf(tx, shopId, orderIds),
    },
    fulfilment: {
      conditions: orderConditions,
      columns: (tx, shopId, orderIds) => orderColumns(tx, stock, shopId, orderIds),
    },
    openCasesOf: (tx, shopId, buyerId) => aftersale.openCasesOf(tx, shopId, buyerId),
    async mayShip(tx, order) {
      await exceptions.mayShip(tx, order)
      await aftersale.mayShip(tx, order)
    },
  })
  const fulfilment = createFulfilment({ db, clock, settings, stock, catalog, orders, parties, files, routing })
  const payments = createPayments({
    db,
    clock,
    settings,
    orders,
    openidsOf: identity.openidsOf,
    wechatPay: wechat.pay,
    wechatMini: wechat.mini,
    miniAppid: config.WECHAT_MINI_APPID ?? '',
    mpAppid: config.WECHAT_MP_APPID ?? '',
    publicUrl: config.publicUrl,
    mustOpenForSplit: (shopId, orderId) => sharing.mustOpenForSplit(shopId, orderId),
    bringBack: (tx, refund) => sharing.bringBack(tx, refund),
    isByHand: (tx, shopId, paymentId) => personalCode.isByHand(tx, shopId, paymentId),
    otherNotices: async (shopId, notice) =>
      notice.kind === 'transfer' && settlement.takeTransfer(shopId, notice.transfer),
    metrics: engines.metrics,
    log,
  })
  const contracts = createContracts({
    ...{ db, clock, settings, vault },
    async missing(tx, shopId, { productIds, categoryIds, accountIds }) {
      if ((await catalog.productTitles(tx, shopId, productIds)).size < new Set(productIds).size) return '商品'
      const tree = categoryIds.length > 0 ? await catalog.categories(tx, shopId) : new Map()
      if (categoryIds.some((id) => !tree.has(id))) return '分类'
      const accounted = accountIds.length > 0 ? await accounts.accountNames(tx, shopId) : []
      if (accountIds.some((id) => !accounted.some((account) => account.id === id))) return '渠道账号'
      return undefined
    },
  })
  const settlement = createSettlement({
    ...{ db, clock, settings, vault, files, parties, contracts, log },
    ...{ openidsOf: identity.openidsOf, nicknames: identity.nicknames },
    wechatPay: wechat.pay,
    miniAppid: config.WECHAT_MINI_APPID ?? '',
    mpAppid: config.WECHAT_MP_APPID ?? '',
    publicUrl: config.publicUrl,
    isBuyerOf: (tx, shopId, buyerId) => customers.isBuyer(tx, shopId, buyerId),
    orderNos: async (tx, shopId, orderIds) =>
      new Map((await orders.ordersByIds(tx, shopId, orderIds)).map(({ id, orderNo }) => [id, orderNo])),
    refundsInFlight: payments.refundsInFlight,
  })
  const sharing = createSharing({
    ...{ db, clock, settings, orders, parties, contracts, log },
    categoriesOf: catalog.categoriesAbove,
    takenPayment: payments.takenPayment,
    async partiesOfBuyer(tx, buyerId) {
      const openids = Object.values(await identity.openidsOf(tx, buyerId)).filter((openid) => openid !== null)
      const phone = (await identity.phonesInClear(tx, [buyerId])).get(buyerId)
      return contracts.partiesOfPerson(tx, { openids, phoneHash: phone === undefined ? null : vault.phoneIndex(phone) })
    },
    wechatPay: wechat.pay,
    appid: config.WECHAT_MINI_APPID ?? config.WECHAT_MP_APPID ?? '',
  })
  const personalCode = createPersonalCode({
    ...{ db, clock, settings, files, orders },
    nicknames: identity.nicknames,
    timeZoneOf: async (tx, shopId) => (await parties.requireShop(tx, shopId)).timeZone,
    bringBack: sharing.bringBack,
  })
  const reconciliation = createReconciliation({
    ...{ db, clock, settings, parties, payments, log },
    staffName: async (shopId, staffId) => (await identity.colleagues(shopId)).find(({ id }) => id === staffId)?.name,
    wechatPay: wechat.pay,
  })
  const pages = createPages({
    db,
    clock,
    settings,
    vault,
    files,
    parties,
    catalog,
    publicUrl: config.publicUrl,
  })
  const storefront = createStorefront({
    db,
    clock,
    settings,
    files,
    parties,
    catalog,
    stock,
    publishedPage: pages.readPage,
    publicUrl: config.publicUrl,
    miniCode: wechat.mini && ((code) => wechat.mini!.miniCode(code)),
  })
  const delivery = createDelivery({
    db,
    clock,
    settings,
    vault,
    orders,
    warehouseNames: stock.warehouseNames,
    shopOf: parties.requireShop,
    express: connectExpress(config),
    publicUrl: config.publicUrl,
    log,
  })
  const notifications = createNotifications({
    db,
    clock,
    settings,
    wechatMini: wechat.mini,
    openidsOf: identity.openidsOf,
    nicknames: identity.nicknames,
    async orderOf(tx, shopId, orderId) {
      const order = await orders.findOrder(tx, { shopId, orderId })
      if (order === undefined) return undefined
      return { orderNo: order.orderNo, titles: (await orders.linesOf(tx, order)).map(({ title }) => title) }
    },
    timeZoneOf: async (tx, shopId) => (await parties.requireShop(tx, shopId)).timeZone,
    log,
  })
  const search = createSearch({
    db,
    clock,
    settings,
    catalog,
    parties,
    onError: (error) => log.warn({ err: error }, 'search queries were not counted'),
  })
  const recommendation = createRecommendation({
    ...{ db, clock, settings, catalog, ...productViews(eventStore) },
    mayPersonalise: (buyerId) => customers.mayPersonalise(buyerId),
    notPersonalised: (tx, buyerIds) => customers.notPersonalised(tx, buyerIds),
  })
  const exceptions = createExceptions({ db, clock, settings, vault, orders, catalog, stock, delivery, files })
  const aftersale = createAftersale({
    ...{ db, clock, settings, orders, catalog, stock, delivery, files },
    nicknames: identity.nicknames,
    shopsByIds: parties.shopsByIds,
    isByHand: personalCode.isByHand,
    // Coupons, points, gifts and campaigns plug their own in here.
    reversals: [],
  })
  const customers = createCustomers({
    ...{ db, clock, settings, vault, jobs, catalog, parties, identity, orders },
    levelsOf: members.levelsOf,
    withLevel: members.withLevel,
    parts: () => buyerParts,
    forgetTaste: recommendation.forgetBuyer,
    forgetEvents: (buyerId) => forgetBuyerEvents(eventStore, buyerId),
  })
  const reviews = createReviews({
    ...{ db, clock, settings, files, orders },
    nicknames: identity.nicknames,
    isShop: async (tx, shopId) => (await parties.findShop(tx, shopId)) !== undefined,
  })
  const analytics = createAnalytics({
    db,
    clock,
    store: eventStore,
    mayPersonalise: customers.mayPersonalise,
    isShop: async (tx, shopId) => (await parties.findShop(tx, shopId)) !== undefined,
    timeZoneOf: async (tx, shopId) => (await parties.requireShop(tx, shopId)).timeZone,
    ...turnover(payments, personalCode),
    recentSteps: orders.recentSteps,
    recentOrders: (tx, shopId, limit) => orders.recentOrders(tx, shopId, limit),
    recentReviews: (tx, shopId, limit) => reviews.recentReviews(tx, shopId, limit),
    productTitles: catalog.productTitles,
  })
  const assortment = createAssortment({ db, settings, parties, catalog, orders, stock })
  const books = createBooks({ db, clock, parties, catalog, accountNames: accounts.accountNames })
  const invoices = createInvoices({
    ...{ db, clock, settings, files, orders },
    nicknames: identity.nicknames,
    timeZoneOf: async (tx, shopId) => (await parties.requireShop(tx, shopId)).timeZone,
    taxRatesOf: catalog.taxRatesOf,
    givenBack: aftersale.givenBack,
  })
  const governance = createGovernance({ db, clock, settings })
  const approvals = createApprovals({ db, clock, settings, hasAnother: identity.hasAnother })
  const lists = createListReader((id) => handlers.find((each) => Object.hasOwn(each, id))?.[id])
  const workspace = createWorkspace(
    workspaceParts({
      ...{ db, clock, settings, parties, identity, catalog, stock, orders },
      isBuyer: customers.isBuyer,
      takesMoney: wechat.pay !== undefined,
      lists,
      hasOwnLegalText: customers.hasOwnLegalText,
      hasDesignedHome: async (tx, shopId) => (await pages.readPage(tx, shopId, 'home')) !== undefined,
      // Every module that has something waiting adds its own here.
      todos: [
        {
          key: 'exceptions.open',
          title: { zh: '异常待处理', en: 'Exceptions' },
          permission: 'orders.read',
          urgent: true,
          to: 'exceptions',
          count: async (tx, shopId) => (await exceptions.countOpen(tx, shopId)).open,
        },
        {
          key: 'settlement.frozen',
          title: { zh: '资金被冻结', en: 'Money is frozen' },
          permission: 'money.read',
          urgent: true,
          to: 'freezes?state=active',
          count: (tx, shopId) => settlement.countActiveFreezes(tx, shopId),
        },
        {
          key: 'approvals.pending',
          title: { zh: '待审批的操作', en: 'Operations to agree to' },
          permission: null,
          urgent: true,
          to: 'approvals?state=pending',
          count: approvals.countPending,
        },
        ...personalCodeTodos(personalCode),
        ...invoiceTodos(invoices),
        ...reviewTodos(reviews),
        ...aftersaleTodos(aftersale),
      ],
    }),
  )

  /** What is kept of buyers: for their pages in the console, their own copies, and their leaving. */
  const buyerParts: BuyerPart[] = [
    identity.buyerPart,
    customers.buyerPart,
    orders.buyerPart,
    paymentsBuyerPart,
    personalCode.buyerPart,
    invoices.buyerPart,
    settlement.buyerPart,
    delivery.buyerPart,
    exceptions.buyerPart,
    aftersale.buyerPart,
    reviews.buyerPart,
    notifications.buyerPart,
    storefront.buyerPart,
    members.buyerPart,
    recommendation.buyerPart,
    accounts.buyerPart,
    workspaceBuyerPart(orders.orderKeysOf),
  ]
  const openShopHere = (input: OpenShopInput) => openShop({ db, parties, identity, stock, orders }, input)
  const sweeps = {
    payments: payments.sweepPayments,
    refunds: payments.sweepRefunds,
    shipments: payments.reportShipments,
  }
  const sharingSweeps = {
    money: sharing.sweepMoney,
    splits: sharing.sweepSplits,
    returns: sharing.sweepReturns,
  }
  const deliverySweeps = {
    'follow-parcels': delivery.followParcels,
    'remind-buyers': delivery.remindBuyers,
    'end-keeping': delivery.endKeeping,
    exceptions: exceptions.sweep,
  }

  catalog.registerJobs()
  customers.registerJobs()
  for (const [name, sweep] of Object.entries(sweeps))
    jobs.schedule(`payments.sweep-${name}`, { everySeconds: SWEEP_SECONDS }, async () => void (await sweep()))
  for (const [name, sweep] of Object.entries(sharingSweeps))
    jobs.schedule(`sharing.sweep-${name}`, { everySeconds: SWEEP_SECONDS }, async () => void (await sweep()))
  for (const [name, sweep] of Object.entries(deliverySweeps))
    jobs.schedule(`delivery.${name}`, { everySeconds: SWEEP_SECONDS }, async () => void (await sweep()))
  jobs.schedule('aftersale.sweep', { everySeconds: SWEEP_SECONDS }, async () => void (await aftersale.sweep()))
  for (const { name, every, handler } of [
    ...orders.schedules,
    ...fulfilment.schedules,
    ...storefront.schedules,
    ...reviews.schedules,
    ...workspace.schedules,
    ...search.schedules,
    ...recommendation.schedules,
    ...customers.schedules,
    ...reconciliation.schedules,
  ])
    jobs.schedule(name, every, handler)
  jobs.schedule(
    'settlement.withdrawals',
    { everySeconds: SWEEP_SECONDS },
    async () => void (await settlement.sweepWithdrawals()),
  )
  jobs.schedule('settlement.freezes', { everySeconds: 60 }, async () => void (await settlement.sweepFreezes()))
  jobs.schedule('settlement.release', { everySeconds: SWEEP_SECONDS }, async () => void (await settlement.releaseDue()))
  jobs.schedule('settlement.statements', { everySeconds: 300 }, async () => void (await settlement.closeStatements()))
  jobs.schedule('notifications.send', { everySeconds: SWEEP_SECONDS }, async () => void (await notifications.sendDue()))
  jobs.schedule('accounts.forget-visits', { cron: '0 4 * * *' }, async () => void (await accounts.forgetVisits()))
  jobs.schedule(
    'kernel.outbox-retention',
    { cron: '20 4 * * *' },
    async () => void (await deleteOldEvents(db, clock, await settings.get(outboxRetentionDays))),
  )
  jobs.schedule(
    'kernel.idempotency-retention',
    { cron: '40 4 * * *' },
    async () => void (await forgetKeys(db, clock, await settings.get(idempotencyKeepDays))),
  )
  jobs.schedule(
    'identity.sweep-sessions',
    { everySeconds: HOUR_SECONDS },
    async () => void (await identity.sweepSessions()),
  )

  const handlers: Handlers[] = [
    identity.handlers,
    accounts.handlers,
    members.handlers,
    contracts.handlers,
    prices.handlers,
    catalog.handlers,
    assortment.handlers,
    stock.handlers,
    orders.handlers,
    fulfilment.handlers,
    payments.handlers,
    personalCode.handlers,
    sharing.handlers,
    settlement.handlers,
    reconciliation.handlers,
    books.handlers,
    invoices.handlers,
    pages.handlers,
    storefront.handlers,
    delivery.handlers,
    notifications.handlers,
    search.handlers,
    recommendation.handlers,
    exceptions.handlers,
    aftersale.handlers,
    reviews.handlers,
    customers.handlers,
    analytics.handlers,
    governance.handlers,
    approvals.handlers,
    workspace.handlers,
  ]
  const subscribers: Subscriber[] = [
    ...catalog.subscribers,
    ...orders.subscribers,
    ...payments.subscribers,
    ...personalCode.subscribers,
    ...invoices.subscribers,
    ...sharing.subscribers,
    ...settlement.subscribers,
    ...storefront.subscribers,
    ...delivery.subscribers,
    ...notifications.subscribers,
    ...reviews.subscribers,
    ...fulfilment.subscribers,
    ...recommendation.subscribers,
    ...exceptions.subscribers,
    ...aftersale.subscribers,
    ...customers.subscribers,
    ...analytics.subscribers,
  ]
  return {
    parties,
    identity,
    stock,
    members,
    prices,
    catalog,
    orders,
    fulfilment,
    payments,
    settlement,
    contracts,
    sharing,
    reconciliation,
    pages,
    storefront,
    delivery,
    notifications,
    search,
    recommendation,
    exceptions,
    aftersale,
    reviews,
    customers,
    analytics,
    governance,
    approvals,
    workspace,
    handlers,
    subscribers,
    openShop: openShopHere,
    ensurePlatformStaff: (staff: { account: string; name: string; password: string }) =>
      ensurePlatformStaff({ db, identity }, staff),
    /** Finishes what the lanes have accepted and what is being asked of WeChat. */
    async close() {
      await notifications.close()
      await search.flushQueries()
      await sharing.close()
      await payments.close()
      await orders.close()
    },
  }
}
