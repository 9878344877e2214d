import { expect, test } from 'vitest'
import { newKey, type Visitor } from '../../../../../tests/support/http.ts'
import { moneyStage } from './testing.ts'

const s = moneyStage()
const PIXEL = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=='),
  (char) => char.charCodeAt(0),
)

const open = (platform: Visitor, what: object, caseKind: 'routine' | 'serious' = 'routine') =>
  platform.call('platform.openFreeze', {
    params: s.params,
    idempotencyKey: newKey(),
    body: { what, caseKind, reason: '疑似刷单，正在核查' } as never,
  })
const balances = async () => [
  await s.balance('merchant.pending'),
  await s.balance('merchant.available'),
  await s.balance('merchant.frozen'),
]

test('GOV-06 an amount is frozen out of available, then out of orders that wait, and goes back where it was', async () => {
  await s.settledOrder(6_000)
  await s.moveDays(14)
  const { orderId } = await s.settledOrder(5_000)
  const platform = await s.app.platformStaff()
  await expect(open(platform, { kind: 'amount', amountFen: 20_000 })).rejects.toMatchObject({ code: 'FREEZE_REFUSED' })
  const made = await open(platform, { kind: 'amount', amountFen: 8_000 })
  expect(made.parts).toMatchObject([
    { orderId: null, source: 'available', amountFen: 6_000 },
    { orderId, source: 'pending', amountFen: 2_000 },
  ])
  expect(await balances()).toEqual([3_000, 0, 8_000])
  const seen = await s.shop.owner.call('console.freeze', { params: { ...s.params, freezeId: made.id } })
  expect(seen).toMatchObject({ reason: '疑似刷单，正在核查', state: 'active', amountFen: 8_000 })
  const body = { reason: '核查完毕，没有问题', version: made.version }
  await platform.call('platform.releaseFreeze', { params: { freezeId: made.id }, body })
  expect(await balances()).toEqual([5_000, 6_000, 0])
  await s.moveDays(14)
  expect(await balances()).toEqual([0, 11_000, 0])
  expect(await s.app.audit()).toMatchObject({ deviations: [] })
})

test('GOV-06 a period is frozen: its clock reminds and releases by itself; the merchant hands in papers', async () => {
  const from = s.app.clock.instant()
  await s.settledOrder(4_000)
  await s.settledOrder(1_000)
  await s.moveDays(1)
  const to = s.app.clock.instant()
  await s.settledOrder(700)
  const made = await open(await s.app.platformStaff(), { kind: 'period', from, to })
  expect(made).toMatchObject({ amountFen: 5_000, caseKind: 'routine' })
  const params = { ...s.params, freezeId: made.id }
  const file = new Blob([PIXEL], { type: 'image/png' })
  const handed = await s.shop.owner.call('console.addFreezeDocument', { params, file, fileName: '证明.png' })
  const paper = handed.events.find((event) => event.kind === 'document')!
  const reply = await s.shop.owner.ask(
    `/api/console/shops/${s.params.shopId}/freezes/${made.id}/documents/${paper.fileId}`,
  )
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'image/png'])
  await s.moveDays(13)
  const reminded = await s.shop.owner.call('console.freeze', { params: { ...s.params, freezeId: made.id } })
  expect(reminded.events.map((event) => event.kind)).toEqual(['opened', 'document', 'reminded'])
  // The orders' day has passed, their money is frozen all the same.
  expect(await balances()).toEqual([0, 700, 5_000])
  await s.moveDays(3)
  await s.moveDays(1)
  expect(await balances()).toEqual([0, 5_700, 0])
  const ended = await s.shop.owner.call('console.freeze', { params: { ...s.params, freezeId: made.id } })
  expect(ended).toMatchObject({ state: 'released', releasedBy: '系统' })
})

test('GOV-06 a freeze is prolonged as often as the setting says; of two decisions at once one counts', async () => {
  await s.settledOrder(4_000)
  const platform = await s.app.platformStaff()
  const made = await open(platform, { kind: 'amount', amountFen: 4_000 }, 'serious')
  const params = { freezeId: made.id }
  const prolong = (version: number) =>
    platform.call('platform.prolongFreeze', { params, body: { reason: '还在核查', version } })
  const both = await Promise.allSettled([prolong(1), prolong(1)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await prolong(2)
  await expect(prolong(3)).rejects.toMatchObject({ code: 'FREEZE_REFUSED' })
  const release = () => platform.call('platform.releaseFreeze', { params, body: { reason: '没有问题', version: 3 } })
  const released = await Promise.allSettled([release(), release()])
  expect(released.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await balances()).toEqual([4_000, 0, 0])
})

test('PAY-05 a deposit is paid in out of available, taken out as far as it is not required, and deducted with a reason', async () => {
  await s.settledOrder(9_000)
  await s.moveDays(14)
  const move = (kind: 'paid-in' | 'taken-out', amountFen: number) =>
    s.shop.owner.call('console.moveDeposit', { params: s.params, idempotencyKey: newKey(), body: { kind, amountFen } })
  await expect(move('paid-in', 10_000)).rejects.toMatchObject({ code: 'DEPOSIT_REFUSED' })
  const many = await Promise.allSettled(Array.from({ length: 8 }, () => move('paid-in', 2_000)))
  expect(many.filter(({ status }) => status === 'fulfilled').length).toBe(4)
  await move('taken-out', 1_000)
  const platform = await s.app.platformStaff()
  await platform.call('platform.deductDeposit', {
    params: s.params,
    idempotencyKey: newKey(),
    body: { amountFen: 3_000, reason: '违规发货，赔付买家' },
  })
  const { items, heldFen } = await s.shop.owner.call('console.deposits', { params: s.params })
  expect(heldFen).toBe(4_000)
  expect(items[0]).toMatchObject({ kind: 'deducted', reason: '违规发货，赔付买家', amountFen: 3_000 })
  expect([await s.balance('merchant.available'), await s.balance('deposit.held')]).toEqual([2_000, 4_000])
  await s.moveDays(2)
  const [statement] = (await s.shop.owner.call('console.statements', { params: s.params })).items
  expect(statement!.closing).toMatchObject({ 'merchant.available': 2_000, 'deposit.held': 4_000 })
})
