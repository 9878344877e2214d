import type { Cart } from '@zhanggui/contract'
import { describe, expect, test } from 'vitest'
import {
  buyableLines,
  type CartLine,
  type CartShop,
  isAllSelected,
  linesText,
  parseLines,
  priceMove,
  selectedTotal,
  withLine,
} from './cart.ts'

const line = (skuId: string, change: Partial<CartLine> = {}) =>
  ({
    skuId,
    productId: 'p',
    title: skuId,
    options: '',
    picture: null,
    quantity: 1,
    selected: true,
    priceFen: 1990,
    addedPriceFen: 1990,
    available: 9,
    soldIn: [],
    problem: null,
    ...change,
  }) as CartLine

const SKU = '01890a5d-ac96-774b-bcce-b302099a8057'

describe('cart', () => {
  test('ORD-01 the total counts what is selected and can be bought', () => {
    const lines = [
      line('a', { quantity: 3 }),
      line('b', { selected: false }),
      line('c', { problem: 'sold-out' }),
      line('d', { priceFen: 5 as CartLine['priceFen'] }),
    ]
    expect(selectedTotal(lines)).toBe(3 * 1990 + 5)
    expect(buyableLines({ lines } as CartShop).map(({ skuId }) => skuId)).toEqual(['a', 'd'])
  })

  test('ORD-01 all is selected when everything that can be bought is', () => {
    expect(isAllSelected([line('a'), line('b', { problem: 'off-sale', selected: false })])).toBe(true)
    expect(isAllSelected([line('a'), line('b', { selected: false })])).toBe(false)
    expect(isAllSelected([line('a', { problem: 'sold-out' })])).toBe(false)
  })

  test('ORD-01 a changed line shows at once, with the total and the shortage that follows', () => {
    const cart = {
      guestToken: null,
      count: 1,
      shops: [
        { shopId: 's', shopName: '店', lines: [line('a', { quantity: 12, problem: 'short' })], selectedTotalFen: 0 },
      ],
    } as unknown as Cart
    const changed = withLine(cart, 'a', { quantity: 9 })
    expect(changed.shops[0]).toMatchObject({ selectedTotalFen: 9 * 1990, lines: [{ quantity: 9, problem: null }] })
    expect(cart.shops[0]!.lines[0]!.quantity).toBe(12)
  })

  test('UX-03 a price that moved since the line was added is told', () => {
    expect(priceMove(line('a'))).toBeNull()
    expect(priceMove(line('a', { addedPriceFen: 1500 as CartLine['priceFen'] }))).toEqual({ isUp: true, byFen: 490 })
    expect(priceMove(line('a', { addedPriceFen: 2000 as CartLine['priceFen'] }))).toEqual({ isUp: false, byFen: 10 })
  })

  test('ORD-01 lines travel in an address; anything else is refused', () => {
    const lines = [{ skuId: SKU, quantity: 2 }]
    expect(parseLines(linesText(lines))).toEqual(lines)
    for (const text of ['', 'x*1', `${SKU}*0`, `${SKU}*99999`, `${SKU}`, Array(51).fill(`${SKU}*1`).join(',')])
      expect(parseLines(text)).toBeUndefined()
  })
})
