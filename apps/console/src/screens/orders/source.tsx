import type { MerchantOrder } from '@zhanggui/contract'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'

/** The channel account that brought an order, in words. */
export function sourceText(source: MerchantOrder['source']): string {
  if (source === null) return t('order.sourceNone')
  return source.name === '' ? t('order.sourceGone') : source.name
}

/** Orders by the account that brought them, for those who may see the accounts. */
export function useSourceFilters() {
  const { shopId, may } = useShop()
  const accounts = useRead('console.channelAccounts', { params: { shopId } }, { enabled: may('settings.read') })
  const items = accounts.data?.items ?? []
  if (items.length === 0) return []
  const options = [
    ...items.map(({ id, name }) => ({ value: id, label: name })),
    { value: 'none', label: t('order.sourceNone') },
  ]
  return [{ kind: 'choice' as const, name: 'channelAccount', label: t('order.source'), options }]
}
