import { WechatPayError } from '../../adapters/wechat-pay/index.ts'
import { AppError } from '../../kernel/errors.ts'
import type { ReconciliationDeps } from './deps.ts'
import { compareDay } from './run.ts'
import type { DifferenceRow } from './store.ts'

/** Asks WeChat about the payment or refund and takes what it says, as the sweepers do; then looks at the day again. */
export async function askDifference(deps: ReconciliationDeps, shopId: string, row: DifferenceRow): Promise<void> {
  try {
    if (row.pair === 'payment') await deps.payments.askPayment(shopId, row.number)
    else if (row.pair === 'refund') await deps.payments.askRefund(shopId, row.number)
    else throw new AppError('NOT_FOUND', { values: { what: '可以向微信查询的收款或退款' } })
  } catch (error) {
    if (!(error instanceof WechatPayError)) throw error
    const reason = error.retryable ? '微信暂时没有回应，请稍后再试' : error.message
    throw new AppError('UNAVAILABLE', { values: { what: '微信支付', reason }, cause: error })
  }
  await compareDay(deps, shopId, row.day)
}
