import { sql } from '../../apps/server/src/kernel/db.ts'
import { newId } from '../../apps/server/src/kernel/ids.ts'
import { emit } from '../../apps/server/src/kernel/outbox.ts'
import { accountId, applyTransfers, getBalances } from '../../apps/server/src/ledger/index.ts'
import { partRefundRequested } from '../../apps/server/src/modules/orders/index.ts'
import { shopAccount, shopAccounts } from '../../apps/server/src/modules/settlement/accounts.ts'
import type { Contract, Party, RouteId } from '../../packages/contract/src/index.ts'
import type { TestApp, TestBuyer, TestShop } from './app.ts'
import { bookWrongs } from './books.ts'
import { newKey } from './http.ts'
import type { Ids } from './matrix.ts'
import { receivedOrder } from './reviews.ts'

const TERMS = { goods: { kind: 'all' }, rate: { kind: 'bp', bp: 1200 }, validFrom: '2026-11-01T00:00:00.000Z' } as const
const PARTY = { kind: 'creator', legal: 'person' } as const

/** Bodies that pass the schemas of the routes of parties, contracts and shares. */
export const sharingBodies = (ids: Ids): Partial<Record<RouteId, unknown>> => ({
  'console.createParty': { ...PARTY, name: newKey().slice(-12) },
  'console.updateParty': { ...PARTY, name: newKey().slice(-12), version: 1 },
  'console.setPartyAccount': { account: { kind: 'mchid', value: '1900000001' }, version: 1 },
  'console.createContract': { ...TERMS, partyId: ids.partyId, name: '合约' },
  'console.updateContract': { ...TERMS, name: '合约', version: 1 },
  'console.setContractState': { state: 'active', version: 1 },
  'console.previewShares': { productId: ids.productId, payTotalFen: 8600 },
  'console.freezeShares': { reason: '核实身份' },
  'console.releaseShares': { reason: '已核实' },
})

let made = 0

export interface PartyWish {
  kind?: Party['kind']
  legal?: Party['legal']
  name?: string
  phone?: string
  realName?: string
  account?: { kind: 'openid' | 'mchid'; value: string }
}

/** A party with an account it is paid to. */
export async function addParty(shop: TestShop, wish: PartyWish = {}): Promise<Party> {
  const params = { shopId: shop.shopId }
  const { account = { kind: 'openid', value: `o${newKey().replaceAll('-', '').slice(0, 27)}` }, ...fields } = wish
  const body = { ...PARTY, name: `达人 ${++made}`, ...fields }
  const { id } = await shop.owner.call('console.createParty', { params, body })
  return shop.owner.call('console.setPartyAccount', {
    params: { ...params, partyId: id },
    body: { account, version: 1 },
  })
}

/** A contract in force since the beginning of the month. */
export async function sign(shop: TestShop, partyId: string, terms: object = {}): Promise<Contract> {
  const params = { shopId: shop.shopId }
  const body = { ...TERMS, partyId, name: `合约 ${++made}`, ...terms }
  const { id, version } = await shop.owner.call('console.createContract', { params, body })
  const at = { ...params, contractId: id }
  return shop.owner.call('console.setContractState', { params: at, body: { state: 'active', version } })
}

/** A row in every table of parties and contracts, that no order falls under. */
export async function leaveSharingTraces(shop: TestShop): Promise<{ partyId: string; contractId: string }> {
  const { id: partyId } = await addParty(shop, { phone: '13900001111', realName: '林小雨' })
  const params = { shopId: shop.shopId }
  const body = { ...TERMS, partyId, name: '草稿' }
  const { id: contractId } = await shop.owner.call('console.createContract', { params, body })
  return { partyId, contractId }
}

/** What a person is called by the mini program: where WeChat pays them. */
export const openidOf = (app: TestApp, person: string): string =>
  app.sim.people.get(person).openids[app.env.WECHAT_MINI_APPID!]!

/**
 * Everything that has to be true of a shop's shares at any time: the ledger balances, the rows of orders say what its
 * accounts say, what they say was split is what WeChat moved, and the books of the shop say what ledger and stock say. Answers what is wrong.
 */
export async function wrongs(app: TestApp, shop: TestShop): Promise<string[]> {
  const { shopId } = shop
  const found: string[] = []
  const { deviations } = await app.audit()
  if (deviations.length > 0) found.push(`ledger: ${JSON.stringify(deviations)}`)
  found.push(...(await bookWrongs(app, shop)))
  const orders = await app.app.db.read('system', (tx) =>
    tx.rows<{ orderNo: string; settledFen: number; dividedFen: number }>(sql`
      select m.order_no, m.settled_fen, m.fee_now_fen + m.merchant_now_fen + coalesce((select sum(now_fen) from order_party_shares s
        where s.shop_id = m.shop_id and s.order_id = m.order_id), 0)::bigint as divided_fen
      from order_money m where m.shop_id = ${shopId}`),
  )
  for (const { orderNo, settledFen, dividedFen } of orders)
    if (settledFen !== dividedFen) found.push(`order ${orderNo}: ${settledFen} settled, ${dividedFen} divided`)
  const parties = await app.app.db.read('system', (tx) =>
    tx.rows<Record<'pending' | 'due' | 'flying' | 'split' | 'owed' | 'returning', number> & { partyId: string }>(sql`
      select party_id, sum(pending_fen)::bigint as pending, sum(due_fen)::bigint as due, sum(flying_fen)::bigint as flying,
        sum(split_fen)::bigint as split, sum(owed_fen)::bigint as owed, sum(returning_fen)::bigint as returning
      from order_party_shares where shop_id = ${shopId} group by party_id`),
  )
  for (const { partyId, pending, due, flying, split, owed, returning } of parties) {
    const account = (code: string) => accountId(code, partyId, shopId)
    const ids = ['share.pending', 'share.payable', 'share.frozen', 'share.negative'].map(account)
    const balances = await app.app.db.read('system', (tx) => getBalances(tx, shopId, ids))
    const [waiting, payable, frozen, negative] = ids.map((id) => balances.get(id))
    const books = {
      ...{ pending: waiting?.balance ?? 0, due: (payable?.available ?? 0) + (frozen?.balance ?? 0) },
      ...{
        flying: payable?.debitsPending ?? 0,
        owed: -(negative?.balance ?? 0),
        returning: negative?.creditsPending ?? 0,
      },
    }
    const rows = { pending, due, flying, owed, returning }
    if (JSON.stringify(rows) !== JSON.stringify(books))
      found.push(`party ${partyId}: rows ${JSON.stringify(rows)}, books ${JSON.stringify(books)}`)
    const moved = await movedAtWechat(app, shopId, partyId)
    if (moved !== split) found.push(`party ${partyId}: ${split} split in the rows, ${moved} at WeChat`)
  }
  return found
}

