import type { StoreBlock } from '@zhanggui/contract'
import { describe, expect, test } from 'vitest'
import { blocksInSight } from './first-screen.ts'

const rail = { kind: 'products', layout: 'rail', title: '新品', products: [] } as unknown as StoreBlock
const notice = { kind: 'notice', text: '满减' } as unknown as StoreBlock
const banner = (ratioPercent: number) => ({ kind: 'banner', ratioPercent, slides: [] }) as unknown as StoreBlock
const feed = { kind: 'feed', title: '' } as unknown as StoreBlock

describe('blocksInSight', () => {
  test('UX-01 small blocks leave room for those below them', () => {
    expect(blocksInSight([notice, rail, rail, rail, rail, feed])).toBe(4)
  })

  test('UX-01 a tall picture fills the screen alone', () => {
    expect(blocksInSight([banner(190), rail, feed])).toBe(1)
    expect(blocksInSight([banner(46), rail, feed])).toBe(3)
  })

  test('UX-01 nothing lies below what has no end, and an empty page shows nothing', () => {
    expect(blocksInSight([feed, rail])).toBe(1)
    expect(blocksInSight([])).toBe(0)
  })
})
