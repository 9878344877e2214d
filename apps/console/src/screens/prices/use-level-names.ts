import { useShop } from '../../app/session.tsx'
import { useRead } from '../../kit/api.ts'

/** What the levels of members are called that rules name by their ids. */
export function useLevelNames(): ReadonlyMap<string, string> {
  const { shopId } = useShop()
  const levels = useRead('console.memberLevels', { params: { shopId } })
  return new Map((levels.data?.items ?? []).map(({ id, name }) => [id, name]))
}
