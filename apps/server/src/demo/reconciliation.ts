import type { App } from '../app.ts'
import { localDay, plusDays } from '../kernel/days.ts'
import { sql } from '../kernel/db.ts'
import { newId } from '../kernel/ids.ts'

/** Two days of bills: one that agrees, and one with three kinds of differences, for somebody to look into. */
export async function addReconciliation(app: App, shopId: string): Promise<void> {
  const now = app.engines.clock.instant()
  const today = localDay(app.engines.clock.instant())
  const [clean, day] = [plusDays(today, -3), plusDays(today, -2)]
  const side = (payments: number, paidFen: number, feeFen: number | null) =>
    JSON.stringify({ payments, paidFen, refunds: 1, refundedFen: 3_900, splits: 0, splitFen: 0, feeFen })
  const at = (hour: string) => `${day}T${hour}:00+08:00`
  const order = `${day.replaceAll('-', '').slice(2)}0917`
  const found = [
    {
      pair: 'payment',
      class: 'missing-here',
      number: `${order}21P01`,
      there: 12_900,
      here: null,
      states: ['SUCCESS', null],
      hour: '14:21',
    },
    {
      pair: 'payment',
      class: 'amount',
      number: `${order}08P01`,
      there: 8_790,
      here: 8_990,
      states: ['SUCCESS', 'paid'],
      hour: '19:05',
    },
    {
      pair: 'payment',
      class: 'time-shift',
      number: `${order}77P01`,
      there: null,
      here: 4_990,
      states: [null, 'paid'],
      hour: '23:58',
    },
  ] as const
  await app.db.tx('system', async (tx) => {
    for (const [name, there, here] of [
      [clean, side(6, 68_340, 410), side(6, 68_340, null)],
      [day, side(8, 91_260, 548), side(8, 83_550, null)],
    ] as const)
      await tx.exec(sql`
        insert into reconciliation_days (shop_id, day, state, there, here, ran_at)
        values (${shopId}, ${name}, 'done', ${there}::jsonb, ${here}::jsonb, ${now}) on conflict do nothing`)
    for (const { pair, number, there, here, states, hour, class: of } of found) {
      if (there !== null)
        await tx.exec(sql`
          insert into bill_lines (shop_id, day, bill, line_key, kind, number, channel_id, happened_at, state, amount_fen, fee_fen, title)
          values (${shopId}, ${day}, 'trade', ${`P:${number}`}, 'payment', ${number}, ${`42000029${number}`}, ${at(hour)}, 'SUCCESS',
            ${there}, ${Math.round(there * 0.006)}, '巷口生活铺') on conflict do nothing`)
      await tx.exec(sql`
        insert into reconciliation_differences (shop_id, id, day, pair, subject, class, state, number, happened_at, there_fen, here_fen,
          there_state, here_state, found_at, seen_at, run_id)
        values (${shopId}, ${newId()}, ${day}, ${pair}, ${there === null ? `H:${number}` : `P:P:${number}`}, ${of}, 'open', ${number},
          ${at(hour)}, ${there}, ${here}, ${states[0]}, ${states[1]}, ${now}, ${now}, ${newId()})
        on conflict do nothing`)
    }
  })
}