/** What WeChat has paid a party by splits, less what came back. */
async function movedAtWechat(app: TestApp, shopId: string, partyId: string): Promise<number> {
  const rows = await app.app.db.read('system', (tx) =>
    tx.rows<{ outOrderNo: string; accountSealed: string }>(sql`
      select t.out_order_no, r.account_sealed from split_receivers r join splits t on t.shop_id = r.shop_id and t.id = r.split_id
      where r.shop_id = ${shopId} and r.party_id = ${partyId}`),
  )
  let fen = 0
  for (const { outOrderNo, accountSealed } of rows) {
    const account = app.app.contracts.openAccount({ shopId, partyId, accountSealed })
    const split = app.sim.split(outOrderNo)
    for (const each of split?.receivers ?? [])
      if (each.account === account && each.result === 'SUCCESS') fen += each.amount
    for (const back of split?.returns ?? [])
      if (back.return_mchid === account && back.result === 'SUCCESS') fen -= back.amount
  }
  return fen
}

/** A part of a completed order goes back, as a case of after-sale decides it. */
export async function refundPart(app: TestApp, shop: TestShop, orderId: string, amountFen: number): Promise<void> {
  const { shopId } = shop
  await app.app.db.tx('system', async (tx) => {
    const order = (await app.app.orders.findOrder(tx, { shopId, orderId }))!
    await tx.exec(sql`
      update orders set part_refund_fen = part_refund_fen + ${amountFen} where shop_id = ${shopId} and id = ${orderId}`)
    const { orderNo, buyerId, version, paymentId } = order
    await emit(tx, partRefundRequested, {
      ...{ shopId, aggregate: 'order', aggregateId: orderId, occurredAt: app.clock.instant() },
      payload: {
        ...{ orderId, orderNo, buyerId, version, paymentId: paymentId!, amountFen, reason: '部分退款', key: newKey() },
      },
    })
  })
  await app.settle()
}

/** Has the shop owe a party an amount, as if orders of it had been settled. */
export async function owe(app: TestApp, { shopId }: TestShop, partyId: string, amount: number): Promise<void> {
  const payable = accountId('share.payable', partyId, shopId)
  const accounts = [
    ...shopAccounts(shopId, 'channel.wechat'),
    { shopId, code: 'share.payable', owners: [partyId, shopId], unit: 'CNY', minBalance: 0 },
  ]
  const transfer = {
    ...{ kind: 'posted' as const, id: newId(), code: 'share.release', amount, unit: 'CNY' },
    ...{ debit: shopAccount(shopId, 'channel.wechat'), credit: payable, reference: { type: 'order', id: newId() } },
  }
  await app.app.db.tx('system', (tx) => applyTransfers(tx, app.clock, [{ shopId, accounts, transfers: [transfer] }]))
}

/** A row in every table of shares: an order that was settled, a party that is frozen, a split and a return. */
export async function leaveShareTraces(app: TestApp, shop: TestShop, buyer: TestBuyer): Promise<void> {
  const { shopId } = shop
  const { productId, skuIds } = await app.product(shop)
  const { id: partyId } = await addParty(shop)
  await sign(shop, partyId, { goods: { kind: 'products', ids: [productId] } })
  const { orderId, orderNo } = await receivedOrder(app, shop, buyer, [[skuIds[0]!, 1]])
  await shop.owner.call('console.freezeShares', { params: { shopId, partyId }, body: { reason: '核实身份' } })
  const at = app.clock.instant()
  await app.app.db.tx('system', async (tx) => {
    await tx.exec(sql`
      insert into splits (shop_id, id, order_id, order_no, number, kind, state, out_order_no, transaction_id, appid, amount_fen, created_at)
      values (${shopId}, ${orderId}, ${orderId}, ${orderNo}, 1, 'split', 'finished', ${`${orderNo}S01`}, '42', 'wx', 1, ${at})`)
    await tx.exec(sql`
      insert into split_receivers (shop_id, split_id, party_id, order_id, account_kind, account_sealed, account_masked, amount_fen, state)
      select shop_id, ${orderId}, id, ${orderId}, 'mchid', account_sealed, '16****01', 1, 'success'
      from parties where shop_id = ${shopId} and id = ${partyId}`)
    await tx.exec(sql`
      insert into split_returns (shop_id, id, order_id, split_id, party_id, out_order_no, out_return_no, state, amount_fen, created_at)
      values (${shopId}, ${orderId}, ${orderId}, ${orderId}, ${partyId}, ${`${orderNo}S01`}, ${`${orderNo}S01B01`}, 'failed', 1, ${at})`)
  })
}
