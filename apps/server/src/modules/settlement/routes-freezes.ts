import type { Freeze, FreezeDetail } from '@zhanggui/contract'
import type { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { IMAGE_FORMATS } from '../../kernel/file-types.ts'
import { type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { getBalances } from '../../ledger/index.ts'
import { shopAccount } from './accounts.ts'
import { moveDeposit } from './deposits.ts'
import type { SettlementDeps } from './deps.ts'
import { type By, openFreeze, prolongationsLeft, prolongFreeze, releaseFreeze } from './freeze.ts'
import { TimeCursor } from './routes.ts'
import {
  addFreezeEvent,
  eventsOf,
  type FreezeRow,
  findFreeze,
  freezeById,
  listDeposits,
  listFreezes,
  partsOf,
} from './store-freezes.ts'
import { termsOf } from './terms.ts'

const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024

interface StaffCall {
  caller: Caller
  ip: string
  requestId: string
}

const notFound = () => new AppError('NOT_FOUND', { values: { what: '冻结单' } })

export function freezeHandlers(deps: SettlementDeps): Handlers {
  const { db, clock } = deps
  const views = async (tx: Tx, rows: readonly FreezeRow[]): Promise<z.input<typeof Freeze>[]> => {
    const shops = await deps.parties.shopsByIds(tx, [...new Set(rows.map(({ shopId }) => shopId))])
    return rows.map((row) => ({ ...row, shopName: shops.get(row.shopId)?.name ?? '' }))
  }
  const detail = async (tx: Tx, row: FreezeRow): Promise<z.input<typeof FreezeDetail>> => {
    const parts = await partsOf(tx, row.shopId, row.id)
    const orderNos = await deps.orderNos(
      tx,
      row.shopId,
      parts.flatMap(({ orderId }) => orderId ?? []),
    )
    return {
      ...(await views(tx, [row]))[0]!,
      parts: parts.map((part) => ({
        ...part,
        orderNo: part.orderId === null ? '' : (orderNos.get(part.orderId) ?? ''),
      })),
      events: await eventsOf(tx, row.shopId, row.id),
      prolongationsLeft: await prolongationsLeft(tx, deps, row),
    }
  }
  const record = (tx: Tx, call: StaffCall, shopId: string, action: string, entityId: string, summary: string) => {
    const { staffId: id, name } = staffOf(call.caller)
    return audit(tx, clock, {
      ...{ shopId, actor: { kind: 'staff', id, name }, action, entity: 'freeze', entityId, summary },
      ...{ ip: call.ip, requestId: call.requestId },
    })
  }
  const decide = (
    call: StaffCall & { params: { freezeId: string }; body: { reason: string; version: number } },
    how: typeof releaseFreeze,
    action: string,
    words: string,
  ) =>
    db.tx('system', async (tx) => {
      const row = await freezeById(tx, call.params.freezeId)
      if (!row) throw notFound()
      const by: By = { kind: 'platform', name: staffOf(call.caller).name }
      await how(tx, deps, row, call.body, by)
      const answer = await detail(tx, (await freezeById(tx, row.id))!)
      await record(tx, call, row.shopId, action, row.id, `${words} ${row.number}：${call.body.reason}`)
      return answer
    })
  const file = async (
    shopId: string,
    freezeId: string,
    fileId: string,
    reply: { header(name: string, value: string): unknown },
  ) => {
    const events = await db.read({ shopId }, (tx) => eventsOf(tx, shopId, freezeId))
    if (!events.some((event) => event.fileId === fileId)) throw notFound()
    const opened = await deps.files.open(shopId, fileId)
    reply.header('content-type', opened.file.contentType)
    reply.header('content-disposition', 'attachment')
    reply.header('x-content-type-options', 'nosniff')
    return opened.content
  }
  return {
    'console.freezes': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, TimeCursor)
        const rows = await listFreezes(tx, { ...filter, shopId, after, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.openedAt, id: row.id }))
        return { items: await views(tx, items), nextCursor }
      }),

    'console.freeze': ({ params: { shopId, freezeId } }) =>
      db.read({ shopId }, async (tx) => {
        const row = await findFreeze(tx, shopId, freezeId)
        if (!row) throw notFound()
        return detail(tx, row)
      }),

    'console.addFreezeDocument': async (call) => {
      const { shopId, freezeId } = call.params
      const row = await db.read({ shopId }, (tx) => findFreeze(tx, shopId, freezeId))
      if (!row) throw notFound()
      const { staffId: id, name } = staffOf(call.caller)
      const sent = call.request.isMultipart()
        ? await call.request.file({ limits: { fileSize: MAX_DOCUMENT_BYTES + 1, files: 1 } })
        : undefined
      if (!sent)
        throw new AppError('VALIDATION_FAILED', { values: { field: 'file', reason: '没有文件' }, field: 'file' })
      const stored = await deps.files.upload({
        ...{ shopId, name: sent.filename, content: sent.file, maxBytes: MAX_DOCUMENT_BYTES, visibility: 'private' },
        accept: [...IMAGE_FORMATS, 'xlsx', 'zip'],
        actor: { kind: 'staff', id, name },
      })
      return db.tx({ shopId }, async (tx) => {
        await addFreezeEvent(tx, shopId, freezeId, {
          ...{ kind: 'document', text: '', actorKind: 'merchant', actorName: name, at: clock.instant() },
          ...{ fileId: stored.id, fileName: stored.name },
        })
        const answer = await detail(tx, row)
        await record(tx, call, shopId, 'settlement.freeze-document', freezeId, `补充冻结材料 ${stored.name}`)
        return answer
      })
    },

    'console.freezeFile': ({ params: { shopId, freezeId, documentId }, reply }) =>
      file(shopId, freezeId, documentId, reply),

    'platform.freezes': ({ query: { cursor, limit, ...filter } }) =>
      db.read('system', async (tx) => {
        const after = decodeCursor(cursor, TimeCursor)
        const rows = await listFreezes(tx, { ...filter, after, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.openedAt, id: row.id }))
        return { items: await views(tx, items), nextCursor }
      }),

    'platform.freeze': ({ params: { freezeId } }) =>
      db.read('system', async (tx) => {
        const row = await freezeById(tx, freezeId)
        if (!row) throw notFound()
        return detail(tx, row)
      }),

    'platform.openFreeze': (call) =>
      db.tx('system', async (tx) => {
        const { shopId } = call.params
        await deps.parties.requireShop(tx, shopId)
        const { staffId, name } = staffOf(call.caller)
        const key = { shopId, callerId: staffId, route: 'platform.openFreeze', key: call.idempotencyKey }
        const id = await once(tx, { ...key, request: call.body, at: clock.instant() }, async () => {
          const made = await openFreeze(tx, deps, shopId, call.body, { kind: 'platform', name })
          await record(tx, call, shopId, 'settlement.freeze', made, `冻结资金：${call.body.reason}`)
          return made
        })
        return detail(tx, (await freezeById(tx, id))!)
      }),

    'platform.prolongFreeze': (call) => decide(call, prolongFreeze, 'settlement.prolong-freeze', '延长冻结'),
    'platform.releaseFreeze': (call) => decide(call, releaseFreeze, 'settlement.release-freeze', '解冻'),
    'platform.freezeFile': async ({ params: { freezeId, documentId }, reply }) => {
      const row = await db.read('system', (tx) => freezeById(tx, freezeId))
      if (!row) throw notFound()
      return file(row.shopId, freezeId, documentId, reply)
    },
  }
}

