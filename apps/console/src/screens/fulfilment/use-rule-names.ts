import { useShop } from '../../app/session.tsx'
import { useRead } from '../../kit/api.ts'
import type { Names } from './rule-words.ts'

/** What the warehouses and categories are called that rules name by their ids. */
export function useRuleNames(): Names {
  const { shopId, may } = useShop()
  const warehouses = useRead('console.warehouses', { params: { shopId } })
  const categories = useRead('console.categories', { params: { shopId } }, { enabled: may('catalog.read') })
  return new Map(
    [...(warehouses.data?.items ?? []), ...(categories.data?.items ?? [])].map(({ id, name }) => [id, name]),
  )
}
