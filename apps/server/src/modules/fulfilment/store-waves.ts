import type { WaveState } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface WaveRow {
  id: string
  code: string
  name: string
  state: WaveState
  warehouseId: string
  createdAt: string
  createdBy: Actor
  parcels: number
  packed: number
  shipped: number
  units: number
  pickingPrinted: number
}

export async function insertWave(
  tx: Tx,
  shopId: string,
  wave: { id: string; code: string; name: string; warehouseId: string; createdAt: string; createdBy: Actor },
): Promise<void> {
  await tx.exec(sql`
    insert into waves (shop_id, id, code, name, warehouse_id, state, created_at, created_by)
    values (${shopId}, ${wave.id}, ${wave.code}, ${wave.name}, ${wave.warehouseId}, 'awaiting', ${wave.createdAt},
      ${JSON.stringify(wave.createdBy)})`)
}

/** The highest number behind this beginning of a code; the caller holds the lock under which codes are given. */
export async function lastWaveNumber(tx: Tx, shopId: string, prefix: string): Promise<number> {
  const { last } = await tx.one<{ last: number }>(sql`
    select coalesce(max(substr(code, ${prefix.length + 1})::int), 0) as last from waves
    where shop_id = ${shopId} and code like ${`${prefix}%`}`)
  return last
}

/** Waves, newest first. */
export async function listWaves(
  tx: Tx,
  shopId: string,
  filter: {
    ids?: readonly string[]
    state?: WaveState | undefined
    warehouseId?: string | undefined
    beforeId?: string | undefined
    limit: number
  },
): Promise<WaveRow[]> {
  const { ids, state, warehouseId, beforeId } = filter
  return tx.rows<WaveRow>(sql`
    select w.id, w.code, w.name, w.state, w.warehouse_id, w.created_at, w.created_by, n.parcels, n.packed, n.shipped,
      n.units, (select count(*) from prints r where r.shop_id = w.shop_id and r.subject_id = w.id
        and r.kind = 'picking') as picking_printed
    from waves w cross join lateral (
      select count(*) as parcels, count(*) filter (where p.state = 'packed') as packed,
        count(*) filter (where p.state = 'shipped') as shipped,
        coalesce(sum((select sum(l.quantity) from parcel_lines l
          where l.shop_id = p.shop_id and l.parcel_id = p.id)), 0)::int as units
      from parcels p where p.shop_id = w.shop_id and p.wave_id = w.id and p.state <> 'cancelled'
    ) n
    where w.shop_id = ${shopId}
      ${ids === undefined ? empty : sql`and w.id = any(${ids as string[]}::uuid[])`}
      ${state === undefined ? empty : sql`and w.state = ${state}`}
      ${warehouseId === undefined ? empty : sql`and w.warehouse_id = ${warehouseId}`}
      ${beforeId === undefined ? empty : sql`and w.id < ${beforeId}`}
    order by w.id desc limit ${filter.limit}`)
}

export async function waveCodes(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; code: string }>(sql`
    select id, code from waves where shop_id = ${shopId} and id = any(${ids as string[]}::uuid[])`)
  return new Map(rows.map((row) => [row.id, row.code]))
}

/**
 * A wave is where its parcels are: shipped when all have left, packed when all that have not are packed, picking from
 * the first that is. One without parcels is gone. Waves are locked in id order, after parcels.
 */
export async function refreshWaves(tx: Tx, shopId: string, waveIds: readonly string[]): Promise<void> {
  const ids = [...new Set(waveIds)].sort()
  if (ids.length === 0) return
  await tx.rows(sql`
    select id from waves where shop_id = ${shopId} and id = any(${ids}::uuid[]) order by id for update`)
  await tx.exec(sql`
    delete from waves w where w.shop_id = ${shopId} and w.id = any(${ids}::uuid[]) and not exists (
      select from parcels p where p.shop_id = w.shop_id and p.wave_id = w.id and p.state <> 'cancelled')`)
  await tx.exec(sql`
    update waves w set state = n.state
    from (
      select p.wave_id, case
        when bool_and(p.state = 'shipped') then 'shipped'
        when bool_and(p.state in ('packed', 'shipped')) then 'packed'
        when bool_or(p.state <> 'awaiting') then 'picking'
        else 'awaiting' end as state
      from parcels p where p.shop_id = ${shopId} and p.wave_id = any(${ids}::uuid[]) and p.state <> 'cancelled'
      group by p.wave_id
    ) n where w.shop_id = ${shopId} and w.id = n.wave_id and w.state <> n.state`)
}
