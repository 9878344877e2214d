import { type Fen, MAX_RULE_ITEMS, type PriceSheet, parseYuan } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { PricesDeps } from './deps.ts'
import { readSheetLines } from './sheet-lines.ts'

const MAX_PRICE_FEN = 10_000_000_00
const SHOWN_TEXT = 120

/**
 * What the lines of a pasted sheet mean for a rule: which goods, at which price of their own. A line that means nothing
 * is refused with the reason, the others stand. Changes nothing. (CAT-04)
 */
export async function readPriceSheet(tx: Tx, deps: PricesDeps, shopId: string, text: string): Promise<PriceSheet> {
  const lines = readSheetLines(text)
  const goods = await deps.goodsByCodes(tx, shopId, [...new Set(lines.map(({ code }) => code))])
  const sheet: PriceSheet = { items: [], refused: [] }
  const firstLine = new Map<string, number>()
  for (const { line, text, code, price } of lines) {
    const refuse = (reason: string) => sheet.refused.push({ line, text: text.slice(0, SHOWN_TEXT), reason })
    const named = goods.get(code)
    const priceFen = price === '' ? null : parseYuan(price)
    if (named === undefined) {
      refuse(code === '' ? '没有编码' : `没有编码为「${code.slice(0, 40)}」的商品或规格`)
      continue
    }
    if (priceFen === undefined || (priceFen !== null && (priceFen <= 0 || priceFen > MAX_PRICE_FEN))) {
      refuse(`「${price.slice(0, 20)}」不是价格：要大于 0，不超过 1000 万元，最多两位小数`)
      continue
    }
    const { productId, skuId, title } = named
    const key = `${productId}/${skuId ?? ''}`
    const earlier = firstLine.get(key)
    if (earlier !== undefined) refuse(`和第 ${earlier} 行是同一件`)
    else if (sheet.items.length >= MAX_RULE_ITEMS) refuse(`一条规则最多 ${MAX_RULE_ITEMS} 项，其余请另建一条`)
    else {
      firstLine.set(key, line)
      sheet.items.push({ line, productId, skuId, title, priceFen: priceFen as Fen | null })
    }
  }
  return sheet
}
