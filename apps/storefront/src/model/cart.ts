import type { Cart } from '@zhanggui/contract'
import { sumFen } from '@zhanggui/contract/money'

export type CartShop = Cart['shops'][number]
export type CartLine = CartShop['lines'][number]

/** Whether a line can be bought as it stands. */
export const isBuyable = (line: CartLine): boolean => line.problem === null

/** Lines that go to the checkout: selected and possible. */
export const buyableLines = (shop: CartShop): CartLine[] =>
  shop.lines.filter((line) => line.selected && isBuyable(line))

/** Total of what would be bought; freight and offers are the quote's. */
export const selectedTotal = (lines: readonly CartLine[]): number =>
  sumFen(lines.filter((line) => line.selected && isBuyable(line)).map((line) => line.priceFen * line.quantity))

/** Whether every line that can be selected is. */
export function isAllSelected(lines: readonly CartLine[]): boolean {
  const possible = lines.filter(isBuyable)
  return possible.length > 0 && possible.every((line) => line.selected)
}

/** How the price moved since the line was added, or null. */
export function priceMove(line: CartLine): { isUp: boolean; byFen: number } | null {
  const byFen = line.priceFen - line.addedPriceFen
  return byFen === 0 ? null : { isUp: byFen > 0, byFen: Math.abs(byFen) }
}

/** The cart with one line changed, shown until the server has answered. */
export function withLine(cart: Cart, skuId: string, change: Partial<Pick<CartLine, 'quantity' | 'selected'>>): Cart {
  const shops = cart.shops.map((shop) => {
    const lines = shop.lines.map((line) => {
      if (line.skuId !== skuId) return line
      const quantity = change.quantity ?? line.quantity
      const problem = line.problem === 'short' && quantity <= line.available ? null : line.problem
      return { ...line, ...change, problem }
    })
    return { ...shop, lines, selectedTotalFen: selectedTotal(lines) as CartShop['selectedTotalFen'] }
  })
  return { ...cart, shops }
}

/** `skuId*2,skuId*1`: lines in an address. */
export const linesText = (lines: readonly { skuId: string; quantity: number }[]): string =>
  lines.map(({ skuId, quantity }) => `${skuId}*${quantity}`).join(',')

const MOST_LINES = 50
const LINE = /^([0-9a-f-]{36})\*([1-9]\d{0,3})$/

/** Reads `linesText`; undefined when it is not one. */
export function parseLines(text: string): { skuId: string; quantity: number }[] | undefined {
  const parts = text.split(',')
  if (parts.length > MOST_LINES) return undefined
  const lines: { skuId: string; quantity: number }[] = []
  for (const part of parts) {
    const found = LINE.exec(part)
    if (!found) return undefined
    lines.push({ skuId: found[1]!, quantity: Number(found[2]) })
  }
  return lines
}
