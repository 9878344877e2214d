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

/** What the shop's routing rules ask of the plan. */
export interface Preference {
  /** Warehouses that serve before the others, best first. */
  warehouseIds: readonly string[]
  /** `by-warehouse`: each line from its best warehouse, even where one warehouse holds everything. */
  split: 'together' | 'by-warehouse'
}

const NO_PREFERENCE: Preference = { warehouseIds: [], split: 'together' }

/**
 * Chooses warehouses for an order: the first that holds everything; else for each line the first that holds it whole;
 * else the line is split over warehouses in their order. That order is the warehouses' own, after those that the
 * routing rules prefer. What is planned is taken out of `levels`, so that orders of one batch are planned beside each
 * other.
 */
export function planWarehouses(
  lines: readonly { skuId: string; quantity: number }[],
  levels: ReadonlyMap<string, PlaceLevel[]>,
  preference: Preference = NO_PREFERENCE,
): Plan {
  const places = lines.map((line) => preferred(levels.get(line.skuId) ?? [], preference.warehouseIds))
  for (const [index, line] of lines.entries()) {
    const available = places[index]!.reduce((sum, place) => sum + place.available, 0)
    if (available < line.quantity) return { ok: false, line: index, available }
  }
  const holds = (index: number, warehouseId: string) =>
    places[index]!.some((place) => place.warehouseId === warehouseId && place.available >= lines[index]!.quantity)
  const whole =
    preference.split === 'together'
      ? places[0]?.find((place) => lines.every((_, index) => holds(index, place.warehouseId)))
      : undefined
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

/** The same places, those of the named warehouses first. */
function preferred(places: PlaceLevel[], warehouseIds: readonly string[]): PlaceLevel[] {
  if (warehouseIds.length === 0) return places
  const rank = (place: PlaceLevel) => {
    const at = warehouseIds.indexOf(place.warehouseId)
    return at < 0 ? warehouseIds.length : at
  }
  return places.toSorted((a, b) => rank(a) - rank(b))
}
