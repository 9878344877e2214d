import type { Payment } from '@zhanggui/contract'
import { t } from '../../i18n/index.ts'

/** That an order was paid together with others, and by what number WeChat knows the whole (合单). */
export function CombinedNote({ combined }: Pick<Payment, 'combined'>) {
  if (combined === null) return null
  return (
    <span className="faint small num cell-note">
      {t('payment.combined', { count: combined.orders - 1, no: combined.no })}
    </span>
  )
}
