import type { PriceRuleInput } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import { checkRule, meantSkus } from './check-rule.ts'
import type { PricesDeps } from './deps.ts'
import { priceRuleChanged } from './events.ts'
import { normal } from './preview-rule.ts'
import { warmUpHours } from './settings.ts'
import { findRule, insertRule, itemsOf, type RuleItem, type RuleRow, replaceItems, updateRule } from './store-rules.ts'
import { ruleText } from './words.ts'

export interface RuleBy {
  shopId: string
  actor: Actor
  ip: string
  requestId: string
}

/** Adds a rule. Answers its id. @throws AppError NOT_FOUND, VALIDATION_FAILED */
export async function createRule(tx: Tx, deps: PricesDeps, by: RuleBy, input: PriceRuleInput): Promise<string> {
  const at = deps.clock.instant()
  checkRule(input, at)
  await checkReferences(tx, deps, by.shopId, input)
  const rule: RuleRow = {
    ...(await fieldsOf(tx, deps, by.shopId, input, null)),
    id: newId(),
    stopped: false,
    version: 1,
    createdBy: by.actor,
    createdAt: at,
    updatedAt: at,
  }
  await insertRule(tx, by.shopId, rule)
  await replaceItems(tx, by.shopId, rule.id, input.items)
  await tell(tx, deps, by, rule, input.items, '新建', undefined)
  return rule.id
}

/** Changes a rule that still has the version the editor read. @throws AppError NOT_FOUND, CONFLICT, VALIDATION_FAILED */
export async function changeRule(
  tx: Tx,
  deps: PricesDeps,
  by: RuleBy,
  ruleId: string,
  input: PriceRuleInput & { version: number },
): Promise<void> {
  const at = deps.clock.instant()
  checkRule(input, at)
  const before = await requireRule(tx, by.shopId, ruleId)
  if (before.version !== input.version) throw moved(before)
  await checkReferences(tx, deps, by.shopId, input)
  const rule = {
    ...before,
    ...(await fieldsOf(tx, deps, by.shopId, input, before)),
    version: before.version + 1,
    updatedAt: at,
  }
  if (!(await updateRule(tx, by.shopId, rule))) throw moved(before)
  const earlier = await itemsOf(tx, by.shopId, ruleId)
  await replaceItems(tx, by.shopId, ruleId, input.items)
  await tell(tx, deps, by, rule, [...earlier, ...input.items], '修改', before)
}

/** Stops a rule at once, or lets it go on: the undo of a price change. @throws AppError NOT_FOUND, CONFLICT */
export async function switchRule(
  tx: Tx,
  deps: PricesDeps,
  by: RuleBy,
  ruleId: string,
  to: { active: boolean; version: number },
): Promise<void> {
  const before = await requireRule(tx, by.shopId, ruleId)
  if (before.version !== to.version) throw moved(before)
  if (before.stopped !== to.active) return
  const rule = { ...before, stopped: !to.active, version: before.version + 1, updatedAt: deps.clock.instant() }
  if (!(await updateRule(tx, by.shopId, rule))) throw moved(before)
  await tell(tx, deps, by, rule, await itemsOf(tx, by.shopId, ruleId), to.active ? '恢复' : '停用', before)
}

export async function requireRule(tx: Tx, shopId: string, ruleId: string): Promise<RuleRow> {
  const rule = await findRule(tx, shopId, ruleId)
  if (rule === undefined) throw new AppError('NOT_FOUND', { values: { what: '价格规则' } })
  return rule
}

const moved = ({ label }: RuleRow): AppError => new AppError('CONFLICT', { values: { what: `价格规则「${label}」` } })

async function checkReferences(tx: Tx, deps: PricesDeps, shopId: string, input: PriceRuleInput): Promise<void> {
  const known = new Set((await deps.members.listLevels(tx, shopId)).map(({ id }) => id))
  const missing = input.levelIds.find((id) => !known.has(id))
  if (missing !== undefined)
    throw new AppError('NOT_FOUND', { values: { what: `会员等级 ${missing}` }, field: 'levelIds' })
  meantSkus(input, await deps.goodsOf(tx, shopId, [...new Set(input.items.map(({ productId }) => productId))]))
}

async function fieldsOf(tx: Tx, deps: PricesDeps, shopId: string, input: PriceRuleInput, before: RuleRow | null) {
  const { kind, label, method, value, rounding } = input
  const startsAt = normal(input.startsAt)
  const hours = input.warmUpHours ?? (await deps.settings.get(warmUpHours, { shopId }, tx))
  const kept = before !== null && input.warmUpHours === undefined && before.startsAt === startsAt
  return {
    ...{ kind, label, method, value, rounding },
    levelIds: [...new Set(input.levelIds)].sort(),
    provinces: [...new Set(input.provinces)],
    channels: [...new Set(input.channels)],
    startsAt,
    endsAt: normal(input.endsAt),
    warmFrom: kept ? before.warmFrom : startsAt === null || hours === 0 ? null : plusMs(startsAt, -hours * HOUR_MS),
    itemCount: input.items.length,
    productCount: new Set(input.items.map(({ productId }) => productId)).size,
  }
}

async function tell(
  tx: Tx,
  deps: PricesDeps,
  by: RuleBy,
  rule: RuleRow,
  items: readonly RuleItem[],
  verb: string,
  before: RuleRow | undefined,
): Promise<void> {
  const names = new Map((await deps.members.listLevels(tx, by.shopId)).map(({ id, name }) => [id, name]))
  await audit(tx, deps.clock, {
    ...by,
    action: 'prices.save-rule',
    entity: 'price-rule',
    entityId: rule.id,
    summary: `${verb}价格规则「${rule.label}」：${ruleText(rule, names)}，${rule.productCount} 个商品`,
    before,
    after: rule,
  })
  await emit(tx, priceRuleChanged, {
    shopId: by.shopId,
    aggregate: 'price-rule',
    aggregateId: rule.id,
    occurredAt: rule.updatedAt,
    actor: by.actor,
    payload: {
      ruleId: rule.id,
      label: rule.label,
      active: !rule.stopped,
      startsAt: rule.startsAt,
      endsAt: rule.endsAt,
      productIds: [...new Set(items.map(({ productId }) => productId))],
    },
  })
}
