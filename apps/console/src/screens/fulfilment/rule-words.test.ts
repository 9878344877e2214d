import type { RoutingRule } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { conditionsText, effectText } from './rule-words.ts'

const names = new Map([
  ['w1', '华东仓'],
  ['c1', '茶叶'],
])
const sentence = (rule: Pick<RoutingRule, 'match' | 'conditions' | 'effects'>) =>
  `${conditionsText(rule, names)}${effectText(rule.effects, names)}`

test('ORD-03 a rule reads as one sentence', () => {
  expect(
    sentence({
      match: 'all',
      conditions: [{ field: 'same-city', operator: 'is', value: true }],
      effects: { warehouse: { by: 'same-city' } },
    }),
  ).toBe('收货城市有前置仓时，优先从当地前置仓发货')
  expect(
    sentence({
      match: 'any',
      conditions: [
        { field: 'promotion', operator: 'is', value: true },
        { field: 'tag', operator: 'in', values: ['促销', '大促', '活动'] },
      ],
      effects: { prePack: true },
    }),
  ).toBe('是促销订单，或商品标签含促销、大促、活动之一：提前打包')
  expect(
    sentence({
      match: 'all',
      conditions: [{ field: 'total-fen', operator: 'at-least', value: 100_000 }],
      effects: { carrier: 'SF', packingNote: '加固包装' },
    }),
  ).toBe('订单金额满 1,000 元时，发顺丰速运，打包备注「加固包装」')
})

test('ORD-03 what a rule names by its id is called by its name', () => {
  expect(
    sentence({
      match: 'all',
      conditions: [
        { field: 'category', operator: 'in', values: ['c1'] },
        { field: 'city', operator: 'not-in', values: ['深圳市', '广州市'] },
      ],
      effects: { warehouse: { by: 'id', warehouseIds: ['w1'] }, split: 'by-warehouse' },
    }),
  ).toBe('商品类目含茶叶，且收货城市不是深圳市或广州市：优先从华东仓发货，按仓库拆单')
})
