import { formatMoney, type PersonalPaymentRow } from '@zhanggui/contract'
import { fen } from '@zhanggui/contract/money'
import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { variantUrl } from '../../kernel/files.ts'
import { type Caller, staffOf } from '../../kernel/http/caller.ts'
import { requirePictures, takePicture } from '../../kernel/http/media.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { confirm, refuse } from './check.ts'
import type { PersonalCodeDeps } from './deps.ts'
import { record as recordRefund } from './give-back.ts'
import { confirmStepUpFen } from './settings.ts'
import { codesOf, daysWithMoney, listPersonal, type PersonalRow, saveCode } from './store.ts'
import { findHandRefund, type HandRefundRow, listHandRefunds } from './store-refunds.ts'
import { codesView, daysView, refundView, staffView } from './views.ts'

const MOST_CODES = 20
const ListCursor = z.object({ at: z.iso.datetime(), id: z.uuid() })
const RefundCursor = z.object({ recorded: z.boolean(), at: z.iso.datetime(), id: z.uuid() })

interface StaffCall {
  params: { shopId: string }
  caller: Caller
  ip: string
  requestId: string
}

const recordFor =
  ({ clock }: PersonalCodeDeps) =>
  (tx: Tx, call: StaffCall, action: string, entityId: string, summary: string) => {
    const { staffId: id, name } = staffOf(call.caller)
    return audit(tx, clock, {
      ...{ shopId: call.params.shopId, actor: { kind: 'staff', id, name }, action: `personal-code.${action}` },
      ...{ entity: 'personal-payment', entityId, summary, ip: call.ip, requestId: call.requestId },
    })
  }

/** Rows with the names of their buyers. */
async function named<R extends { buyerId: string }, V>(
  { db, nicknames }: PersonalCodeDeps,
  rows: readonly R[],
  view: (row: R, nickname: string) => V,
): Promise<V[]> {
  const names = await db.read('system', (tx) => nicknames(tx, [...new Set(rows.map(({ buyerId }) => buyerId))]))
  return rows.map((row) => view(row, names.get(row.buyerId) ?? ''))
}

export function personalConsoleHandlers(deps: PersonalCodeDeps): Handlers {
  const { db, settings } = deps
  const record = recordFor(deps)
  const one = async (row: PersonalRow): Promise<z.input<typeof PersonalPaymentRow>> =>
    (await named(deps, [row], staffView))[0]!
  return {
    ...codeHandlers(deps),
    ...listHandlers(deps),

    'console.confirmPersonalPayment': async (call) => {
      const { shopId, personalPaymentId: id } = call.params
      const { receivedFen } = call.body
      if (receivedFen > (await settings.get(confirmStepUpFen, { shopId }))) await call.stepUp()
      const row = await db.tx({ shopId }, async (tx) => {
        const by = staffOf(call.caller).name
        const done = await confirm(tx, deps, { shopId, id }, { ...call.body, by })
        const what = done.taken ? '确认到账' : '登记到账，待退回'
        const summary = `订单 ${done.orderNo} 收款码${what} ${formatMoney(fen(receivedFen))}，单号 ${done.transactionNo}`
        await record(tx, call, 'confirm', id, summary)
        return done
      })
      return one(row)
    },

    'console.refusePersonalPayment': async (call) => {
      const { shopId, personalPaymentId: id } = call.params
      const row = await db.tx({ shopId }, async (tx) => {
        const done = await refuse(tx, deps, { shopId, id }, { ...call.body, by: staffOf(call.caller).name })
        await record(tx, call, 'refuse', id, `订单 ${done.orderNo} 收款码付款没有到账：${call.body.reason}`)
        return done
      })
      return one(row)
    },

    'console.recordPersonalRefund': async (call) => {
      const { shopId, personalRefundId: id } = call.params
      const found = await db.read({ shopId }, (tx) => findHandRefund(tx, shopId, id))
      if (await deps.orders.isLargeRefund(shopId, found?.amountFen ?? 0)) await call.stepUp()
      const row = await db.tx({ shopId }, async (tx) => {
        const done = await recordRefund(tx, deps, { shopId, id }, { ...call.body, by: staffOf(call.caller).name })
        const summary = `订单 ${done.orderNo} 手工退款 ${formatMoney(fen(done.amountFen))}，单号 ${done.transactionNo}`
        await record(tx, call, 'refund', id, summary)
        return done
      })
      return (await named(deps, [row], refundView))[0]!
    },
  }
}

