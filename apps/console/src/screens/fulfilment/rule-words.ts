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
  SERVICE_LEVELS,
} from '@zhanggui/contract'
import { say, t } from '../../i18n/index.ts'

/** Channels and roles are kept by their codes. */
export function valueText(field: RoutingField, value: string): string {
  if (field === 'channel' && value in CHANNELS) return say(CHANNELS[value as Channel])
  if (field === 'role' && value in PRODUCT_ROLE_NAMES) return say(PRODUCT_ROLE_NAMES[value as ProductRole])
  return field === 'buyer-level' && value === NO_BUYER_LEVEL ? t('routing.noLevel') : value
}

/** A condition as a few words. */
export function conditionText(condition: RoutingCondition): string {
  const name = say(ROUTING_FIELDS[condition.field])
  if (condition.operator === 'is') return `${name}：${condition.value ? t('routing.is') : t('routing.isNot')}`
  const operator = t(`routing.op.${condition.operator}`)
  if ('values' in condition)
    return `${name} ${operator} ${condition.values.map((value) => valueText(condition.field, value)).join('、')}`
  return `${name} ${operator} ${condition.field === 'total-fen' ? formatMoney(condition.value) : condition.value}`
}

/** What a rule does, as a few words. */
export function effectText({ warehouse, split, carrier, service, prePack, packingNote }: RoutingEffects): string {
  const parts: string[] = []
  if (warehouse)
    parts.push(
      `${t('routing.warehouse')} ${
        warehouse.by === 'same-city'
          ? t('routing.warehouse.same-city')
          : warehouse.by === 'kind'
            ? t(`routing.warehouse.${warehouse.kind}`)
            : `×${warehouse.warehouseIds.length}`
      }`,
    )
  if (split) parts.push(t(`routing.split.${split}`))
  if (carrier) parts.push(say(CARRIER_TABLE[carrier]))
  if (service) parts.push(say(SERVICE_LEVELS[service]))
  if (prePack) parts.push(t('routing.prePack'))
  if (packingNote) parts.push(packingNote)
  return parts.join('，')
}
