import { WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { plusMs } from '../../kernel/clock.ts'
import { localDay, plusDays } from '../../kernel/days.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId, PLATFORM_SHOP_ID } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { bookFindings } from './compare-books.ts'
import { channelFindings } from './compare-channel.ts'
import type { ReconciliationDeps } from './deps.ts'
import { fetchBills } from './fetch-bills.ts'
import { closeResolved, type Looking, record } from './record.ts'
import { dayBounds, isOver, retryMs } from './rules.ts'
import { midnightMinutes, retryBillMinutes } from './settings.ts'
import { comparedAmong, dueDays, findDay, hereSide, setCompared, setDay, thereSide } from './store.ts'

const SHOPS_AT_ONCE = 100

/** Compares a day of a shop with the bills that are here, and its neighbours, which may have waited for it. */
export async function compareDay(deps: ReconciliationDeps, shopId: string, day: string): Promise<void> {
  const minutes = await deps.settings.get(midnightMinutes, { shopId })
  await deps.db.tx('system', async (tx) => {
    // Two runs at once find the same one after the other.
    await lockInOrder(tx, [`reconcile:${shopId}`])
    const [runId, at] = [newId(), deps.clock.instant()]
    const { from, to } = dayBounds(day)
    const there = await thereSide(tx, shopId, day)
    const here = await hereSide(tx, shopId, { from, to })
    await setCompared(tx, { shopId, day, runId, at, there, here })
    const days = await comparedAmong(tx, shopId, [plusDays(day, -1), day, plusDays(day, 1)])
    const looks = days.map(
      (each): Looking => ({ shopId, day: each, ...dayBounds(each), midnightMinutes: minutes, runId, at }),
    )
    for (const look of looks)
      for (const finding of [...channelFindings(look), ...bookFindings(look)]) await record(tx, look, finding)
    for (const look of looks) await closeResolved(tx, look)
  })
}

/** Fetches a day's bills and notes how that went. False when they are not there yet. @throws WechatPayError */
async function haveBills(deps: ReconciliationDeps, day: string): Promise<boolean> {
  if (!deps.wechatPay)
    throw new AppError('UNAVAILABLE', {
      values: { what: '对账', reason: '尚未配置微信支付商户号（WECHAT_PAY_MCHID 等）' },
    })
  const minutes = await deps.settings.get(retryBillMinutes, {})
  const note = async (state: 'waiting' | 'failed' | 'done', lastError: string | null) => {
    const known = await deps.db.read('system', (tx) => findDay(tx, PLATFORM_SHOP_ID, day))
    const checkAt = state === 'done' ? null : plusMs(deps.clock.instant(), retryMs(minutes, known?.tries ?? 0))
    await deps.db.tx('system', (tx) => setDay(tx, { shopId: PLATFORM_SHOP_ID, day, state, checkAt, lastError }))
  }
  try {
    const isThere = await fetchBills(deps, deps.wechatPay, day)
    await note(isThere ? 'done' : 'waiting', isThere ? null : '微信账单还没生成')
    return isThere
  } catch (error) {
    await note('failed', (error instanceof Error ? error.message : String(error)).slice(0, 300))
    throw error
  }
}

/** On demand: fetches and compares a day for one shop. */
export async function reconcileDay(deps: ReconciliationDeps, shopId: string, day: string): Promise<void> {
  if (!isOver(day, deps.clock.millis()))
    throw new AppError('VALIDATION_FAILED', { values: { field: '日期', reason: '只能对已经结束的日子' }, field: 'day' })
  try {
    if (await haveBills(deps, day)) return await compareDay(deps, shopId, day)
  } catch (error) {
    if (!(error instanceof WechatPayError)) throw error
    const reason = error.retryable ? '微信暂时没有给出账单，请稍后再试' : error.message
    throw new AppError('UNAVAILABLE', { values: { what: '微信账单', reason }, cause: error })
  }
  await deps.db.tx('system', (tx) =>
    setDay(tx, { shopId, day, state: 'waiting', checkAt: null, lastError: '微信账单还没生成，生成后会自动对账' }),
  )
}

/** Fetches a day's bills and compares them for every shop; a failure is tried again by `reconcileDue`. */
export async function reconcileAll(deps: ReconciliationDeps, day: string): Promise<void> {
  if (!deps.wechatPay) return
  try {
    if (!(await haveBills(deps, day))) return
  } catch (error) {
    deps.log.warn({ err: error, day }, 'bills could not be had; they are asked for again')
    return
  }
  for (let afterId: string | undefined; ; ) {
    const after = afterId
    const shops = await deps.db.read('system', (tx) =>
      deps.parties.listShops(tx, { limit: SHOPS_AT_ONCE, ...(after === undefined ? {} : { afterId: after }) }),
    )
    for (const { id } of shops) await compareDay(deps, id, day)
    if (shops.length < SHOPS_AT_ONCE) break
    afterId = shops.at(-1)!.id
  }
  deps.log.info({ day }, 'a day was reconciled')
}

/** Yesterday, by schedule. */
export async function reconcileYesterday(deps: ReconciliationDeps): Promise<void> {
  await reconcileAll(deps, plusDays(localDay(deps.clock.instant()), -1))
}

/** Days whose bills were not there. Answers how many were due. */
export async function reconcileDue(deps: ReconciliationDeps): Promise<number> {
  const days = await deps.db.read('system', (tx) => dueDays(tx, PLATFORM_SHOP_ID, deps.clock.instant()))
  for (const day of days) await reconcileAll(deps, day)
  return days.length
}
