/**
 * Item-to-item collaborative filtering, pure. Two products belong together when the same people took both, the more so
 * the closer together in time and the choosier the people: somebody who looks at everything says little (inverse user
 * frequency), and a product that everybody takes belongs to nothing in particular (cosine).
 */

export interface Touch {
  /** Buyer, device or session: whose touches belong together. */
  who: string
  productId: string
  atMs: number
  /** What it says: a view 1, a purchase more. */
  weight: number
}

export interface Pair {
  productId: string
  otherId: string
  score: number
}

export interface PairOptions {
  /** Pairs kept of each product, best first. */
  most: number
  /** After this time between two touches, their pair is worth half. */
  halfLifeMs: number
  /** The last so many products of one person count; machines look at thousands. */
  mostOfOne: number
}

export const PAIR_DEFAULTS: PairOptions = { most: 30, halfLifeMs: 3_600_000, mostOfOne: 60 }

/** Pairs of products in both directions. Those of one person alone count as well: small shops have no others. */
export function pairsOf(touches: readonly Touch[], options: PairOptions = PAIR_DEFAULTS): Pair[] {
  const people = Map.groupBy(touches, ({ who }) => who)
  const norms = new Map<string, number>()
  const scores = new Map<string, Map<string, number>>()
  for (const own of people.values()) {
    const products = newestOf(own, options.mostOfOne)
    const choosiness = 1 / Math.log(1 + products.length)
    for (const one of products) {
      norms.set(one.productId, (norms.get(one.productId) ?? 0) + choosiness * one.weight)
      const row = scores.get(one.productId) ?? new Map<string, number>()
      scores.set(one.productId, row)
      for (const other of products) {
        if (other.productId === one.productId) continue
        const near = 0.5 ** (Math.abs(one.atMs - other.atMs) / options.halfLifeMs)
        const says = choosiness * near * Math.sqrt(one.weight * other.weight)
        row.set(other.productId, (row.get(other.productId) ?? 0) + says)
      }
    }
  }
  return [...scores].flatMap(([productId, row]) =>
    [...row]
      .map(([otherId, sum]) => ({
        productId,
        otherId,
        score: sum / Math.sqrt(norms.get(productId)! * norms.get(otherId)!),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (a.otherId < b.otherId ? -1 : 1))
      .slice(0, options.most),
  )
}

/** The last touch of each product, newest first. */
function newestOf(own: readonly Touch[], most: number): Touch[] {
  const last = new Map<string, Touch>()
  for (const touch of own) {
    const known = last.get(touch.productId)
    if (!known) last.set(touch.productId, touch)
    else
      last.set(touch.productId, {
        ...touch,
        atMs: Math.max(known.atMs, touch.atMs),
        weight: Math.max(known.weight, touch.weight),
      })
  }
  return [...last.values()].sort((a, b) => b.atMs - a.atMs).slice(0, most)
}

/** How wanted each product is at `nowMs`: its touches, each worth half after `halfLifeMs`. */
export function heatOf(touches: readonly Touch[], nowMs: number, halfLifeMs: number): Map<string, number> {
  const heat = new Map<string, number>()
  for (const { productId, atMs, weight } of touches) {
    const worth = weight * 0.5 ** (Math.max(0, nowMs - atMs) / halfLifeMs)
    heat.set(productId, (heat.get(productId) ?? 0) + worth)
  }
  return heat
}

/**
 * What goes with what was looked at last (newest first): the pairs of each, worth less the longer ago it was looked at.
 * What was looked at itself is left out.
 */
export function interestOf(viewed: readonly string[], pairs: readonly Pair[]): { productId: string; score: number }[] {
  const place = new Map(viewed.map((id, index) => [id, index]))
  const scores = new Map<string, number>()
  for (const { productId, otherId, score } of pairs) {
    const index = place.get(productId)
    if (index === undefined || place.has(otherId)) continue
    scores.set(otherId, (scores.get(otherId) ?? 0) + score / (1 + index / 3))
  }
  return [...scores]
    .map(([productId, score]) => ({ productId, score }))
    .sort((a, b) => b.score - a.score || (a.productId < b.productId ? -1 : 1))
}

/**
 * What is wanted now in the categories of what was looked at last (newest first): by heat, the more the smaller and
 * the more recent its category. On a log of real behaviour this finds the next product three times as often as
 * popularity, and more often than pairs do while there is little to pair (`npm run bench -- recommend`).
 */
export function tasteOf(
  viewed: readonly string[],
  categoryOf: ReadonlyMap<string, string>,
  heat: ReadonlyMap<string, number>,
): { productId: string; score: number }[] {
  const categories = [...new Set(viewed.flatMap((id) => categoryOf.get(id) ?? []))]
  const place = new Map(categories.map((category, index) => [category, index]))
  const own = new Set(viewed)
  const inPlace = [...heat].filter(([id]) => place.has(categoryOf.get(id) ?? ''))
  const sizes = new Map([...Map.groupBy(inPlace, ([id]) => categoryOf.get(id)!)].map(([id, rows]) => [id, rows.length]))
  return inPlace
    .filter(([id]) => !own.has(id))
    .map(([productId, value]) => {
      const category = categoryOf.get(productId)!
      return { productId, score: value / (1 + place.get(category)! / 3) / Math.sqrt(sizes.get(category)!) }
    })
    .sort((a, b) => b.score - a.score || (a.productId < b.productId ? -1 : 1))
}

/** A few pairs stand before the taste: they are surer where they exist. */
export const PAIRS_FIRST = 3
