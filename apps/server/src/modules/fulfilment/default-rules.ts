import type { RoutingRule } from '@zhanggui/contract'
import { nameId } from '../../kernel/ids.ts'

/** From this value on an order is of high value until the shop says otherwise: 1,000 yuan. */
const HIGH_VALUE_FEN = 1000_00

/**
 * The rules a shop begins with (ORD-03): same city → front warehouse, high value → premium carrier (顺丰), campaign
 * orders → packed ahead. Their ids follow from the shop's, so that they are the same each time.
 */
export function defaultRules(shopId: string): RoutingRule[] {
  const rule = (name: string) => ({ id: nameId('routing.default', shopId, name), name, enabled: true, stop: false })
  return [
    {
      ...rule('同城订单发前置仓'),
      match: 'all',
      conditions: [{ field: 'same-city', operator: 'is', value: true }],
      effects: { warehouse: { by: 'same-city' } },
    },
    {
      ...rule('高价值订单用顺丰'),
      match: 'all',
      conditions: [{ field: 'total-fen', operator: 'at-least', value: HIGH_VALUE_FEN }],
      effects: { carrier: 'SF', packingNote: '高价值订单，加固包装' },
    },
    {
      ...rule('促销订单提前打包'),
      match: 'any',
      conditions: [
        { field: 'promotion', operator: 'is', value: true },
        { field: 'tag', operator: 'in', values: ['促销', '大促', '活动'] },
      ],
      effects: { prePack: true },
    },
  ]
}
