import type { MerchantOrder } from '@zhanggui/contract'

/** A line of an order with what of it is still to be shipped. */
export interface OpenLine {
  skuId: string
  title: string
  options: string
  left: number
}

/** What is still to be shipped. */
export const openLines = (order: Pick<MerchantOrder, 'lines'>): OpenLine[] =>
  order.lines
    .map((line) => ({
      skuId: line.skuId,
      title: line.title,
      options: line.options,
      left: line.quantity - line.shippedQuantity,
    }))
    .filter((line) => line.left > 0)

/** The lines of a shipment as the route takes them; undefined ships everything that is left. */
export function shipmentLines(
  open: readonly OpenLine[],
  chosen: Readonly<Record<string, number>>,
): { skuId: string; quantity: number }[] | undefined {
  const lines = open.map((line) => ({
    skuId: line.skuId,
    quantity: Math.min(chosen[line.skuId] ?? line.left, line.left),
  }))
  if (lines.every((line, index) => line.quantity === open[index]!.left)) return undefined
  return lines.filter((line) => line.quantity > 0)
}
