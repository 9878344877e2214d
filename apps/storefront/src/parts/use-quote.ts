import { useEffect, useRef, useState } from '@hooks'
import type { BuyerAddress, DeliveryChoice, Quote } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../app.ts'
import { messageOf } from './use-act.ts'

export type Lines = { skuId: string; quantity: number }[]

/** The shop's quote for these goods, this address and this way of delivery, asked again when one changes. */
export function useQuote(shopId: string, lines: Lines, address: BuyerAddress | undefined, choice: DeliveryChoice) {
  const { api } = useApp()
  const [quote, setQuote] = useState<Quote | undefined>(undefined)
  const [error, setError] = useState<string | undefined>(undefined)
  const turn = useRef(0)
  const last = useRef<{ province: string | undefined; quote: Quote } | undefined>(undefined)
  const [moved, setMoved] = useState<string | undefined>(undefined)
  const province = address?.province
  const where = address && { province: address.province, city: address.city, district: address.district }
  const ask = async (): Promise<Quote | undefined> => {
    const mine = ++turn.current
    setError(undefined)
    try {
      const body = { lines, ...where, ...(choice.method === 'courier' ? {} : { delivery: choice }) }
      const answer = await api('store.quote', { params: { shopId }, body })
      if (mine === turn.current) {
        const before = last.current
        if (before && before.province !== province) setMoved(placeMoves(before.quote, answer, province))
        last.current = { province, quote: answer }
        setQuote(answer)
      }
      return answer
    } catch (failure) {
      if (mine === turn.current) setError(messageOf(failure))
      return undefined
    }
  }
  useEffect(() => {
    if (lines.length > 0) void ask()
  }, [JSON.stringify(lines), JSON.stringify(where), JSON.stringify(choice)])
  return { quote, error, ask, moved }
}

/** What costs another amount at another address, with the reason; undefined when nothing does. */
function placeMoves(before: Quote, now: Quote, province: string | undefined): string | undefined {
  const moves = now.lines.flatMap((line) => {
    const old = before.lines.find(({ skuId }) => skuId === line.skuId)
    if (!old || old.unitPriceFen === line.unitPriceFen) return []
    const prices = `${formatMoney(old.unitPriceFen)} → ${formatMoney(line.unitPriceFen)}`
    return [`「${line.title}」${prices}`]
  })
  return moves.length === 0 ? undefined : `送到${province ?? '这个地址'}的价格不同：${moves.join('，')}`
}

/** Refusals of an order that are told beside it; it stays as it is. */
export const REFUSALS = [
  'PRICE_CHANGED',
  'OUT_OF_STOCK',
  'PRODUCT_NOT_ON_SALE',
  'NOT_DELIVERABLE',
  'REGION_EXCLUSIVE',
  'DELIVERY_UNAVAILABLE',
]

/** Why the order cannot be placed as it stands, if so. */
export function problemOf(quote: Quote): string | undefined {
  if (quote.deliverable === false) return '该地址暂不配送，请更换地址'
  const outside = quote.lines.find(({ problem }) => problem === 'other-region')
  if (outside) return `「${outside.title}」只在${outside.soldIn.join('、')}销售，请更换地址或移出这件商品`
  if (quote.lines.some(({ problem }) => problem !== null)) return '有商品暂时买不了'
  return undefined
}

/** What a refused order says, with what is true now. */
export function refusalText(failure: unknown, code: string, seen: Quote, now: Quote | undefined): string {
  return now && code === 'PRICE_CHANGED' && now.totalFen !== seen.totalFen
    ? `价格有变动：${formatMoney(seen.totalFen)} → ${formatMoney(now.totalFen)}，请确认后重新提交`
    : messageOf(failure)
}
