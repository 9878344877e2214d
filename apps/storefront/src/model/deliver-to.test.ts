import type { Quote } from '@zhanggui/contract'
import { expect, test } from 'vitest'
import { deliverTo } from './deliver-to.ts'

const quote = (line: object, more: object = {}): Quote =>
  ({
    lines: [{ unitPriceFen: 1000, priceNote: '', soldIn: [], problem: null, available: 9, ...line }],
    deliverable: true,
    freightFen: 600,
    freightNote: '共 1 件：首 1 件 ¥6.00',
    ...more,
  }) as object as Quote

test('CAT-04 CAT-10 the product page says what it means to send the goods to a province', () => {
  expect(deliverTo(quote({}), 1000)).toEqual({
    canGo: true,
    text: '运费 ¥6.00',
    notes: ['共 1 件：首 1 件 ¥6.00'],
  })
  const cheaper = deliverTo(
    quote({ unitPriceFen: 880, priceNote: '区域价（广东省）' }, { freightFen: 0, freightNote: '包邮' }),
    1000,
  )
  expect(cheaper).toEqual({
    canGo: true,
    text: '当地价 ¥8.80 · 免运费',
    notes: ['寄到这里每件 ¥8.80：区域价（广东省）', '包邮'],
  })
  expect(deliverTo(quote({ problem: 'other-region', soldIn: ['广东省'] }), 1000)).toEqual({
    canGo: false,
    text: '不在销售地区',
    notes: ['仅售广东省，不能寄到这里'],
  })
  expect(deliverTo(quote({}, { deliverable: false, freightNote: '不配送至西藏自治区' }), 1000)).toMatchObject({
    canGo: false,
    text: '暂不配送',
  })
})