function codeHandlers(deps: PersonalCodeDeps): Handlers {
  const { db, clock } = deps
  const record = recordFor(deps)
  return {
    'console.personalCodes': ({ params: { shopId } }) => db.read({ shopId }, (tx) => codesView(tx, deps, shopId)),

    'console.savePersonalCode': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const { shopId, codeId: id } = call.params
        const codes = await codesOf(tx, shopId)
        if (call.body.version > 0 && !codes.some((code) => code.id === id))
          throw new AppError('NOT_FOUND', { values: { what: '收款码' } })
        if (call.body.version === 0 && codes.length >= MOST_CODES)
          throw new AppError('LIMIT_REACHED', { values: { what: '收款码', limit: MOST_CODES } })
        await requirePictures(tx, deps, shopId, [call.body.fileId])
        const by = { changedAt: clock.instant(), changedBy: staffOf(call.caller).name }
        if (!(await saveCode(tx, { shopId, id, ...call.body, ...by })))
          throw new AppError('CONFLICT', { values: { what: '收款码' } })
        const { label, payee, singleLimitFen, active } = call.body
        const limit = formatMoney(fen(singleLimitFen))
        await record(tx, call, 'code', id, `收款码「${label}」${payee}，单笔 ${limit}，${active ? '启用' : '停用'}`)
        return codesView(tx, deps, shopId)
      }),

    'console.uploadPersonalCode': async ({ params: { shopId }, request, caller }) => {
      const { staffId: id, name } = staffOf(caller)
      const stored = await takePicture(deps, request, shopId, { kind: 'staff', id, name })
      const { width, height, kind, whiteEdgeBp, durationMs } = stored
      return { fileId: stored.id, url: variantUrl(stored.id), width, height, kind, whiteEdgeBp, durationMs }
    },
  }
}

function listHandlers(deps: PersonalCodeDeps): Handlers {
  const { db } = deps
  return {
    'console.personalPayments': async ({ params: { shopId }, query: { cursor, limit, ...filter } }) => {
      const before = decodeCursor(cursor, ListCursor)
      const rows = await db.read({ shopId }, (tx) => listPersonal(tx, shopId, { ...filter, before, limit: limit + 1 }))
      const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.openedAt, id: row.id }))
      return { items: await named(deps, items, staffView), nextCursor }
    },

    'console.personalRefunds': async ({ params: { shopId }, query: { cursor, limit, ...filter } }) => {
      const after = decodeCursor(cursor, RefundCursor)
      const rows = await db.read({ shopId }, (tx) =>
        listHandRefunds(tx, shopId, { ...filter, after, limit: limit + 1 }),
      )
      const { items, nextCursor } = keysetPage(rows, limit, (row: HandRefundRow) => {
        return { recorded: row.state === 'recorded', at: row.createdAt, id: row.id }
      })
      return { items: await named(deps, items, refundView), nextCursor }
    },

    'console.personalDays': ({ params: { shopId }, query: { cursor, limit } }) =>
      db.read({ shopId }, async (tx) => {
        const before = decodeCursor(cursor, z.iso.date())
        const zone = await deps.timeZoneOf(tx, shopId)
        const days = await daysWithMoney(tx, shopId, { zone, before, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(days, limit, (day) => day)
        return { items: await daysView(tx, shopId, zone, items), nextCursor }
      }),
  }
}
