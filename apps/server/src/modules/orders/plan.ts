/** What one warehouse has of a SKU; lists of these are in the order in which warehouses serve. */
export interface PlaceLevel {
  warehouseId: string
  available: number
}

export interface PlannedPart {
  /** Index of the line. */
  line: number
  skuId: string
  warehouseId: string
  quantity: number
}

export type Plan = { ok: true; parts: PlannedPart[] } | { ok: false; line: number; available: number }

/**
 * Chooses warehouses for an order: the first that holds everything; else for each line the first that holds it whole;
 * else the line is split over warehouses in their order. What is planned is taken out of `levels`, so that orders of
 * one batch are planned beside each other.
 */
export function planWarehouses(
  lines: readonly { skuId: string; quantity: number }[],
  levels: ReadonlyMap<string, PlaceLevel[]>,
): Plan {
  const places = lines.map((line) => levels.get(line.skuId) ?? [])
  for (const [index, line] of lines.entries()) {
    const available = places[index]!.reduce((sum, place) => sum + place.available, 0)
    if (available < line.quantity) return { ok: false, line: index, available }
  }
  const holds = (index: number, warehouseId: string) =>
    places[index]!.some((place) => place.warehouseId === warehouseId && place.available >= lines[index]!.quantity)
  const whole = places[0]?.find((place) => lines.every((_, index) => holds(index, place.warehouseId)))
  const parts: PlannedPart[] = []
  for (const [index, line] of lines.entries()) {
    const single = whole?.warehouseId ?? places[index]!.find((place) => place.available >= line.quantity)?.warehouseId
    let left = line.quantity
    for (const place of places[index]!) {
      if (left === 0 || (single !== undefined && place.warehouseId !== single)) continue
      const quantity = Math.min(left, place.available)
      if (quantity <= 0) continue
      place.available -= quantity
      left -= quantity
      parts.push({ line: index, skuId: line.skuId, warehouseId: place.warehouseId, quantity })
    }
  }
  return { ok: true, parts }
}
