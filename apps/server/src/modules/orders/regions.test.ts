import fc from 'fast-check'
import { expect, test } from 'vitest'
import { regionRefusal, sellsIn } from './regions.ts'

const PROVINCES = ['广东省', '海南省', '新疆维吾尔自治区', '北京市', '香港特别行政区']
const province = fc.constantFrom(...PROVINCES)
const goods = (title: string, exclusiveProvinces: string[]) => ({ skuId: title, title, exclusiveProvinces })

test('CAT-07 goods without regions go everywhere, others only to the provinces they are for, however those are written', () => {
  fc.assert(
    fc.property(province, fc.subarray(PROVINCES), (to, made) => {
      expect(sellsIn(goods('a', []), to)).toBe(true)
      const short = made.map((each) => each.replace(/(省|市|维吾尔自治区|特别行政区)$/, ''))
      expect(sellsIn(goods('a', short), to)).toBe(made.length === 0 || made.includes(to))
      expect(sellsIn(goods('a', made), to)).toBe(sellsIn(goods('a', short), to))
    }),
  )
})

test('CAT-07 the refusal names every such product once, the regions it is for, and where it should have gone', () => {
  const refusal = regionRefusal(
    [goods('椰子糖', ['海南省']), goods('椰子糖', ['海南省']), goods('青瓷杯', []), goods('陈皮', ['广东省'])],
    '北京市',
  )
  expect(refusal?.code).toBe('REGION_EXCLUSIVE')
  expect(refusal?.message).toBe('「椰子糖」「陈皮」只在海南省、广东省销售，不能寄到北京市')
  expect(regionRefusal([goods('陈皮', ['广东'])], '广东省')).toBeUndefined()
})
