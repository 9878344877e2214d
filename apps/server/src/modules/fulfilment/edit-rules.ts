import type { RoutingRule, RoutingRuleSet } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { emit } from '../../kernel/outbox.ts'
import { defaultRules } from './default-rules.ts'
import type { FulfilmentDeps } from './deps.ts'
import { routingChanged } from './events.ts'
import { actorOf, record, type StaffCall } from './staff.ts'
import { insertRules, type RulesVersion, rulesVersions } from './store-routing.ts'

export const ruleSetView = ({ version, rules, note, changedAt, changedBy }: RulesVersion): RoutingRuleSet => ({
  version,
  rules,
  note,
  changedAt,
  changedBy: changedBy.name ?? '',
})

/** The rules in force; the defaults where the shop has none of its own. */
export async function readRules(tx: Tx, shopId: string): Promise<RoutingRuleSet> {
  const [current] = await rulesVersions(tx, shopId, { limit: 1 })
  if (current !== undefined) return ruleSetView(current)
  return { version: 0, rules: defaultRules(shopId), note: '', changedAt: null, changedBy: '' }
}

/**
 * Puts another list of rules in force, as the version after the one that was read.
 * @throws AppError CONFLICT when somebody else was faster, NOT_FOUND for a warehouse the shop does not have
 */
export async function saveRules(
  tx: Tx,
  { clock, stock }: Pick<FulfilmentDeps, 'clock' | 'stock'>,
  call: StaffCall,
  input: { version: number; rules: RoutingRule[]; note: string },
): Promise<RoutingRuleSet> {
  const { shopId } = call.params
  const before = await readRules(tx, shopId)
  const conflict = () => new AppError('CONFLICT', { values: { what: '发货规则' }, data: { version: before.version } })
  if (before.version !== input.version) throw conflict()
  const names = await stock.warehouseNames(tx, shopId)
  for (const { effects, name } of input.rules)
    if (effects.warehouse?.by === 'id' && effects.warehouse.warehouseIds.some((id) => !names.has(id)))
      throw new AppError('NOT_FOUND', { values: { what: `规则「${name}」选择的仓库` } })
  const actor: Actor = actorOf(call)
  const changedAt = clock.instant()
  const next = { version: before.version + 1, rules: input.rules, note: input.note, changedAt, changedBy: actor }
  if (!(await insertRules(tx, shopId, next))) throw conflict()
  await emit(tx, routingChanged, {
    shopId,
    aggregate: 'routing-rules',
    aggregateId: shopId,
    payload: { version: next.version, rules: next.rules.length },
    occurredAt: changedAt,
    actor,
  })
  await record(tx, clock, call, {
    action: 'fulfilment.save-routing-rules',
    entity: 'routing-rules',
    entityId: shopId,
    summary: `修改发货规则（第 ${next.version} 版，${next.rules.length} 条）${input.note === '' ? '' : `：${input.note}`}`,
    before: before.rules,
    after: next.rules,
  })
  return ruleSetView(next)
}
