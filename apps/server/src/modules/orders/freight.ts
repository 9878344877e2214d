import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { plainProvince } from '../pricing/index.ts'
import type { OrdersDeps } from './deps.ts'
import {
  clearDefaultFreight,
  deleteFreight,
  type FreightData,
  type FreightRow,
  freightNameTaken,
  freightTemplate,
  freightTemplates,
  insertFreight,
  updateFreight,
} from './store-freight.ts'

type Deps = Pick<OrdersDeps, 'clock'>

const MAX_TEMPLATES = 100

/** The template a new shop begins with: free delivery everywhere. */
export async function createDefaultFreight(tx: Tx, { clock }: Deps, shopId: string): Promise<string> {
  const id = newId()
  const everywhere = { provinces: [], deliverable: true, firstUnits: 1, firstFen: 0, moreUnits: 1, moreFen: 0 }
  const rules = [{ ...everywhere, freeFromFen: null }]
  await insertFreight(tx, shopId, id, { name: '全国包邮', isDefault: true, basis: 'piece', rules }, clock.instant())
  return id
}

/** @throws AppError DUPLICATE, VALIDATION_FAILED */
export async function createFreight(tx: Tx, { clock }: Deps, shopId: string, data: FreightData): Promise<FreightRow> {
  checkRules(data)
  await lockInOrder(tx, [`freight:${shopId}`])
  const others = await freightTemplates(tx, shopId)
  if (others.length >= MAX_TEMPLATES) throw invalid(`最多 ${MAX_TEMPLATES} 个模板`)
  const id = newId()
  // The first template is the default, whatever was asked: goods without a template need one.
  const row = { ...data, isDefault: data.isDefault || others.length === 0 }
  if (row.isDefault) await clearDefaultFreight(tx, shopId, id)
  if (!(await insertFreight(tx, shopId, id, row, clock.instant()))) throw nameTaken(data.name)
  return { ...row, shopId, id, version: 1 }
}

/** @throws AppError NOT_FOUND, CONFLICT, DUPLICATE, VALIDATION_FAILED */
export async function changeFreight(
  tx: Tx,
  { clock }: Deps,
  shopId: string,
  id: string,
  { version, ...data }: FreightData & { version: number },
): Promise<FreightRow> {
  checkRules(data)
  await lockInOrder(tx, [`freight:${shopId}`])
  const before = await required(tx, shopId, id)
  if (await freightNameTaken(tx, shopId, data.name, id)) throw nameTaken(data.name)
  // Only another template can take the default over, so that a shop always has one.
  const row = { ...data, isDefault: data.isDefault || before.isDefault }
  if (row.isDefault) await clearDefaultFreight(tx, shopId, id)
  if (!(await updateFreight(tx, shopId, id, version, row, clock.instant()))) throw conflict('运费模板')
  return { ...row, shopId, id, version: version + 1 }
}

/** @throws AppError NOT_FOUND, CONFLICT while it is the default or products use it */
export async function removeFreight(
  tx: Tx,
  deps: Pick<OrdersDeps, 'productsByFreight'>,
  shopId: string,
  id: string,
): Promise<FreightRow> {
  await lockInOrder(tx, [`freight:${shopId}`])
  const row = await required(tx, shopId, id)
  const used = (await deps.productsByFreight(tx, shopId)).get(id) ?? 0
  if (row.isDefault || used > 0)
    throw conflict(row.isDefault ? `默认运费模板「${row.name}」` : `运费模板「${row.name}」（${used} 个商品在用）`)
  await deleteFreight(tx, shopId, id)
  return row
}

async function required(tx: Tx, shopId: string, id: string): Promise<FreightRow> {
  const row = await freightTemplate(tx, shopId, id)
  if (row === undefined) throw new AppError('NOT_FOUND', { values: { what: '运费模板' } })
  return row
}

/** A province stands in one rule, and one rule at most is for everywhere else. */
function checkRules({ rules }: FreightData): void {
  const seen = new Set<string>()
  for (const rule of rules)
    for (const name of rule.provinces.length === 0 ? [''] : rule.provinces) {
      const province = plainProvince(name)
      if (seen.has(province)) throw invalid(province === '' ? '“其他地区”只能有一条规则' : `${name} 出现在两条规则中`)
      seen.add(province)
    }
}

const invalid = (reason: string): AppError =>
  new AppError('VALIDATION_FAILED', { values: { field: '运费规则', reason }, field: 'rules' })
const nameTaken = (name: string): AppError =>
  new AppError('DUPLICATE', { values: { what: '运费模板', value: name }, field: 'name' })
const conflict = (what: string): AppError => new AppError('CONFLICT', { values: { what } })
