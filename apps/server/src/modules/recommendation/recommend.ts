import type { Recommendation, StoreProductCard } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Viewer } from '../prices/index.ts'
import type { RecommendationDeps } from './compute.ts'
import { interestOf, PAIRS_FIRST, tasteOf } from './rules.ts'
import { hottest, pairsWith } from './store.ts'

export interface RecommendInput {
  slot: 'related' | 'similar' | 'interest' | 'hot'
  productId?: string | undefined
  viewed?: readonly string[] | undefined
  limit: number
}

type Reason = Recommendation['reason']
interface Pick {
  productId: string
  reason: Reason
  score: number
}

const TEXTS: Record<Reason, string> = {
  'hand-picked': '店主推荐搭配',
  'bought-together': '买了这件的人也买了',
  'viewed-together': '看过这件的人也看了',
  similar: '相似好物',
  'same-category': '同类好物',
  interest: '猜你喜欢',
  hot: '近期热卖',
  new: '新品上架',
}
/** More is looked up than shown: some are sold out or off sale by now. */
const SPARE = 3
const MAX_PAIRS = 300
const MAX_HEAT = 500

/**
 * Products for a slot, each once, on sale and in stock, with the reason it is there. What is known best stands first:
 * the shop's own choice, then what people did, then what is alike, then what is wanted now, then what is new. So a
 * shop without any history shows something sensible as well.
 * @throws AppError VALIDATION_FAILED when related or similar is asked without a product
 */
export async function recommend(
  tx: Tx,
  deps: RecommendationDeps,
  shopId: string,
  input: RecommendInput,
  viewer: Viewer,
): Promise<Recommendation[]> {
  if ((input.slot === 'related' || input.slot === 'similar') && input.productId === undefined)
    throw new AppError('VALIDATION_FAILED', { values: { field: 'productId' }, field: 'productId' })
  const left = new Set([...(input.productId ? [input.productId] : []), ...(input.viewed ?? [])])
  const found: Recommendation[] = []
  for (const source of sourcesOf(input.slot)) {
    if (found.length >= input.limit) break
    const picks = (await source(tx, deps, shopId, input, viewer)).filter(({ productId }) => !left.has(productId))
    const cards = await deps.catalog.cardsOf(
      tx,
      shopId,
      picks.map(({ productId }) => productId).slice(0, MAX_CARDS),
      viewer,
    )
    const byId = new Map(cards.map((card) => [card.id, card]))
    for (const pick of picks) {
      const product = byId.get(pick.productId)
      if (found.length >= input.limit) break
      if (!product || product.soldOut || left.has(product.id)) continue
      left.add(product.id)
      found.push(shown(product, pick))
    }
  }
  return found
}

const MAX_CARDS = 100

const shown = (product: StoreProductCard, { reason, score }: Pick): Recommendation => ({
  product,
  reason,
  text: TEXTS[reason],
  score: Math.round(score * 10_000) / 10_000,
})

type Source = (
  tx: Tx,
  deps: RecommendationDeps,
  shopId: string,
  input: RecommendInput,
  viewer: Viewer,
) => Promise<Pick[]>

function sourcesOf(slot: RecommendInput['slot']): Source[] {
  if (slot === 'related') return [handPicked('related'), together, sameCategory, hot, newest]
  if (slot === 'similar') return [handPicked('substitute'), alike, sameCategory, hot]
  if (slot === 'interest') return [interest, hot, newest]
  return [hot, newest]
}

const ranked = (ids: readonly string[], reason: Reason): Pick[] =>
  ids.map((productId, index) => ({ productId, reason, score: 1 / (1 + index) }))

const handPicked =
  (kind: 'related' | 'substitute'): Source =>
  async (tx, deps, shopId, { productId }) =>
    ranked(await deps.catalog.handPicked(tx, shopId, productId!, kind), 'hand-picked')

/** What was bought together says more than what was looked at together. */
const together: Source = async (tx, _deps, shopId, { productId }) => {
  const pairs = await pairsWith(tx, shopId, [productId!], MAX_PAIRS)
  const worth = ({ reason, score }: { reason: string; score: number }) => (reason === 'bought-together' ? 2 : 1) * score
  return pairs
    .sort((a, b) => worth(b) - worth(a))
    .map(({ otherId, reason, score }) => ({ productId: otherId, reason, score }))
}

/** What has most in common with the product's title, by the ranking of the search. */
const alike: Source = async (tx, deps, shopId, { productId }) => {
  const title = (await deps.catalog.productTitles(tx, shopId, [productId!])).get(productId!)
  if (!title) return []
  const found = await deps.catalog.productsLike(tx, shopId, title)
  return found
    .slice(0, MAX_CARDS)
    .map((each) => ({ productId: each.productId, reason: 'similar', score: each.coverage }))
}

const sameCategory: Source = async (tx, deps, shopId, { productId, limit }, viewer) => {
  const categoryId = (await deps.catalog.categoriesOf(tx, shopId, [productId!])).get(productId!)
  if (categoryId === undefined) return []
  const cards = await deps.catalog.topCards(tx, shopId, { sort: 'sold', categoryId, limit: limit + SPARE }, viewer)
  return ranked(
    cards.map(({ id }) => id),
    'same-category',
  )
}

/** The surest pairs, what is wanted in the categories that were looked at, then the other pairs. */
const interest: Source = async (tx, deps, shopId, { viewed }) => {
  if (!viewed?.length) return []
  const pairs = interestOf(viewed, await pairsWith(tx, shopId, viewed, MAX_PAIRS))
  const heat = new Map((await hottest(tx, shopId, MAX_HEAT)).map(({ productId, heat: value }) => [productId, value]))
  const categories = await deps.catalog.categoriesOf(tx, shopId, [...viewed, ...heat.keys()])
  const all = [...pairs.slice(0, PAIRS_FIRST), ...tasteOf(viewed, categories, heat), ...pairs.slice(PAIRS_FIRST)]
  return all.map((each) => ({ ...each, reason: 'interest' }))
}

const hot: Source = async (tx, deps, shopId, { limit }, viewer) => {
  const heat = await hottest(tx, shopId, limit * 2 + SPARE)
  const known = heat.map(({ productId, heat: score }) => ({ productId, reason: 'hot' as const, score }))
  if (known.length > limit) return known
  const sold = await deps.catalog.topCards(tx, shopId, { sort: 'sold', limit: limit * 2 + SPARE }, viewer)
  return [
    ...known,
    ...ranked(
      sold.filter(({ soldCount }) => soldCount > 0).map(({ id }) => id),
      'hot',
    ),
  ]
}

const newest: Source = async (tx, deps, shopId, { limit }, viewer) =>
  ranked(
    (await deps.catalog.topCards(tx, shopId, { sort: 'new', limit: limit * 2 + SPARE }, viewer)).map(({ id }) => id),
    'new',
  )
