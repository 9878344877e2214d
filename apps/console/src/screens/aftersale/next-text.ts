import type { MerchantAftersale } from '@zhanggui/contract'
import { t } from '../../i18n/index.ts'

/** What the shop has chosen for a case that nobody decides in time. */
export type OnSilence = 'approve' | 'platform'

/** What a clock does when it runs out: `modules/aftersale/sweep.ts` has the same. */
function resultOf({ state, type }: Pick<MerchantAftersale, 'state' | 'type'>, onSilence: OnSilence | undefined) {
  switch (state) {
    case 'requested':
      if (onSilence === undefined) return 'requested.rule'
      return onSilence === 'platform' ? 'requested.platform' : (`requested.${type}` as const)
    case 'inspecting':
      return type === 'exchange' ? 'inspecting.exchange' : 'inspecting.return'
    case 'returning':
    case 'resending':
    case 'resent':
    case 'rejected':
    case 'disputed':
      return state
    default:
      return undefined
  }
}

/** Who has how long for what, and what happens otherwise; undefined where no clock decides anything. */
export function nextText(
  row: Pick<MerchantAftersale, 'state' | 'type'>,
  time: string,
  onSilence: OnSilence | undefined,
): string | undefined {
  const result = resultOf(row, onSilence)
  return result && t(`aftersale.next.${result}`, { time })
}
