import type { TagDimension, TagDimensionInput } from '@zhanggui/contract'
import { audit } from '../../../kernel/audit.ts'
import type { Tx } from '../../../kernel/db.ts'
import { AppError } from '../../../kernel/errors.ts'
import { newId } from '../../../kernel/ids.ts'
import type { CatalogDeps } from '../deps.ts'
import type { EditBy } from '../edit-product.ts'
import { duplicate, invalid } from '../rules.ts'
import {
  carriers,
  deleteDimension,
  deleteValues,
  insertDimension,
  loadDimensions,
  lockTags,
  updateDimension,
  upsertValues,
} from './store-tags.ts'

type TagDeps = Pick<CatalogDeps, 'db' | 'clock'>

const MAX_DIMENSIONS = 50

/** @throws AppError DUPLICATE (a dimension's or a value's name), VALIDATION_FAILED (too many dimensions) */
export async function createDimension(deps: TagDeps, by: EditBy, input: TagDimensionInput): Promise<TagDimension> {
  const { shopId } = by
  checkNames(input)
  return deps.db.tx({ shopId }, async (tx) => {
    await lockTags(tx, shopId)
    const all = await loadDimensions(tx, shopId)
    if (all.length >= MAX_DIMENSIONS) throw invalid('name', `标签维度最多 ${MAX_DIMENSIONS} 个`)
    const { name, position, storefront } = input
    const id = newId()
    if (!(await insertDimension(tx, shopId, { id, name, position, storefront }, deps.clock.instant())))
      throw duplicate('标签维度', name, 'name')
    await upsertValues(tx, shopId, rowsOf(id, input))
    await record(tx, deps, by, 'create', id, `新建标签维度「${name}」：${namesOf(input)}`)
    return dimensionOf(tx, shopId, id)
  })
}

/**
 * Writes a dimension with all its values.
 * @throws AppError NOT_FOUND, DUPLICATE, TAG_IN_USE (a value that is left out is carried by products)
 */
export async function changeDimension(
  deps: TagDeps,
  by: EditBy,
  id: string,
  input: TagDimensionInput,
): Promise<TagDimension> {
  const { shopId } = by
  checkNames(input)
  return deps.db.tx({ shopId }, async (tx) => {
    await lockTags(tx, shopId)
    const all = await loadDimensions(tx, shopId)
    const before = all.find((each) => each.id === id)
    if (!before) throw new AppError('NOT_FOUND', { values: { what: '标签维度' } })
    if (all.some((each) => each.id !== id && each.name === input.name)) throw duplicate('标签维度', input.name, 'name')
    const known = new Set(before.values.map((value) => value.id))
    const strange = input.values.findIndex((value) => value.id !== undefined && !known.has(value.id))
    if (strange >= 0) throw invalid(`values.${strange}.id`, `维度「${before.name}」没有这个标签`)
    const kept = new Set(input.values.map((value) => value.id))
    await removeValues(
      tx,
      shopId,
      before.values.filter((value) => !kept.has(value.id)),
    )
    const { name, position, storefront } = input
    await updateDimension(tx, shopId, { id, name, position, storefront })
    await upsertValues(tx, shopId, rowsOf(id, input))
    await record(tx, deps, by, 'update', id, `修改标签维度「${before.name}」：${namesOf(input)}`)
    return dimensionOf(tx, shopId, id)
  })
}

/** @throws AppError NOT_FOUND, TAG_IN_USE */
export async function removeDimension(deps: TagDeps, by: EditBy, id: string): Promise<void> {
  const { shopId } = by
  await deps.db.tx({ shopId }, async (tx) => {
    await lockTags(tx, shopId)
    const before = (await loadDimensions(tx, shopId)).find((each) => each.id === id)
    if (!before) throw new AppError('NOT_FOUND', { values: { what: '标签维度' } })
    await removeValues(tx, shopId, before.values)
    await deleteDimension(tx, shopId, id)
    await record(tx, deps, by, 'delete', id, `删除标签维度「${before.name}」`)
  })
}

/** The rows go first: whoever tags a product with one at this moment has to wait, and then finds it gone. */
async function removeValues(tx: Tx, shopId: string, values: readonly { id: string; name: string }[]): Promise<void> {
  if (values.length === 0) return
  await deleteValues(
    tx,
    shopId,
    values.map(({ id }) => id),
  )
  const carried = await carriers(
    tx,
    shopId,
    values.map(({ id }) => id),
  )
  const used = values.find(({ id }) => (carried.get(id) ?? 0) > 0)
  if (used) throw new AppError('TAG_IN_USE', { values: { name: used.name, count: carried.get(used.id)! } })
}

async function dimensionOf(tx: Tx, shopId: string, id: string): Promise<TagDimension> {
  return (await loadDimensions(tx, shopId)).find((each) => each.id === id)!
}

function checkNames(input: TagDimensionInput): void {
  const seen = new Set<string>()
  input.values.forEach(({ name }, index) => {
    if (seen.has(name)) throw duplicate('标签', name, `values.${index}.name`)
    seen.add(name)
  })
}

const rowsOf = (dimensionId: string, input: TagDimensionInput) =>
  input.values.map(({ id, name }, position) => ({ id: id ?? newId(), dimensionId, name, position }))

const namesOf = (input: TagDimensionInput): string => input.values.map(({ name }) => name).join('、') || '（没有标签）'

async function record(tx: Tx, deps: TagDeps, by: EditBy, verb: string, entityId: string, summary: string) {
  const clipped = summary.length > 200 ? `${summary.slice(0, 199)}…` : summary
  await audit(tx, deps.clock, {
    ...by,
    action: `catalog.${verb}-tag-dimension`,
    entity: 'tag-dimension',
    entityId,
    summary: clipped,
  })
}
