import type { RoutingDecision, RoutingRule } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { PackedRouting } from '../orders/index.ts'
import { defaultRules } from './default-rules.ts'
import { rulesOfVersion } from './store-routing.ts'

const OUTCOMES = ['matched', 'not-matched', 'disabled', 'not-reached'] as const

/**
 * A decision as every order keeps it: a third of its words. Names of rules stand with their version, which never
 * changes; what is usual is left out.
 */
export function packRouting(decision: RoutingDecision): PackedRouting {
  const { version, warehouseIds, split, carrier, service, prePack, packingNotes, channel, buyerLevel, rules } = decision
  const hit = rules.filter(({ outcome }) => outcome === 'matched').map(({ ruleId }) => ruleId)
  return {
    v: version,
    ...(channel == null ? {} : { channel }),
    ...(buyerLevel == null ? {} : { level: buyerLevel }),
    ...(warehouseIds.length === 0 ? {} : { warehouses: warehouseIds }),
    ...(split === 'together' ? {} : { split }),
    ...(carrier === null ? {} : { carrier }),
    ...(service === null ? {} : { service }),
    ...(prePack ? { prePack } : {}),
    ...(packingNotes.length === 0 ? {} : { notes: packingNotes }),
    rules: rules.map(({ outcome, because, overruled }) => {
      const number = OUTCOMES.indexOf(outcome)
      return overruled.length === 0 ? [number, because] : [number, because, overruled]
    }),
    ...(hit.length === 0 ? {} : { hit }),
    parts: decision.parts.map(({ warehouseId, units }) => [warehouseId, units]),
    said: decision.sentences,
  }
}

/** The whole decision again. `rules` are those of its version, in their order. */
export function unpackRouting(
  packed: PackedRouting,
  rules: readonly Pick<RoutingRule, 'id' | 'name'>[],
): RoutingDecision {
  return {
    version: packed.v,
    warehouseIds: packed.warehouses ?? [],
    split: packed.split ?? 'together',
    carrier: packed.carrier ?? null,
    service: packed.service ?? null,
    prePack: packed.prePack ?? false,
    packingNotes: packed.notes ?? [],
    channel: packed.channel ?? null,
    buyerLevel: packed.level ?? null,
    rules: packed.rules.flatMap(([outcome, because, overruled = []], index) => {
      const rule = rules[index]
      return rule === undefined
        ? []
        : [{ ruleId: rule.id, name: rule.name, overruled, outcome: OUTCOMES[outcome]!, because }]
    }),
    parts: packed.parts.map(([warehouseId, units]) => ({ warehouseId, units })),
    sentences: packed.said,
  }
}

/** What was decided of an order, as people read it. */
export async function routingOf(tx: Tx, shopId: string, packed: PackedRouting | null): Promise<RoutingDecision | null> {
  if (packed === null) return null
  const rules = packed.v === 0 ? defaultRules(shopId) : await rulesOfVersion(tx, shopId, packed.v)
  return unpackRouting(packed, rules)
}
