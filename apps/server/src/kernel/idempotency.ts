import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Clock, DAY_MS, plusMs } from './clock.ts'
import { type Db, sql, type Tx } from './db.ts'
import { AppError } from './errors.ts'
import { defineSetting } from './settings.ts'

export interface OnceKey {
  shopId: string
  /** Whose key it is, e.g. a staff or buyer id: two people may use the same key. */
  callerId: string
  route: string
  key: string
  /** The request; the same key with another request is refused. */
  request: unknown
  at: string
}

/**
 * Runs `work` once for a key and answers the same result ever after. The key is written in the caller's
 * transaction, so the work and its answer are kept together or not at all; a second request with the key
 * waits for the first to commit.
 */
export async function once<T>(tx: Tx, key: OnceKey, work: () => Promise<T>): Promise<T> {
  const digest = createHash('sha256').update(JSON.stringify(key.request)).digest('hex')
  const inserted = await tx.exec(sql`
    insert into idempotency_keys (shop_id, caller_id, route, key, request_digest, created_at)
    values (${key.shopId}, ${key.callerId}, ${key.route}, ${key.key}, ${digest}, ${key.at})
    on conflict do nothing`)
  if (inserted === 0) {
    const earlier = await tx.one<{ requestDigest: string; answer: T }>(sql`
      select request_digest, answer from idempotency_keys
      where shop_id = ${key.shopId} and caller_id = ${key.callerId} and route = ${key.route} and key = ${key.key}`)
    if (earlier.requestDigest !== digest) throw new AppError('IDEMPOTENCY_KEY_REUSED')
    return earlier.answer
  }
  const answer = await work()
  await tx.exec(sql`
    update idempotency_keys set answer = ${JSON.stringify(answer)}::jsonb
    where shop_id = ${key.shopId} and caller_id = ${key.callerId} and route = ${key.route} and key = ${key.key}`)
  return answer
}

export const idempotencyKeepDays = defineSetting({
  name: 'kernel.idempotency-keep-days',
  group: 'kernel',
  schema: z.int().min(1).max(90),
  default: 7,
  unit: 'days',
  title: { zh: '幂等键保留天数', en: 'Days that idempotency keys are kept' },
  help: { zh: '同一个幂等键在这些天内重复提交，得到同样的结果', en: 'The same key gets the same answer for this long' },
  scopes: ['platform'],
})

/** Forgets keys that are older than `days`. Answers how many. */
export function forgetKeys(db: Db, clock: Clock, days: number): Promise<number> {
  const before = plusMs(clock.instant(), -days * DAY_MS)
  return db.tx('system', (tx) => tx.exec(sql`delete from idempotency_keys where created_at < ${before}`))
}
