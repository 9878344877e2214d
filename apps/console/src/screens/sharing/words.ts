import type { ContractTerms } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { t } from '../../i18n/index.ts'

/** A contract's rate in words. */
export function rateText({ rate, base, serviceLevel }: Pick<ContractTerms, 'rate' | 'base' | 'serviceLevel'>): string {
  const much = rate.kind === 'bp' ? `${rate.bp / 100}%` : t('contract.aUnit', { amount: formatMoney(rate.fen) })
  const of = base === 'share' ? t('contract.ofShare', { much }) : much
  return serviceLevel === '' ? of : `${of} · ${serviceLevel}`
}
