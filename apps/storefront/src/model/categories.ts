import type { Category } from '@zhanggui/contract'

/** What the page of categories shows for one of them. */
export interface CategoryView {
  /** Categories of the first level that have goods. */
  top: Category[]
  /** The first level of the current one. */
  root: Category | undefined
  /** What is right below `root`. */
  children: Category[]
  /** What is listed; undefined when the shop has no category with goods. */
  current: Category | undefined
}

/** Two levels around `id`; without it, or when there is no such category, the first that has goods. */
export function categoryView(categories: readonly Category[], id: string | undefined): CategoryView {
  const filled = categories.filter(({ productCount }) => productCount > 0)
  const top = filled.filter(({ parentId }) => parentId === null)
  const current = filled.find((one) => one.id === id) ?? top[0]
  let root = current
  for (let up = root; up?.parentId; ) {
    up = filled.find((one) => one.id === up!.parentId)
    root = up ?? root
  }
  return { top, root, children: root ? filled.filter(({ parentId }) => parentId === root.id) : [], current }
}
