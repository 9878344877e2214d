import { expect, test } from 'vitest'
import { sql } from '../../kernel/db.ts'
import { moneyStage } from './testing.ts'

const s = moneyStage()

const statements = async () => (await s.shop.owner.call('console.statements', { params: s.params })).items
const linesOf = async (statementId: string, query = {}) =>
  (await s.shop.owner.call('console.statementLines', { params: { ...s.params, statementId }, query })).items

test('PAY-02 a statement of the day lists each order with fee, shares and refunds, and every line its transfers', async () => {
  const first = await s.settledOrder(10_000, { feeFen: 60, shareFen: 1_000 })
  const second = await s.settledOrder(2_000, { feeFen: 12 })
  await s.refundSettled(first.orderId, { pending: 4_470, share: 500, fee: 30 })
  await s.moveTo('2026-11-11T17:00:00.000Z') // One in the night, Shanghai.
  const [statement] = await statements()
  expect(statement).toMatchObject({
    ...{ number: 'JS20261111', firstDay: '2026-11-11', lastDay: '2026-11-11', orders: 2, lines: 2 },
    ...{ grossFen: 12_000, feeFen: 42, sharesFen: 500, refundsFen: 5_000, otherFen: 0, netFen: 6_458 },
    opening: { 'merchant.pending': 0, 'merchant.available': 0 },
    closing: { 'merchant.pending': 6_458, 'merchant.available': 0 },
  })
  const lines = await linesOf(statement!.id)
  expect(lines).toMatchObject([
    { orderId: first.orderId, grossFen: 10_000, feeFen: 30, sharesFen: 500, refundsFen: 5_000, netFen: 4_470 },
    { orderId: second.orderId, grossFen: 2_000, feeFen: 12, sharesFen: 0, refundsFen: 0, netFen: 1_988 },
  ])
  const params = { ...s.params, statementId: statement!.id, line: 1 }
  const { movements } = await s.shop.owner.call('console.statementLine', { params })
  expect(movements.map((move) => [move.code, move.fromAccount, move.toAccount, move.amountFen])).toEqual(
    expect.arrayContaining([
      ['order.settle', 'order.paid', 'merchant.pending', 8_940],
      ['order.settle', 'order.paid', 'share.pending', 1_000],
      ['order.bring-back', 'merchant.pending', 'order.paid', 4_470],
      ['order.bring-back', 'fee.channel', 'order.paid', 30],
    ]),
  )
  const file = await s.shop.owner.ask(`/api/console/shops/${s.params.shopId}/statements/${statement!.id}/statement.csv`)
  const rows = file.text.trim().split('\r\n')
  expect(rows.length).toBe(1 + 1 + 2 + 1 + 1)
  expect(rows[2]).toContain('100.00,0.30,5.00,50.00,0.00,44.70')
  expect(rows.at(-1)).toContain('64.58')
})

test('PAY-02 the release of an order stands in the statement of its day, and openings follow closings', async () => {
  await s.settledOrder(3_000)
  await s.moveDays(5)
  await s.settledOrder(700)
  await s.moveDays(8)
  await s.moveDays(4)
  await s.moveDays(2)
  const list = (await statements()).reverse()
  expect(list.length).toBe(4)
  for (const [index, each] of list.entries())
    expect(each.opening).toEqual(index === 0 ? list[0]!.opening : list[index - 1]!.closing)
  expect(list.at(-1)!.closing).toMatchObject({ 'merchant.pending': 0, 'merchant.available': 3_700 })
  expect(await linesOf(list[2]!.id)).toMatchObject([
    { kind: 'order', netFen: 0, changes: { 'merchant.pending': -3_000, 'merchant.available': 3_000 } },
  ])
})

test('PAY-02 a shop that wants statements by the month gets one for the month', async () => {
  const name = 'settlement.statement-period'
  const { version } = (await s.shop.owner.call('console.settings', { params: s.params })).items.find(
    (each) => each.name === name,
  )!
  await s.shop.owner.call('console.setSetting', { params: { ...s.params, name }, body: { value: 'month', version } })
  await s.settledOrder(3_000)
  await s.moveDays(20)
  await s.settledOrder(700)
  await s.moveDays(62)
  const list = await statements()
  expect(list.length).toBeGreaterThanOrEqual(1)
  expect(list.at(-1)!.lastDay.slice(0, 7)).toBe(list.at(-1)!.firstDay.slice(0, 7))
  expect(list.at(-1)!.number).toMatch(/^JS\d{8}-\d{4}$/)
})

test('PAY-05 several processes close a period once, and a statement that does not equal the ledger is not written', async () => {
  await s.settledOrder(1_000)
  s.app.clock.advance(2 * 86_400_000)
  await Promise.all(Array.from({ length: 5 }, () => s.app.app.settlement.closeStatements()))
  await s.moveDays(0)
  expect((await statements()).length).toBe(1)
  // Somebody tampers with the statement: the next one cannot follow it.
  await s.app.app.db.tx('system', (tx) =>
    tx.exec(
      sql`update statements set closing = jsonb_set(closing, '{merchant.pending}', '1') where shop_id = ${s.params.shopId}`,
    ),
  )
  await s.settledOrder(500)
  await s.moveDays(2)
  expect((await statements()).length).toBe(1)
  expect(s.app.logs.some((line) => line.includes('statement-differs'))).toBe(true)
})
