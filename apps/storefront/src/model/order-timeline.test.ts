import { expect, test } from 'vitest'
import { noticesApart, timelineOf } from './order-timeline.ts'

const at = (hour: number) => `2026-11-11T${String(hour).padStart(2, '0')}:00:00.000Z`
const parcel = (shipmentId: string, hours: number[]) => ({
  ...{ shipmentId, carrierCode: 'SF', carrierName: '顺丰速运', trackingNo: shipmentId, state: 'in-transit' as const },
  ...{ movedAt: null, signedAt: null, following: 'following' as const },
  events: hours.map((hour) => ({ at: at(hour), text: `到达 ${hour}`, state: 'in-transit' as const, area: '' })),
})
const steps = [
  { at: at(1), event: 'placed', text: '提交订单', actor: '' },
  { at: at(2), event: 'paid', text: '付款', actor: '' },
]

test('ORD-04 the buyer’s timeline joins steps, parcels and messages, newest first; several parcels are told apart', () => {
  const notices = [{ id: 'n', topic: 'parcel-delivering', title: '包裹正在派送', text: '', at: at(5) }]
  expect(timelineOf(steps, { parcels: [parcel('A', [6, 4])], notices }).map(({ text }) => text)).toEqual([
    ...['到达 6', '包裹正在派送', '到达 4', '付款', '提交订单'],
  ])
  const two = timelineOf(steps, { parcels: [parcel('A', [4]), parcel('B', [3])], notices: [] })
  expect(two.map(({ text }) => text)).toEqual(['到达 4（A）', '到达 3（B）', '付款', '提交订单'])
  expect(timelineOf([], { parcels: [], notices: [] })).toEqual([])
})

test('ORD-04 what a parcel’s card says is not said again by the message about that parcel', () => {
  const signed = { title: '包裹已签收', text: '顺丰速运 SF1001，有问题请尽快联系我们' }
  const late = { title: '发货稍有延迟', text: '请再等一天' }
  expect(noticesApart([signed, late], [{ trackingNo: 'SF1001' }])).toEqual([late])
  expect(noticesApart([signed, late], [])).toEqual([signed, late])
})
