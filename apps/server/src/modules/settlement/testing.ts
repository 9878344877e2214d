import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startTestApp, type TestApp, type TestAppOptions, type TestShop } from '../../../../../tests/support/app.ts'
import { DAY_MS, plusMs } from '../../kernel/clock.ts'
import { sql } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'
import { accountId, applyTransfers, getBalances, refusalError, type TransferCommand } from '../../ledger/index.ts'
import { shopAccount, shopAccounts } from './accounts.ts'

export interface SettledOrder {
  orderId: string
  totalFen: number
}

/** Money of orders whose life before settlement does not matter: paid and settled straight in the ledger. */
export function moneyStage(options: TestAppOptions = {}) {
  const s = {} as { app: TestApp; shop: TestShop; params: { shopId: string } }
  beforeAll(async () => {
    s.app = await startTestApp({ clickhouse: false, ...options })
  })
  afterAll(() => s.app?.close())
  beforeEach(async () => {
    s.shop = await s.app.openTestShop()
    s.params = { shopId: s.shop.shopId }
  })

  async function post(transfers: TransferCommand[], orderId: string): Promise<void> {
    const { shopId } = s.params
    const codes = [
      'merchant.pending',
      'merchant.available',
      'merchant.frozen',
      'merchant.negative',
      'deposit.held',
    ] as const
    const accounts = [
      ...shopAccounts(shopId, ...codes, 'channel.wechat', 'channel.personal-code', 'fee.channel'),
      { shopId, code: 'order.paid', owners: [orderId], unit: 'CNY', minBalance: 0 },
      { shopId, code: 'share.pending', owners: [PARTY, shopId], unit: 'CNY', minBalance: 0 },
    ]
    await s.app.app.db.tx('system', async (tx) => {
      const [result] = await applyTransfers(tx, s.app.clock, [{ shopId, accounts, transfers }])
      if (!result!.ok) throw refusalError(result!.refusal)
      await s.app.app.settlement.takeSettled(tx, shopId, orderId)
    })
  }

  const leg = (orderId: string, code: string, debit: string, credit: string, amount: number): TransferCommand => ({
    kind: 'posted',
    ...{ id: newId(), code, debit, credit, amount, unit: 'CNY', reference: { type: 'order', id: orderId } },
  })

  /** An order that was paid, completed and settled. */
  async function settledOrder(
    totalFen: number,
    how: { feeFen?: number; shareFen?: number; channel?: 'channel.wechat' | 'channel.personal-code' } = {},
  ): Promise<SettledOrder> {
    const { feeFen = 0, shareFen = 0, channel = 'channel.wechat' } = how
    const { shopId } = s.params
    const orderId = newId()
    const paid = accountId('order.paid', orderId)
    const settle = (credit: string, amount: number) =>
      amount > 0 ? [leg(orderId, 'order.settle', paid, credit, amount)] : []
    await post(
      [
        leg(orderId, 'payment.received', shopAccount(shopId, channel), paid, totalFen),
        ...settle(shopAccount(shopId, 'fee.channel'), feeFen),
        ...settle(accountId('share.pending', PARTY, shopId), shareFen),
        ...settle(shopAccount(shopId, 'merchant.pending'), totalFen - feeFen - shareFen),
      ],
      orderId,
    )
    return { orderId, totalFen }
  }

  /** A refund after the order was settled: brought back from where the merchant's money is, then paid out. */
  async function refundSettled(
    orderId: string,
    from: { pending?: number; available?: number; negative?: number; share?: number; fee?: number },
  ): Promise<void> {
    const { shopId } = s.params
    const paid = accountId('order.paid', orderId)
    const back = (account: string, amount = 0) =>
      amount > 0 ? [leg(orderId, 'order.bring-back', account, paid, amount)] : []
    const sum = Object.values(from).reduce((total, each) => total + each, 0)
    await post(
      [
        ...back(shopAccount(shopId, 'merchant.pending'), from.pending),
        ...back(shopAccount(shopId, 'merchant.available'), from.available),
        ...back(shopAccount(shopId, 'merchant.negative'), from.negative),
        ...back(accountId('share.pending', PARTY, shopId), from.share),
        ...back(shopAccount(shopId, 'fee.channel'), from.fee),
        leg(orderId, 'refund.paid', paid, shopAccount(shopId, 'channel.wechat'), sum),
      ],
      orderId,
    )
  }

  async function balance(code: Parameters<typeof shopAccount>[1]): Promise<number> {
    const id = shopAccount(s.params.shopId, code)
    const found = await s.app.app.db.read('system', (tx) => getBalances(tx, s.params.shopId, [id]))
    return found.get(id)?.available ?? 0
  }

  /** Moves the clock to an instant to come, settles, and signs the owner in again, who has proved to be it. */
  async function moveTo(instant: string): Promise<void> {
    await s.app.advance(Date.parse(instant) - s.app.clock.millis())
    s.shop.owner = await s.app.signIn(s.shop.ownerAccount)
    await s.app.app.db.tx('system', (tx) =>
      tx.exec(sql`
        insert into staff_step_ups (session_id, purpose, means, proven_at, expires_at)
        select id, purpose, 'totp', created_at, created_at + interval '9 days'
        from staff_sessions, unnest(array['payout', 'withdrawal']) as purpose on conflict do nothing`),
    )
  }
  const moveDays = (days: number) => moveTo(plusMs(s.app.clock.instant(), days * DAY_MS))

  return Object.assign(s, { settledOrder, refundSettled, balance, moveTo, moveDays })
}

/** Whose shares tests keep. */
const PARTY = '0190aaaa-0000-7000-8000-000000000001'
