import { z } from 'zod'
import { type Clock, DAY_MS, plusMs } from './clock.ts'
import { type Db, sql, type Tx } from './db.ts'
import { defineSetting } from './settings-registry.ts'

/** How long events are kept after every subscriber has handled them. */
export const outboxRetentionDays = defineSetting({
  name: 'kernel.outbox-retention-days',
  schema: z.int().min(1).max(3650),
  default: 30,
  unit: 'days',
  title: { zh: '事件保留天数', en: 'Days events are kept' },
  help: {
    zh: '业务事件在所有订阅者处理完成后继续保留的天数，过期后自动清理；被搁置的事件不清理。',
    en: 'How long an event is kept after all subscribers have handled it. Parked events are kept.',
  },
  scopes: ['platform'],
  group: 'system',
})

const DELETE_BATCH = 5_000

/**
 * Deletes events that happened more than `days` ago and that every subscriber has passed, in small transactions:
 * exactly those, whatever long transaction was under way when the subscribers passed them.
 * Events that are parked for somebody stay. Answers how many it has deleted.
 */
export async function deleteOldEvents(db: Db, clock: Clock, days: number): Promise<number> {
  const before = plusMs(clock.instant(), -days * DAY_MS)
  // The first event that is young enough to stay: everything before it is old, and nothing after it is looked at.
  const { end } = await db.tx('system', (tx) =>
    tx.one<{ end: number | null }>(sql`
      select coalesce((select seq from outbox_events where occurred_at >= ${before} order by seq limit 1),
        (select max(seq) + 1 from outbox_events)) as end`),
  )
  if (end === null) return 0
  let deleted = 0
  for (;;) {
    const count = await db.tx('system', (tx) =>
      tx.exec(sql`
        delete from outbox_events where (seq, shop_id) in (
          select e.seq, e.shop_id from outbox_events e
          where e.seq < ${end}
            and not exists (select from outbox_cursors c where not pg_visible_in_snapshot(e.xact, c.settled))
            and not exists (select from outbox_parked p where p.seq = e.seq and p.shop_id = e.shop_id)
          order by e.seq limit ${DELETE_BATCH})`),
    )
    deleted += count
    if (count < DELETE_BATCH) return deleted
  }
}

/** Forgets a subscriber that the program no longer has, so that it does not hold events back for ever. */
export async function forgetSubscriber(tx: Tx, subscriber: string): Promise<void> {
  await tx.exec(sql`delete from outbox_parked where subscriber = ${subscriber}`)
  await tx.exec(sql`delete from outbox_cursors where subscriber = ${subscriber}`)
}

/**
 * A database that was restored into another server counts its transactions from the beginning, so what cursors
 * and events remember of transactions means nothing there. When that is so, all events become ones of a
 * transaction long past, and each cursor continues with the first event it had not passed; a few that it had
 * handled already may come again. Answers whether it was so.
 */
export async function rebaseIfRestored(tx: Tx): Promise<boolean> {
  const { restored } = await tx.one<{ restored: boolean }>(sql`
    select exists (select from outbox_cursors where pg_snapshot_xmax(settled) > pg_snapshot_xmax(pg_current_snapshot()))
      or coalesce((select xact >= pg_snapshot_xmax(pg_current_snapshot()) from outbox_events
        order by xact desc limit 1), false) as restored`)
  if (!restored) return false
  await tx.rows(sql`set local statement_timeout = 0`)
  await tx.rows(sql`lock table outbox_events, outbox_cursors in exclusive mode`)
  await tx.exec(sql`
    update outbox_cursors c set target = '4:4:', settled = '3:3:', failures = 0, single_until = 0, retry_at = null,
      seq = coalesce((
        select min(e.seq) - 1 from outbox_events e
        where e.xact >= pg_snapshot_xmin(c.settled) and not pg_visible_in_snapshot(e.xact, c.settled)
          and (c.target is null or e.seq > c.seq or not pg_visible_in_snapshot(e.xact, c.target))),
        (select max(e.seq) from outbox_events e), 0)`)
  await tx.exec(sql`update outbox_events set xact = '3'`)
  return true
}
