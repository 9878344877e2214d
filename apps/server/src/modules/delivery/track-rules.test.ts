import { TRACK_STATES, type TrackState } from '@zhanggui/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeTrack, sumOf, type TrackLine } from './track-rules.ts'

const STATES = Object.keys(TRACK_STATES) as TrackState[]
const line = fc.record({
  at: fc.integer({ min: 0, max: 20 }).map((hour) => new Date(Date.UTC(2026, 10, 11, hour)).toISOString()),
  text: fc.constantFrom('已揽收', '到达分拣中心', '派送中', '已签收'),
  state: fc.constantFrom(...STATES),
  area: fc.constantFrom('', '深圳市'),
})
const lines = fc.array(line, { maxLength: 12 })

describe('ORD-04 merging what carriers tell', () => {
  test('ORD-04 news in any order, and told any number of times, lead to the same track', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 12 }), (pushes, order) => {
        const inTurn = pushes.reduce<TrackLine[]>((known, news) => mergeTrack(known, news), [])
        const shuffled = [...order.map((at) => pushes[at % Math.max(1, pushes.length)] ?? []), ...pushes.toReversed()]
        const otherwise = shuffled.reduce<TrackLine[]>((known, news) => mergeTrack(known, news), [])
        expect(otherwise).toEqual(inTurn)
        expect(sumOf(otherwise)).toEqual(sumOf(inTurn))
      }),
    )
  })

  test('ORD-04 nothing is lost, nothing is twice, and the lines are in order of time', () => {
    fc.assert(
      fc.property(lines, lines, (known, news) => {
        const merged = mergeTrack(known, news)
        const keys = merged.map((each) => each.at + each.text)
        expect(new Set(keys).size).toBe(keys.length)
        expect(new Set(keys)).toEqual(new Set([...known, ...news].map((each) => each.at + each.text)))
        expect(merged.map((each) => each.at)).toEqual(merged.map((each) => each.at).sort())
        expect(mergeTrack(merged, news)).toEqual(merged)
      }),
    )
  })

  test('ORD-04 a late push of an earlier line does not take a signed parcel back', () => {
    const at = (hour: number) => `2026-11-11T${String(hour).padStart(2, '0')}:00:00.000Z`
    const signed = { at: at(9), text: '已签收', state: 'signed', area: '' } as const
    const track = mergeTrack([signed], [{ at: at(7), text: '派送中', state: 'delivering', area: '' }])
    expect(sumOf(track)).toEqual({ state: 'signed', movedAt: at(9), signedAt: at(9) })
    const back = mergeTrack(track, [{ at: at(12), text: '退回', state: 'returned', area: '' }])
    expect(sumOf(back)).toEqual({ state: 'returned', movedAt: at(12), signedAt: null })
    expect(sumOf([])).toEqual({ state: 'waiting', movedAt: null, signedAt: null })
  })
})
