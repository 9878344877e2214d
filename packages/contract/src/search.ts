import { z } from 'zod'
import { StoreProductCard } from './catalog.ts'
import { Id, idList, Ok, PageQuery, PriceFen, page, ShopParams, text } from './common.ts'
import { TagValueIds } from './content.ts'
import { routes } from './route.ts'

const MAX_QUERY = 60
const MAX_CHOICES = 20
/** Values of one filter travel as lines of one parameter: alternatives, of which one must hold. */
const choices = z
  .string()
  .max(2000)
  .transform((lines) => lines.split('\n').filter(Boolean))
  .pipe(z.array(z.string().max(240)).max(MAX_CHOICES))
  .optional()

export const SearchSort = z.enum(['default', 'new', 'sold', 'price-asc', 'price-desc'])

const FacetValue = z.object({ value: z.string(), products: z.int() })

/** What a list can be narrowed by, with how many of the found products each choice has. */
export const SearchFacets = z
  .object({
    /** How many products were counted; the most popular thousand where more were found. */
    products: z.int(),
    categories: z.array(z.object({ id: Id, name: z.string(), products: z.int() })),
    brands: z.array(FacetValue),
    tags: z.array(FacetValue),
    attributes: z.array(z.object({ name: z.string(), values: z.array(FacetValue) })),
    /** Values of tag dimensions in the order of the shop; what is chosen is there even where no found product has it. */
    dimensions: z.array(
      z.object({
        id: Id,
        name: z.string(),
        values: z.array(z.object({ id: Id, name: z.string(), products: z.int() })),
      }),
    ),
    /** Prices that part the products into about equal bands. */
    priceStepsFen: z.array(z.int()),
  })
  .meta({ id: 'SearchFacets' })
export type SearchFacets = z.infer<typeof SearchFacets>

export const SearchResult = z
  .object({
    ...page(StoreProductCard).shape,
    /** The query as it was understood, when it was written wrongly; null otherwise. */
    corrected: z.string().nullable(),
    /** Nothing fits well: what is shown is only near. */
    isLoose: z.boolean(),
    /** On the first page only. */
    facets: SearchFacets.nullable(),
  })
  .meta({ id: 'SearchResult' })
export type SearchResult = z.infer<typeof SearchResult>

export const Suggestion = z
  .object({ kind: z.enum(['query', 'category', 'word']), text: z.string(), categoryId: Id.nullable() })
  .meta({ id: 'SearchSuggestion' })
export type Suggestion = z.infer<typeof Suggestion>

const Word = text(24)

export const SearchSettings = z
  .object({
    /** Sets of words that mean the same. */
    synonyms: z.array(z.array(Word).min(2).max(12)).max(500),
    /** Shown first among the hot words, in this order. */
    pinned: z.array(Word).max(20),
    /** Never shown. */
    blocked: z.array(Word).max(200),
  })
  .meta({ id: 'SearchSettings' })
export type SearchSettings = z.infer<typeof SearchSettings>

export const QueryCount = z.object({ query: z.string(), searches: z.int(), withoutResult: z.int() })

/** The places where goods are recommended. */
export const RecommendationSlot = z.enum(['related', 'similar', 'interest', 'hot'])
export const RecommendationReason = z.enum([
  'hand-picked',
  'bought-together',
  'viewed-together',
  'similar',
  'same-category',
  'interest',
  'hot',
  'new',
])

export const Recommendation = z
  .object({
    product: StoreProductCard,
    reason: RecommendationReason,
    /** The reason in words for the buyer. */
    text: z.string(),
    score: z.number(),
  })
  .meta({ id: 'Recommendation' })
export type Recommendation = z.infer<typeof Recommendation>

export const searchRoutes = routes({
  'store.search': {
    method: 'GET',
    path: '/api/store/shops/:shopId/search',
    summary: 'Search products on sale: ranked, corrected, with facets and filters (lists as lines of one parameter)',
    access: { audience: 'public' },
    params: ShopParams,
    query: PageQuery.extend({
      q: z.string().trim().max(MAX_QUERY).optional(),
      sort: SearchSort.default('default'),
      categoryId: Id.optional(),
      brands: choices,
      tags: choices,
      /** Lines of `name:value`. */
      attributes: choices,
      tagValues: TagValueIds,
      minPriceFen: z.coerce.number().pipe(PriceFen).optional(),
      maxPriceFen: z.coerce.number().pipe(PriceFen).optional(),
      inStock: z.enum(['true']).optional(),
    }),
    response: SearchResult,
    errors: ['INVALID_CURSOR'],
  },
  'store.searchSuggestions': {
    method: 'GET',
    path: '/api/store/shops/:shopId/search/suggestions',
    summary: 'Suggestions while typing, by characters, pinyin or initials; without text, the hot words of the shop',
    access: { audience: 'public' },
    params: ShopParams,
    query: z.object({ q: z.string().trim().max(MAX_QUERY).default('') }),
    response: z.object({ items: z.array(Suggestion).max(20) }),
  },
  'store.recommendations': {
    method: 'GET',
    path: '/api/store/shops/:shopId/recommendations',
    summary: 'Recommended products of a slot, each with its reason',
    access: { audience: 'public' },
    params: ShopParams,
    query: z.object({
      slot: RecommendationSlot.default('hot'),
      /** The product beside which they are shown; needed for related and similar. */
      productId: Id.optional(),
      /** What was looked at last, newest first, separated by commas; kept on the visitor's device. */
      viewed: idList(30, 2000).optional(),
      limit: z.coerce.number().int().min(1).max(30).default(10),
    }),
    response: z.object({ items: z.array(Recommendation).max(30) }),
    errors: ['VALIDATION_FAILED'],
  },
  'store.findShops': {
    method: 'GET',
    path: '/api/store/shops',
    summary: 'Find open shops by a part of their name',
    access: { audience: 'public' },
    query: z.object({ q: z.string().trim().max(40).default('') }),
    response: z.object({
      items: z.array(z.object({ id: Id, slug: z.string(), name: z.string(), logoUrl: z.string().nullable() })).max(20),
    }),
  },
  'console.searchSettings': {
    method: 'GET',
    path: '/api/console/shops/:shopId/search/settings',
    summary: 'Synonyms and hot words of the shop',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    response: SearchSettings,
  },
  'console.saveSearchSettings': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/search/settings',
    summary: 'Replace synonyms and hot words of the shop',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    body: SearchSettings,
    response: Ok,
  },
  'console.rebuildSearchIndex': {
    method: 'POST',
    path: '/api/console/shops/:shopId/search/rebuild',
    summary: 'Have what goods are found by written anew, soon; searching goes on meanwhile',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    response: Ok,
  },
  'console.searchQueries': {
    method: 'GET',
    path: '/api/console/shops/:shopId/search/queries',
    summary: 'What was searched for in the last days, most first; with or without results',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    query: PageQuery.extend({ withoutResult: z.enum(['true', 'false']).default('false') }),
    response: page(QueryCount),
  },
})
