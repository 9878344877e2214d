import { createHash } from 'node:crypto'
import { sql, type Tx } from './db.ts'
import { AppError } from './errors.ts'

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
