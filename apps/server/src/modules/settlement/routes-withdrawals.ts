import type { Payout, PayoutAccount, Withdrawal } from '@zhanggui/contract'
import type { z } from 'zod'
import type { WechatPay } from '../../adapters/wechat-pay/index.ts'
import { audit } from '../../kernel/audit.ts'
import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { buyerOf, type Caller, staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { once } from '../../kernel/idempotency.ts'
import { maskName } from '../../kernel/mask.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { historyOf, movementsByIds } from '../../ledger/index.ts'
import { hurryWithdrawal } from './advance-withdrawal.ts'
import { cancelWithdrawal } from './cancel-withdrawal.ts'
import type { SettlementDeps } from './deps.ts'
import { partyPayee, shopPayee } from './payees.ts'
import { TimeCursor } from './routes.ts'
import { accountHoldHours } from './settings.ts'
import {
  findPayout,
  findWithdrawal,
  listWithdrawals,
  type PayoutRow,
  savePayout,
  type WithdrawalRow,
  withdrawalsOfBuyer,
} from './store-withdrawals.ts'
import { intendWithdrawal, type Payee, withdrawable } from './withdraw.ts'
import type { Owner } from './withdrawal-rules.ts'

const PAYOUTS_SHOWN = 50

export function withdrawalHandlers(deps: SettlementDeps): Handlers {
  return { ...consoleHandlers(deps), ...buyerHandlers(deps) }
}

const notFound = () => new AppError('NOT_FOUND', { values: { what: '提现' } })

function required(deps: SettlementDeps): WechatPay {
  if (deps.wechatPay) return deps.wechatPay
  throw new AppError('UNAVAILABLE', { values: { what: '微信支付', reason: '尚未配置商户号（WECHAT_PAY_MCHID 等）' } })
}

const view = (row: WithdrawalRow): z.input<typeof Withdrawal> => row

interface StaffCall {
  params: { shopId: string }
  caller: Caller
  ip: string
  requestId: string
}

function consoleHandlers(deps: SettlementDeps): Handlers {
  const { db, clock } = deps
  const record = (tx: Tx, call: StaffCall, action: string, entityId: string, summary: string) => {
    const { staffId: id, name } = staffOf(call.caller)
    return audit(tx, clock, {
      ...{
        shopId: call.params.shopId,
        actor: { kind: 'staff', id, name },
        action,
        entity: 'withdrawal',
        entityId,
        summary,
      },
      ...{ ip: call.ip, requestId: call.requestId },
    })
  }
  const accountView = async (tx: Tx, row: PayoutRow): Promise<z.input<typeof PayoutAccount>> => ({
    ...row,
    nickname: (await deps.nicknames(tx, [row.buyerId])).get(row.buyerId) ?? '',
  })
  return {
    'console.payoutAccount': ({ params: { shopId } }) =>
      db.read('system', async (tx) => {
        const row = await findPayout(tx, shopId)
        return {
          account: row ? await accountView(tx, row) : null,
          limits: await withdrawable(tx, deps, shopId, { kind: 'shop', id: shopId }),
        }
      }),

    'console.setPayoutAccount': (call) =>
      db.tx('system', async (tx) => {
        const { shopId } = call.params
        const { buyerId, realName, version } = call.body
        if (!(await deps.isBuyerOf(tx, shopId, buyerId)))
          throw new AppError('NOT_FOUND', { values: { what: '收款人' } })
        const { mini, mp } = await deps.openidsOf(tx, buyerId)
        const openid = mini ?? mp
        if (openid === null)
          throw new AppError('WITHDRAWAL_REFUSED', {
            values: { reason: '收款人还没有用微信登录过本店的小程序或公众号' },
          })
        const before = await findPayout(tx, shopId)
        const at = clock.instant()
        const hold = (await deps.settings.get(accountHoldHours, {}, tx)) * HOUR_MS
        const row: PayoutRow = {
          ...{ shopId, buyerId, version, setAt: at, setBy: staffOf(call.caller).name },
          app: mini === null ? 'mp' : 'mini',
          openidSealed: deps.vault.encrypt(openid, `payout:${shopId}:openid`),
          realNameSealed: deps.vault.encrypt(realName, `payout:${shopId}:name`),
          realNameMasked: maskName(realName),
          usableFrom: before === undefined ? at : plusMs(at, hold),
        }
        if (!(await savePayout(tx, row))) throw new AppError('CONFLICT', { values: { what: '收款账户' } })
        const answer = { ...(await accountView(tx, row)), version: version + 1 }
        await record(tx, call, 'settlement.set-payout-account', shopId, `提现收款人改为 ${row.realNameMasked}`)
        return answer
      }),

    'console.withdrawals': ({ params: { shopId }, query: { cursor, limit, ...filter } }) =>
      db.read({ shopId }, async (tx) => {
        const after = decodeCursor(cursor, TimeCursor)
        const rows = await listWithdrawals(tx, shopId, { ...filter, after, limit: limit + 1 })
        const { items, nextCursor } = keysetPage(rows, limit, (row) => ({ at: row.createdAt, id: row.id }))
        return { items: items.map(view), nextCursor }
      }),

    'console.withdrawal': ({ params: { shopId, withdrawalId } }) =>
      db.read({ shopId }, async (tx) => {
        const row = await findWithdrawal(tx, shopId, withdrawalId)
        if (!row) throw notFound()
        const history = await historyOf(tx, shopId, { type: 'withdrawal', id: withdrawalId })
        const ids = history.map(({ id }) => id)
        const movements = (await movementsByIds(tx, shopId, ids)).map((move) => ({
          ...{ id: move.id, code: move.code, fromAccount: move.debitCode, toAccount: move.creditCode },
          ...{ amountFen: move.amount, at: move.createdAt },
        }))
        return { ...view(row), movements }
      }),

    'console.withdraw': async (call) => {
      required(deps)
      const { shopId } = call.params
      const { staffId, name } = staffOf(call.caller)
      const owner: Owner = { kind: 'shop', id: shopId }
      const id = await db.tx('system', (tx) => {
        const key = { shopId, callerId: staffId, route: 'console.withdraw', key: call.idempotencyKey }
        return once(tx, { ...key, request: call.body, at: clock.instant() }, async () => {
          const payee = await shopPayee(tx, deps, shopId)
          const made = await intendWithdrawal(tx, deps, { shopId, owner, payee, requestedBy: name, ...call.body })
          await record(tx, call, 'settlement.withdraw', made, `申请提现 ${(call.body.amountFen / 100).toFixed(2)} 元`)
          return made
        })
      })
      await hurryWithdrawal(deps, shopId, id)
      return db.read({ shopId }, async (tx) => view((await findWithdrawal(tx, shopId, id))!))
    },

    'console.cancelWithdrawal': async (call) => {
      const { shopId, withdrawalId } = call.params
      required(deps)
      await cancelWithdrawal(deps, shopId, withdrawalId, (tx, row) =>
        record(tx, call, 'settlement.cancel-withdrawal', row.id, `撤销提现 ${row.number}`),
      )
      return db.read({ shopId }, async (tx) => view((await findWithdrawal(tx, shopId, withdrawalId))!))
    },
  }
}

function buyerHandlers(deps: SettlementDeps): Handlers {
  const { db, clock } = deps
  const payout = async (tx: Tx, row: WithdrawalRow): Promise<z.input<typeof Payout>> => ({
    ...row,
    shopName: (await deps.parties.requireShop(tx, row.shopId)).name,
    client:
      row.state === 'waiting' && row.packageInfo !== null && deps.wechatPay
        ? { mchId: deps.wechatPay.mchid, appId: row.appid, package: row.packageInfo }
        : null,
  })
  /** What is not the buyer's own is not there. */
  const own = async (tx: Tx, buyerId: string, id: string): Promise<WithdrawalRow> => {
    const row = (await withdrawalsOfBuyer(tx, buyerId, PAYOUTS_SHOWN)).find((each) => each.id === id)
    if (!row) throw notFound()
    return row
  }
  return {
    'buyer.payouts': ({ caller }) =>
      db.read('system', async (tx) => {
        const rows = await withdrawalsOfBuyer(tx, buyerOf(caller), PAYOUTS_SHOWN)
        return { items: await Promise.all(rows.map((row) => payout(tx, row))) }
      }),

    'buyer.refreshPayout': async ({ params: { withdrawalId }, caller }) => {
      const buyerId = buyerOf(caller)
      const { shopId } = await db.read('system', (tx) => own(tx, buyerId, withdrawalId))
      await hurryWithdrawal(deps, shopId, withdrawalId)
      return db.read('system', async (tx) => payout(tx, await own(tx, buyerId, withdrawalId)))
    },

    'buyer.partyWithdrawal': ({ params: { shopId, partyId }, caller }) =>
      db.read('system', async (tx) => {
        const payee = await partyPayee(tx, deps, { shopId, partyId, buyerId: buyerOf(caller) })
        const { name: shopName } = await deps.parties.requireShop(tx, shopId)
        const limits = await withdrawable(tx, deps, shopId, { kind: 'party', id: partyId })
        return { ...limits, partyName: payee.ownerName, shopName }
      }),

    'buyer.withdrawShare': async ({ params: { shopId, partyId }, body, caller, idempotencyKey, ip, requestId }) => {
      required(deps)
      const buyerId = buyerOf(caller)
      const owner: Owner = { kind: 'party', id: partyId }
      const id = await db.tx('system', async (tx) => {
        const payee: Payee = await partyPayee(tx, deps, { shopId, partyId, buyerId })
        const key = { shopId, callerId: buyerId, route: 'buyer.withdrawShare', key: idempotencyKey, request: body }
        return once(tx, { ...key, at: clock.instant() }, async () => {
          const made = await intendWithdrawal(tx, deps, {
            ...{ shopId, owner, payee, requestedBy: payee.ownerName, ...body },
          })
          await audit(tx, clock, {
            ...{ shopId, actor: { kind: 'buyer', id: buyerId, name: payee.ownerName }, action: 'settlement.withdraw' },
            ...{ entity: 'withdrawal', entityId: made, ip, requestId },
            summary: `合作方「${payee.ownerName}」申请提现 ${(body.amountFen / 100).toFixed(2)} 元`,
          })
          return made
        })
      })
      await hurryWithdrawal(deps, shopId, id)
      return db.read('system', async (tx) => payout(tx, (await findWithdrawal(tx, shopId, id))!))
    },
  }
}
