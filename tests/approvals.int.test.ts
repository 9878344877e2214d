import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { APPROVAL_WORDS } from '../apps/server/src/modules/approvals/index.ts'
import {
  APPROVAL_PURPOSES,
  type Approval,
  type ApprovalAsked,
  ROUTES,
  type RouteId,
  type RouteSpec,
} from '../packages/contract/src/index.ts'
import { startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { newKey, type Visitor } from './support/http.ts'
import { addParty } from './support/sharing.ts'

const DAY_MS = 24 * 3_600_000
const BOTH = ['parties.write', 'parties.read', 'orders.refund', 'orders.read'] as const

let app: TestApp
let shop: TestShop
let colleague: Visitor
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
})
afterAll(() => app?.close())
beforeEach(async () => {
  shop = await app.openTestShop()
})

const at = () => ({ shopId: shop.shopId })
const set = (name: string, value: unknown) =>
  shop.owner.call('console.setSetting', { params: { ...at(), name }, body: { value, version: 0 } })
const asked = (error: { code: string; body: { data: unknown } | undefined }): string => {
  expect(error).toMatchObject({ code: 'APPROVAL_REQUIRED' })
  return (error.body!.data as ApprovalAsked).approvalId
}
const ask = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => expect.fail('went through without a second person'),
    (error) => asked(error),
  )
const one = (approvalId: string) => ({ params: { ...at(), approvalId } })
const approve = (who: Visitor, approvalId: string) =>
  who.call('console.decideApproval', { ...one(approvalId), body: { decision: 'approve' } })
const stateOf = async (approvalId: string): Promise<Approval['state']> =>
  (await shop.owner.call('console.approval', one(approvalId))).state

const waiting = async (who: Visitor): Promise<number | undefined> =>
  (await who.call('console.todo', { params: at() })).items.find(({ key }) => key === 'approvals.pending')?.count

/** A party's account is changed only by two: the call, which may be made as often as wanted. */
async function payout(): Promise<(mchid?: string, version?: number) => Promise<unknown>> {
  const party = await addParty(shop)
  colleague = await app.staffWith(shop, BOTH)
  await set('approvals.payout', true)
  return (mchid = '1900000009', version = 2) =>
    shop.owner.call('console.setPartyAccount', {
      params: { ...at(), partyId: party.id },
      body: { account: { kind: 'mchid', value: mchid }, version },
    })
}

test('ACC-08 an operation waits for a colleague, is done once when they agree, and only as it was asked for', async () => {
  const change = await payout()
  const approvalId = await ask(change())
  expect(await ask(change())).toBe(approvalId)
  await expect(approve(shop.owner, approvalId)).rejects.toMatchObject({ code: 'APPROVAL_OWN' })
  const { items } = await colleague.call('console.approvals', { params: at(), query: { state: 'pending' } })
  expect(items).toMatchObject([{ id: approvalId, summary: '更换合作方的收款账户', mayDecide: true, isOwn: false }])
  expect(JSON.stringify(items)).not.toContain('1900000009')
  // It is a thing to do for whoever may decide, and for nobody else.
  const reader = await app.staffWith(shop, ['parties.read'])
  expect(await Promise.all([colleague, reader, shop.owner].map(waiting))).toEqual([1, undefined, undefined])
  expect(await approve(colleague, approvalId)).toMatchObject({ state: 'approved', mayDecide: false })
  // something else is not what was agreed to
  const other = await ask(change('1900000010'))
  expect(other).not.toBe(approvalId)
  await change()
  expect(await stateOf(approvalId)).toBe('done')
  // done is done: the same once more is asked for anew
  expect(await ask(change('1900000009', 3))).not.toBe(approvalId)
  const { items: trail } = await shop.owner.call('console.audit', {
    params: at(),
    query: { entity: 'approval', entityId: approvalId },
  })
  expect(trail.map(({ action }) => action).toReversed()).toEqual([
    'approvals.ask',
    'approvals.approve',
    'approvals.use',
  ])
})