export function depositHandlers(deps: SettlementDeps): Handlers {
  const { db, clock } = deps
  const record = (tx: Tx, call: StaffCall, shopId: string, entityId: string, summary: string) => {
    const { staffId: id, name } = staffOf(call.caller)
    return audit(tx, clock, {
      ...{
        shopId,
        actor: { kind: 'staff', id, name },
        action: 'settlement.deposit',
        entity: 'deposit',
        entityId,
        summary,
      },
      ...{ ip: call.ip, requestId: call.requestId },
    })
  }
  return {
    'console.deposits': ({ params: { shopId }, query: { cursor, limit } }) =>
      db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, TimeCursor)
        const rows = await listDeposits(tx, shopId, { after, limit: limit + 1 })
        const held = shopAccount(shopId, 'deposit.held')
        const balances = await getBalances(tx, shopId, [held])
        return {
          ...keysetPage(rows, limit, (row) => ({ at: row.at, id: row.id })),
          heldFen: balances.get(held)?.balance ?? 0,
          requiredFen: (await termsOf(tx, deps, shopId)).depositRequiredFen,
        }
      }),

    'console.moveDeposit': (call) =>
      db.tx('system', async (tx) => {
        const { shopId } = call.params
        const { staffId, name: byName } = staffOf(call.caller)
        const key = { shopId, callerId: staffId, route: 'console.moveDeposit', key: call.idempotencyKey }
        return once(tx, { ...key, request: call.body, at: clock.instant() }, async () => {
          const id = await moveDeposit(tx, deps, shopId, { ...call.body, reason: '', byName })
          const words = call.body.kind === 'paid-in' ? '缴纳' : '退回'
          await record(tx, call, shopId, id, `${words}保证金 ${(call.body.amountFen / 100).toFixed(2)} 元`)
          return { id }
        })
      }),

    'platform.deductDeposit': (call) =>
      db.tx('system', async (tx) => {
        const { shopId } = call.params
        await deps.parties.requireShop(tx, shopId)
        const { staffId, name: byName } = staffOf(call.caller)
        const key = { shopId, callerId: staffId, route: 'platform.deductDeposit', key: call.idempotencyKey }
        return once(tx, { ...key, request: call.body, at: clock.instant() }, async () => {
          const id = await moveDeposit(tx, deps, shopId, { ...call.body, kind: 'deducted', byName })
          await record(
            tx,
            call,
            shopId,
            id,
            `扣除保证金 ${(call.body.amountFen / 100).toFixed(2)} 元：${call.body.reason}`,
          )
          return { id }
        })
      }),
  }
}
