import {
  CARRIER_TABLE,
  CHANNELS,
  type Channel,
  formatMoney,
  NO_BUYER_LEVEL,
  PRODUCT_ROLE_NAMES,
  type ProductRole,
  ROUTING_FIELDS,
  type RoutingCondition,
  type RoutingEffects,
  type RoutingField,
  type RoutingRule,
  SERVICE_LEVELS,
} from '@zhanggui/contract'
import { say, t } from '../../i18n/index.ts'

/** What warehouses and categories are called; rules keep their ids. */
export type Names = ReadonlyMap<string, string>

/** What is of the whole order; everything else is of its goods, of which any one counts. */
const OF_THE_ORDER: readonly RoutingField[] = ['province', 'city', 'district', 'channel', 'buyer-level']

/** Channels, roles and categories are kept by their codes. */
function valueText(field: RoutingField, value: string, names: Names): string {
  if (field === 'channel' && value in CHANNELS) return say(CHANNELS[value as Channel])
  if (field === 'role' && value in PRODUCT_ROLE_NAMES) return say(PRODUCT_ROLE_NAMES[value as ProductRole])
  if (field === 'category') return names.get(value) ?? value
  return field === 'buyer-level' && value === NO_BUYER_LEVEL ? t('routing.noLevel') : value
}

function wordsText({ field, operator, values }: Extract<RoutingCondition, { values: string[] }>, names: Names): string {
  const said = values.map((value) => valueText(field, value, names))
  const name = say(ROUTING_FIELDS[field])
  if (OF_THE_ORDER.includes(field))
    return t(operator === 'in' ? 'routing.placeIn' : 'routing.placeNotIn', {
      field: name,
      values: said.join(t('routing.orValue')),
    })
  const key = operator === 'not-in' ? 'routing.goodsNotIn' : said.length > 1 ? 'routing.goodsInAny' : 'routing.goodsIn'
  return t(key, { field: name, values: said.join(t('list.and')) })
}

function numberText({ field, value }: Extract<RoutingCondition, { value: number }>): string {
  if (field === 'total-fen') return t('routing.yuan', { amount: formatMoney(value).slice(1).replace(/\.00$/, '') })
  return t(field === 'units' ? 'routing.units' : 'routing.grams', { count: value.toLocaleString() })
}

function conditionText(condition: RoutingCondition, names: Names): string {
  if (condition.operator === 'is') return t(`routing.${condition.value ? 'is' : 'isNot'}.${condition.field}`)
  if ('values' in condition) return wordsText(condition, names)
  return t(condition.operator === 'at-least' ? 'routing.atLeast' : 'routing.below', {
    field: say(ROUTING_FIELDS[condition.field]),
    value: numberText(condition),
  })
}

/** When a rule matches: the first half of its sentence. */
export function conditionsText({ conditions, match }: Pick<RoutingRule, 'conditions' | 'match'>, names: Names): string {
  return t(conditions.length === 1 ? 'routing.when' : 'routing.cases', {
    conditions: conditions
      .map((condition) => conditionText(condition, names))
      .join(t(match === 'all' ? 'routing.and' : 'routing.or')),
  })
}

function warehouseText(warehouse: NonNullable<RoutingEffects['warehouse']>, names: Names): string {
  if (warehouse.by === 'same-city') return t('routing.from.same-city')
  if (warehouse.by === 'kind') return t(`routing.from.${warehouse.kind}`)
  const called = warehouse.warehouseIds.map((id) => names.get(id) ?? t('routing.from.gone'))
  return t('routing.from.named', { names: called.join(t('list.and')) })
}

/** What is done then: the second half. */
export function effectText(effects: RoutingEffects, names: Names): string {
  const { warehouse, split, carrier, service, prePack, packingNote } = effects
  return [
    warehouse && warehouseText(warehouse, names),
    split && t(`routing.do.${split}`),
    carrier && t('routing.do.carrier', { carrier: say(CARRIER_TABLE[carrier]) }),
    service && t('routing.do.service', { service: say(SERVICE_LEVELS[service]) }),
    prePack && t('routing.do.prePack'),
    packingNote && t('routing.do.note', { note: packingNote }),
  ]
    .filter(Boolean)
    .join(t('routing.also'))
}
