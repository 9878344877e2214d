import { MAX_MEMBER_LEVELS } from '@zhanggui/contract'
import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { buyerOf, staffOf } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { MembersDeps } from './index.ts'
import { setLevel } from './set-level.ts'
import {
  deleteLevel,
  findLevel,
  findMembership,
  insertLevel,
  levelsOf,
  listLevels,
  listMembers,
  updateLevel,
} from './store.ts'

const Cursor = z.object({ since: z.iso.datetime(), buyerId: z.uuid() })
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'

export function memberHandlers(deps: MembersDeps): Handlers {
  const { db, clock } = deps
  return {
    'buyer.membership': async ({ params: { shopId }, caller }) => {
      const buyerId = buyerOf(caller)
      return db.read({ shopId, buyerId }, async (tx) => {
        const member = await findMembership(tx, shopId, buyerId)
        const level = member && (await findLevel(tx, shopId, member.levelId))
        return { level: level ? { id: level.id, name: level.name, rank: level.rank, since: member.since } : null }
      })
    },
    'console.memberLevels': ({ params: { shopId } }) =>
      db.read({ shopId }, async (tx) => ({ items: await listLevels(tx, shopId) })),

    'console.createMemberLevel': (call) => {
      const { shopId } = call.params
      const id = newId()
      return db
        .tx({ shopId }, async (tx) => {
          await lockInOrder(tx, [`member-levels:${shopId}`])
          if ((await listLevels(tx, shopId)).length >= MAX_MEMBER_LEVELS)
            throw new AppError('VALIDATION_FAILED', {
              values: { field: '会员等级', reason: `最多 ${MAX_MEMBER_LEVELS} 个` },
            })
          await insertLevel(tx, shopId, id, call.body, clock.instant())
          return changed(tx, deps, call, id, 'members.create-level', '新增')
        })
        .catch((error) => rethrowTaken(error, call.body))
    },

    'console.updateMemberLevel': (call) => {
      const { shopId, levelId } = call.params
      return db
        .tx({ shopId }, async (tx) => {
          const before = await requireLevel(tx, shopId, levelId)
          if (!(await updateLevel(tx, shopId, levelId, call.body, clock.instant())))
            throw new AppError('CONFLICT', { values: { what: `会员等级「${before.name}」` } })
          return changed(tx, deps, call, levelId, 'members.update-level', '修改', before)
        })
        .catch((error) => rethrowTaken(error, call.body))
    },

    'console.deleteMemberLevel': (call) => {
      const { shopId, levelId } = call.params
      return db
        .tx({ shopId }, async (tx) => {
          const level = await requireLevel(tx, shopId, levelId)
          const rules = await deps.rulesOfLevel(tx, shopId, levelId)
          if (level.memberCount > 0 || rules > 0)
            throw new AppError('MEMBER_LEVEL_IN_USE', { values: { name: level.name, count: level.memberCount, rules } })
          await deleteLevel(tx, shopId, levelId)
          await record(tx, deps, call, levelId, 'members.delete-level', `删除会员等级「${level.name}」`, level)
          return { ok: true as const }
        })
        .catch((error) => {
          // somebody was given the level at this very moment
          if ((error as { code?: string }).code !== FOREIGN_KEY_VIOLATION) throw error
          throw new AppError('MEMBER_LEVEL_IN_USE', { values: { name: '', count: 1, rules: 0 } })
        })
    },

    'console.members': ({ params: { shopId }, query }) =>
      db.read('system', async (tx) => {
        const before = decodeCursor(query.cursor, Cursor)
        const rows = await listMembers(tx, shopId, { levelId: query.levelId, before, limit: query.limit + 1 })
        const page = keysetPage(rows, query.limit, ({ since, buyerId }) => ({ since, buyerId }))
        const names = await deps.nicknames(
          tx,
          page.items.map(({ buyerId }) => buyerId),
        )
        const levels = new Map((await listLevels(tx, shopId)).map((level) => [level.id, level.name]))
        return {
          ...page,
          items: page.items.map((row) => ({
            ...row,
            nickname: names.get(row.buyerId) ?? '',
            levelName: levels.get(row.levelId) ?? '',
          })),
        }
      }),

    'console.findBuyers': ({ params: { shopId }, query: { q } }) =>
      db.read('system', async (tx) => {
        const found = await deps.findBuyers(tx, shopId, q)
        const names = await deps.nicknames(
          tx,
          found.map(({ buyerId }) => buyerId),
        )
        const levels = new Map(
          (
            await levelsOf(
              tx,
              found.map(({ buyerId }) => ({ shopId, buyerId })),
            )
          ).map((row) => [row.buyerId, row.levelId]),
        )
        return {
          items: found.map((buyer) => ({
            ...buyer,
            nickname: names.get(buyer.buyerId) ?? '',
            levelId: levels.get(buyer.buyerId) ?? null,
          })),
        }
      }),

    'console.setMemberLevel': async (call) => {
      const { shopId, buyerId } = call.params
      const { levelId, note } = call.body
      await db.tx({ shopId }, async (tx) => {
        if (!(await deps.isBuyerOf(tx, shopId, buyerId)))
          throw new AppError('NOT_FOUND', { values: { what: '在本店下过单的这位买家' } })
        await setLevel(tx, clock, { shopId, buyerId, levelId, note, source: 'staff', ...madeBy(call) })
      })
      return { ok: true as const }
    },
  }
}

async function requireLevel(tx: Tx, shopId: string, levelId: string) {
  const level = await findLevel(tx, shopId, levelId)
  if (level === undefined) throw new AppError('NOT_FOUND', { values: { what: '会员等级' } })
  return level
}

type StaffCall = Pick<Call, 'caller' | 'ip' | 'requestId'> & { params: { shopId: string } }

function madeBy({ caller, ip, requestId }: StaffCall) {
  const { staffId, name } = staffOf(caller)
  return { actor: { kind: 'staff', id: staffId, name }, ip, requestId }
}

async function changed(
  tx: Tx,
  deps: MembersDeps,
  call: StaffCall,
  levelId: string,
  action: string,
  verb: string,
  before?: unknown,
) {
  const level = await requireLevel(tx, call.params.shopId, levelId)
  await record(tx, deps, call, levelId, action, `${verb}会员等级「${level.name}」`, before, level)
  return level
}

async function record(
  tx: Tx,
  deps: MembersDeps,
  call: StaffCall,
  entityId: string,
  action: string,
  summary: string,
  before?: unknown,
  after?: unknown,
): Promise<void> {
  const { shopId } = call.params
  await audit(tx, deps.clock, {
    shopId,
    ...madeBy(call),
    action,
    entity: 'member-level',
    entityId,
    summary,
    before,
    after,
  })
}

function rethrowTaken(error: unknown, { name, rank }: { name: string; rank: number }): never {
  const { code, constraint } = error as { code?: string; constraint?: string }
  if (code !== UNIQUE_VIOLATION) throw error
  if (constraint === 'member_levels_rank')
    throw new AppError('DUPLICATE', { values: { what: '会员等级的级别', value: rank }, field: 'rank' })
  throw new AppError('DUPLICATE', { values: { what: '会员等级', value: name }, field: 'name' })
}
