import { expect, test } from 'vitest'
import { orderEntries } from './order-timeline.ts'

const at = (minute: number) => `2026-11-11T00:${String(minute).padStart(2, '0')}:00.000Z`
const step = (minute: number, text: string) => ({ at: at(minute), event: 'x', text, actor: '' })
const parcel = {
  ...{ shipmentId: 's', carrierCode: 'SF', carrierName: '顺丰速运', trackingNo: 'SF1', state: 'problem' as const },
  ...{ movedAt: null, signedAt: null, following: 'following' as const },
  events: [
    { at: at(9), text: '拒收', state: 'problem' as const, area: '' },
    { at: at(4), text: '揽收', state: 'collected' as const, area: '' },
  ],
}

test('ORD-04 the order’s timeline has steps, parcels and messages in the order of time, newest first', () => {
  const notices = [{ id: 'n', topic: 'parcel-stalled', title: '包裹停滞', text: '正在催促', at: at(7) }]
  const sent = [
    {
      ...{ id: 'm', kind: 'order-shipped' as const, subject: 'N1', buyerNickname: '', state: 'failed' as const },
      ...{ error: '47003', createdAt: at(3), sentAt: null },
    },
  ]
  const order = { timeline: [step(1, '下单'), step(2, '付款'), step(2, '发货')] }
  const entries = orderEntries(order, { parcels: [parcel], notices }, sent)
  expect(entries.map((entry) => entry.at)).toEqual([9, 7, 4, 3, 2, 2, 1].map(at))
  expect(entries.map((entry) => String(entry.what)).slice(4)).toEqual(['发货', '付款', '下单'])
  expect(entries[0]).toMatchObject({ tone: 'bad', who: '顺丰速运 SF1' })
  expect(entries[3]).toMatchObject({ tone: 'bad', detail: '47003' })
  expect(new Set(entries.map((entry) => entry.key)).size).toBe(entries.length)
  expect(orderEntries(order, undefined, [])).toHaveLength(3)
})
