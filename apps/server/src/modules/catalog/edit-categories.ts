import type { Category } from '@zhanggui/contract'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { CatalogDeps } from './deps.ts'
import type { EditBy } from './edit-product.ts'
import { type CategoryNode, categoryPath, checkPlacement, descendants, duplicate, invalid } from './rules.ts'
import { reindexCategories } from './search/store.ts'
import {
  countDirectly,
  countProducts,
  deleteCategory,
  insertCategory,
  loadTree,
  lockTree,
  MAX_CATEGORIES,
  updateCategory,
} from './store-categories.ts'

type CategoryInput = Omit<CategoryNode, 'id'>
type CategoryDeps = Pick<CatalogDeps, 'db' | 'clock'>

/** The tree as a list, parents before children; counts include what is below. `onSale` counts what buyers can see. */
export async function listCategories(tx: Tx, shopId: string, onSale: boolean): Promise<Category[]> {
  const tree = await loadTree(tx, shopId)
  const direct = await countProducts(tx, shopId, onSale)
  const children = Map.groupBy(tree.values(), ({ parentId }) => parentId)
  const list: Category[] = []
  const visit = (node: CategoryNode): number => {
    const category = { ...node, productCount: direct.get(node.id) ?? 0 }
    list.push(category)
    for (const child of children.get(node.id) ?? []) category.productCount += visit(child)
    return category.productCount
  }
  for (const root of children.get(null) ?? []) visit(root)
  return list
}

/** @throws AppError DUPLICATE, NOT_FOUND (parent), VALIDATION_FAILED (a fourth level, too many) */
export async function createCategory(deps: CategoryDeps, by: EditBy, input: CategoryInput): Promise<Category> {
  const { shopId } = by
  return deps.db.tx({ shopId }, async (tx) => {
    await lockTree(tx, shopId)
    const tree = await loadTree(tx, shopId)
    checkPlacement(tree, null, input.parentId)
    if (tree.size >= MAX_CATEGORIES) throw invalid('name', `类目最多 ${MAX_CATEGORIES} 个`)
    const node = { id: newId(), parentId: input.parentId, name: input.name, position: input.position }
    if (!(await insertCategory(tx, shopId, node, deps.clock.instant()))) throw duplicate('类目', input.name, 'name')
    tree.set(node.id, node)
    await recordChange(tx, deps, by, 'create', node.id, `新建类目「${categoryPath(tree, node.id).join(' / ')}」`)
    return { ...node, productCount: 0 }
  })
}

/** @throws AppError NOT_FOUND, DUPLICATE, VALIDATION_FAILED (below itself, a fourth level) */
export async function changeCategory(
  deps: CategoryDeps,
  by: EditBy,
  id: string,
  input: CategoryInput,
): Promise<Category> {
  const { shopId } = by
  return deps.db.tx({ shopId }, async (tx) => {
    await lockTree(tx, shopId)
    const tree = await loadTree(tx, shopId)
    const before = tree.get(id)
    if (!before) throw new AppError('NOT_FOUND', { values: { what: '类目' } })
    checkPlacement(tree, id, input.parentId)
    const sibling = [...tree.values()].find((node) => node.parentId === input.parentId && node.name === input.name)
    if (sibling && sibling.id !== id) throw duplicate('类目', input.name, 'name')
    const from = categoryPath(tree, id).join(' / ')
    const node = { id, parentId: input.parentId, name: input.name, position: input.position }
    await updateCategory(tx, shopId, node)
    tree.set(id, node)
    const direct = await countProducts(tx, shopId, false)
    const below = descendants(tree.values(), id)
    await reindexCategories(tx, shopId, [...below])
    await recordChange(tx, deps, by, 'update', id, `修改类目「${from}」为「${categoryPath(tree, id).join(' / ')}」`)
    return { ...node, productCount: [...below].reduce((sum, each) => sum + (direct.get(each) ?? 0), 0) }
  })
}

const FOREIGN_KEY_VIOLATION = '23503'

/** Removes a category that holds nothing. @throws AppError NOT_FOUND, CATEGORY_IN_USE */
export async function removeCategory(deps: CategoryDeps, by: EditBy, id: string): Promise<void> {
  const { shopId } = by
  let name = ''
  await deps.db
    .tx({ shopId }, async (tx) => {
      await lockTree(tx, shopId)
      const tree = await loadTree(tx, shopId)
      name = tree.get(id)?.name ?? ''
      if (!tree.has(id)) throw new AppError('NOT_FOUND', { values: { what: '类目' } })
      const count = await countDirectly(tx, shopId, id)
      if (count > 0) throw new AppError('CATEGORY_IN_USE', { values: { name, count } })
      await deleteCategory(tx, shopId, id)
      await recordChange(tx, deps, by, 'delete', id, `删除类目「${categoryPath(tree, id).join(' / ')}」`)
    })
    .catch((error: { code?: string }) => {
      // A product was put into it between the count and the deletion.
      if (error.code === FOREIGN_KEY_VIOLATION) throw new AppError('CATEGORY_IN_USE', { values: { name, count: 1 } })
      throw error
    })
}

async function recordChange(tx: Tx, deps: CategoryDeps, by: EditBy, verb: string, entityId: string, summary: string) {
  await audit(tx, deps.clock, { ...by, action: `catalog.${verb}-category`, entity: 'category', entityId, summary })
}
