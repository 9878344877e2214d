import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { emit } from '../../kernel/outbox.ts'
import { memberLevelChanged } from './events.ts'
import { deleteMembership, findLevel, findMembership, writeMembership } from './store.ts'

export interface LevelChange {
  shopId: string
  buyerId: string
  /** Null takes the level away. */
  levelId: string | null
  /** `rule` never overrides what staff has set. */
  source: 'staff' | 'rule'
  note: string
  actor: Actor
  ip?: string
  requestId?: string
}

/**
 * Sets a buyer's level in a shop: by staff, or by a growth rule. The same level again changes nothing. Answers whether
 * anything changed. @throws AppError NOT_FOUND for a level the shop does not have
 */
export async function setLevel(tx: Tx, clock: Clock, change: LevelChange): Promise<boolean> {
  const { shopId, buyerId, levelId, source, note, actor } = change
  await lockInOrder(tx, [`membership:${shopId}:${buyerId}`])
  const level = levelId === null ? undefined : await findLevel(tx, shopId, levelId)
  if (levelId !== null && level === undefined) throw new AppError('NOT_FOUND', { values: { what: '会员等级' } })
  const before = await findMembership(tx, shopId, buyerId)
  if (source === 'rule' && before?.source === 'staff') return false
  if ((before?.levelId ?? null) === levelId && (before === undefined || before.source === source)) return false
  const at = clock.instant()
  if (levelId === null) await deleteMembership(tx, shopId, buyerId)
  else await writeMembership(tx, shopId, { buyerId, levelId, source, note, since: at, setBy: actor })
  await emit(tx, memberLevelChanged, {
    shopId,
    aggregate: 'member',
    aggregateId: buyerId,
    occurredAt: at,
    actor,
    payload: { buyerId, fromLevelId: before?.levelId ?? null, toLevelId: levelId, source },
  })
  if (source === 'staff')
    await audit(tx, clock, {
      shopId,
      actor,
      action: 'members.set-level',
      entity: 'buyer',
      entityId: buyerId,
      summary: level === undefined ? '取消买家的会员等级' : `买家的会员等级设为「${level.name}」`,
      before: { levelId: before?.levelId ?? null },
      after: { levelId, note },
      ...(change.ip === undefined ? {} : { ip: change.ip }),
      ...(change.requestId === undefined ? {} : { requestId: change.requestId }),
    })
  return true
}
