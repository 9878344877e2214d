import { WechatPayError } from '../../adapters/wechat-pay/index.ts'
import type { WechatPay } from '../../adapters/wechat-pay/port.ts'
import type { Tx } from '../../kernel/db.ts'
import { PLATFORM_SHOP_ID } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { ReconciliationDeps } from './deps.ts'
import { type BillLineRow, flowLine, isBillDue, splitLine, tradeLine } from './rules.ts'
import { countBills, forgetBill, saveLines } from './store-lines.ts'

/** Lines in one statement. */
const CHUNK = 10_000
/** So many lines change what the planner should think of the table. */
const COUNTED_FROM = 1_000

type Bills = Pick<WechatPay, 'tradeBill' | 'fundFlowBill' | 'splitBill'>

/** Fetches the day's bills and keeps their lines. False when WeChat has not made them yet. @throws WechatPayError */
export async function fetchBills(deps: ReconciliationDeps, wechatPay: Bills, day: string): Promise<boolean> {
  const trade = await lines(deps, day, async () => (await wechatPay.tradeBill(day)).rows.map(tradeLine))
  const flow = trade && (await lines(deps, day, async () => (await wechatPay.fundFlowBill(day)).rows.map(flowLine)))
  const split =
    flow &&
    (await lines(deps, day, async () => (await wechatPay.splitBill(day)).rows.flatMap((row) => splitLine(row) ?? [])))
  if (!trade || !flow || !split) return false
  await deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`bills:${day}`])
    const otherwise = await homeOfStrangers(deps, tx)
    for (const [bill, rows] of [
      ['trade', trade],
      ['flow', flow],
      ['split', split],
    ] as const) {
      // A bill that WeChat no longer keeps does not take away the copy that is here.
      if (rows.length > 0) await forgetBill(tx, day, bill)
      for (let begin = 0; begin < rows.length; begin += CHUNK)
        await saveLines(tx, day, rows.slice(begin, begin + CHUNK), otherwise)
    }
    if (trade.length + flow.length + split.length > COUNTED_FROM) await countBills(tx)
  })
  return true
}

/** Undefined while the bill is not made; none when there was nothing to write into it. */
async function lines(
  deps: ReconciliationDeps,
  day: string,
  ask: () => Promise<BillLineRow[]>,
): Promise<BillLineRow[] | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof WechatPayError)) throw error
    if (error.code === 'STATEMENT_CREATING') return undefined
    if (error.code === 'NO_STATEMENT_EXIST') return isBillDue(day, deps.clock.millis()) ? [] : undefined
    throw error
  }
}

/** Where there is one shop only, everything is its own; otherwise the platform looks into what nobody knows. */
async function homeOfStrangers(deps: ReconciliationDeps, tx: Tx): Promise<string> {
  const shops = await deps.parties.listShops(tx, { limit: 2 })
  return shops.length === 1 ? shops[0]!.id : PLATFORM_SHOP_ID
}
