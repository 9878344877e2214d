import { WechatPayError } from '../../adapters/wechat-pay/index.ts'
import type { PaymentsDeps } from './ports.ts'

/** What somebody has to look at. The counter `zhanggui_payments_trouble_total` has one series for each. */
export type Trouble =
  /** WeChat wants the merchant to finish a refund by hand. */
  | 'refund-abnormal'
  /** WeChat refuses a refund for a reason that time alone does not cure (e.g. not enough balance); it is tried again. */
  | 'refund-refused'
  /** Money that the order could not take did not go back in as many refunds as are tried. */
  | 'refund-given-up'
  /** WeChat speaks of money that is not in our books. */
  | 'unknown-payment'
  | 'unknown-refund'
  | 'unknown-notice'

/** Tells those who watch the logs and the metrics. */
export function trouble(
  { log, troubles }: Pick<PaymentsDeps, 'log' | 'troubles'>,
  kind: Trouble,
  fields: object,
  message: string,
): void {
  troubles.inc({ kind })
  log.error({ ...fields, trouble: kind }, message)
}

const MAX_TEXT = 300

/** An error as it is kept beside the row and shown to staff. */
export const errorText = (error: unknown): string =>
  (error instanceof WechatPayError ? `${error.code}: ${error.message}` : String(error)).slice(0, MAX_TEXT)