test('ACC-08 many at once: two who agree, one who takes it back and eight who carry it out make one', async () => {
  const change = await payout()
  const second = await app.staffWith(shop, BOTH)
  const approvalId = (await Promise.all(Array.from({ length: 6 }, () => ask(change()))))[0]!
  const { items } = await shop.owner.call('console.approvals', { params: at(), query: {} })
  expect(items).toHaveLength(1)
  const decisions = await Promise.allSettled([
    approve(colleague, approvalId),
    approve(second, approvalId),
    second.call('console.decideApproval', { ...one(approvalId), body: { decision: 'refuse', reason: '未核实' } }),
  ])
  expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const each of decisions)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'APPROVAL_STATE' })
  if ((await stateOf(approvalId)) === 'refused') await approve(colleague, await ask(change()))
  const calls = await Promise.allSettled(Array.from({ length: 8 }, () => change()))
  expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const each of calls)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'APPROVAL_REQUIRED' })
})

test('ACC-08 agreed to against taken back: exactly one holds', async () => {
  const change = await payout()
  for (let round = 0; round < 5; round++) {
    const approvalId = await ask(change(`19000001${round}0`))
    const [agreed, taken] = await Promise.allSettled([
      approve(colleague, approvalId),
      shop.owner.call('console.cancelApproval', one(approvalId)),
    ])
    // what is agreed to can still be taken back, the other way round it cannot
    expect(taken.status === 'fulfilled' || agreed.status === 'fulfilled').toBe(true)
    const state = await stateOf(approvalId)
    expect(state).toBe(taken.status === 'fulfilled' ? 'cancelled' : 'approved')
  }
})

test('ACC-08 what was agreed to survives a restart and a refusal of the call itself, and ends with its time', async () => {
  const change = await payout()
  const stale = await ask(change('1900000009', 7))
  await approve(colleague, stale)
  await app.restart()
  await expect(change('1900000009', 7)).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await stateOf(stale)).toBe('approved')
  app.clock.advance(DAY_MS)
  shop = { ...shop, owner: await app.signIn(shop.ownerAccount) }
  expect(await stateOf(stale)).toBe('expired')
  await expect(shop.owner.call('console.cancelApproval', one(stale))).rejects.toMatchObject({ code: 'APPROVAL_STATE' })
  expect(await ask(change('1900000009', 7))).not.toBe(stale)
})

test('ACC-08 a large refund waits; a repeated call with the same key is answered as the first was', async () => {
  colleague = await app.staffWith(shop, BOTH)
  await set('approvals.refund', true)
  await set('orders.refund-step-up-fen', 100)
  const buyer = await app.buyer()
  const { skuIds } = await app.product(shop, { pricesFen: [9_900] })
  const order = await app.order(buyer, shop.shopId, [[skuIds[0]!, 1]])
  await app.pay(buyer, order)
  await app.settle()
  const idempotencyKey = newKey()
  const refund = () =>
    shop.owner.call('console.refundOrder', {
      ...{ params: { ...at(), orderId: order.orderId }, idempotencyKey },
      body: { reason: '缺货' },
    })
  const approvalId = await ask(refund())
  await expect(
    colleague.call('console.decideApproval', { ...one(approvalId), body: { decision: 'refuse' } }),
  ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  await approve(colleague, approvalId)
  const first = await refund()
  expect(await refund()).toEqual(first)
  await app.settle()
  const { state } = await buyer.call('orders.get', { params: { ...at(), orderId: order.orderId } })
  expect(state).toBe('refunded')
  expect((await app.audit()).deviations).toEqual([])
})

test('ACC-08 nobody is asked who could not do it themselves, and whoever cannot is told nothing', async () => {
  const party = await addParty(shop)
  await set('approvals.payout', true)
  const body = { account: { kind: 'mchid' as const, value: '1900000009' }, version: 2 }
  const change = () => shop.owner.call('console.setPartyAccount', { params: { ...at(), partyId: party.id }, body })
  const outsider = await app.staffWith(shop, ['orders.read'])
  await expect(change()).rejects.toMatchObject({ code: 'APPROVAL_NOBODY' })
  colleague = await app.staffWith(shop, BOTH)
  const approvalId = await ask(change())
  await expect(approve(outsider, approvalId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect((await outsider.call('console.approvals', { params: at(), query: {} })).items).toEqual([])
})

test('ACC-08 every route that is proven for such a purpose has words for the second person', () => {
  const routes = Object.entries(ROUTES) as [RouteId, RouteSpec][]
  const needing = routes.filter(([, { stepUp, stepUpAbove }]) =>
    (APPROVAL_PURPOSES as readonly unknown[]).includes(stepUp ?? stepUpAbove),
  )
  expect(needing.map(([id]) => id).toSorted()).toEqual(Object.keys(APPROVAL_WORDS).toSorted())
})
