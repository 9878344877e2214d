import type { ContentRules } from '@zhanggui/contract'
import { useShop } from '../../../app/session.tsx'
import { useRead } from '../../../kit/api.ts'

/** The shop's rules of product content; undefined while they are on their way. */
export function useContentRules(): ContentRules | undefined {
  const { shopId } = useShop()
  return useRead('console.contentRules', { params: { shopId } }).data
}
