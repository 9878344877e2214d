import type { Category } from '@zhanggui/contract'
import { useShop } from '../../app/session.tsx'
import { useRead } from '../../kit/api.ts'

export interface CategoryNode {
  /** antd's tree controls name it so. */
  value: string
  key: string
  title: string
  category: Category
  children: CategoryNode[]
}

/** The tree of a flat list, each level by position, then name. */
export function categoryTree(items: readonly Category[]): CategoryNode[] {
  const byParent = Map.groupBy(items, (category) => category.parentId)
  const nodes = (parentId: string | null): CategoryNode[] =>
    [...(byParent.get(parentId) ?? [])]
      .sort((a, b) => a.position - b.position || a.name.localeCompare(b.name, 'zh-CN'))
      .map((category) => ({
        value: category.id,
        key: category.id,
        title: category.name,
        category,
        children: nodes(category.id),
      }))
  return nodes(null)
}

/** A category and everything below it: where it cannot be moved to. */
export function withDescendants(items: readonly Category[], id: string): Set<string> {
  const found = new Set([id])
  for (let grown = true; grown; ) {
    grown = false
    for (const category of items)
      if (category.parentId !== null && found.has(category.parentId) && !found.has(category.id)) {
        found.add(category.id)
        grown = true
      }
  }
  return found
}

/** The shop's categories. */
export function useCategories() {
  const { shopId } = useShop()
  const read = useRead('console.categories', { params: { shopId } })
  return { read, items: read.data?.items ?? [], tree: categoryTree(read.data?.items ?? []) }
}
