import { z } from 'zod'
import { BusinessDay, Id, Ok, optionalText, ShopParams, shopParams, text } from './common.ts'
import {
  CompletenessOverview,
  ContentRules,
  ProductRole,
  RolesReport,
  TagDimension,
  TagDimensionInput,
  TagFacet,
} from './content.ts'
import { routes } from './route.ts'
import { TitleProposal } from './title-rules.ts'

const dimensionParams = shopParams({ dimensionId: Id })

export const contentRoutes = routes({
  'store.tagFacets': {
    method: 'GET',
    path: '/api/store/shops/:shopId/tag-facets',
    summary: 'The tag dimensions that buyers may filter by, with values that products on sale carry',
    access: { audience: 'public' },
    params: ShopParams,
    query: z.object({ categoryId: Id.optional() }),
    response: z.object({ items: z.array(TagFacet).max(50) }),
  },
  'console.contentRules': {
    method: 'GET',
    path: '/api/console/shops/:shopId/content-rules',
    summary: "The shop's rules of completeness, titles and media, for live checks in the editor",
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    response: ContentRules,
  },
  'console.completeness': {
    method: 'GET',
    path: '/api/console/shops/:shopId/completeness',
    summary: 'How complete the products on sale are, and what costs the most points',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    response: CompletenessOverview,
  },
  'console.proposeTitles': {
    method: 'POST',
    path: '/api/console/shops/:shopId/title-proposals',
    summary: 'Titles made of brand, searches, attributes, scenes and offer, each part with where it came from',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    body: z.object({
      title: optionalText(120),
      brand: optionalText(60),
      coreKeyword: optionalText(30),
      categoryId: Id.nullable().default(null),
      attributes: z
        .array(z.object({ name: text(30), value: text(200) }))
        .max(60)
        .default([]),
      tags: z.array(text(20)).max(20).default([]),
      tagValueIds: z.array(Id).max(60).default([]),
      /** A running offer in words, e.g. 第二件半价. */
      offer: optionalText(20),
    }),
    response: z.object({ items: z.array(TitleProposal).max(5), searchDays: z.int(), queriesKnown: z.int() }),
  },
  'console.tagDimensions': {
    method: 'GET',
    path: '/api/console/shops/:shopId/tag-dimensions',
    summary: "The shop's tag vocabulary: dimensions such as 场景, 人群, 季节 with their values",
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    response: z.object({ items: z.array(TagDimension).max(50) }),
  },
  'console.createTagDimension': {
    method: 'POST',
    path: '/api/console/shops/:shopId/tag-dimensions',
    summary: 'Add a tag dimension with its values',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    body: TagDimensionInput,
    response: TagDimension,
    errors: ['DUPLICATE', 'VALIDATION_FAILED'],
  },
  'console.updateTagDimension': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/tag-dimensions/:dimensionId',
    summary: 'Rename a dimension, and add, rename, reorder or remove its values; a value in use cannot be removed',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: dimensionParams,
    body: TagDimensionInput,
    response: TagDimension,
    errors: ['NOT_FOUND', 'DUPLICATE', 'TAG_IN_USE'],
  },
  'console.deleteTagDimension': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/tag-dimensions/:dimensionId',
    summary: 'Remove a dimension that no product carries a value of',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: dimensionParams,
    response: Ok,
    errors: ['NOT_FOUND', 'TAG_IN_USE'],
  },
  'console.assignRole': {
    method: 'POST',
    path: '/api/console/shops/:shopId/products/role',
    summary: 'Give products a role in the assortment',
    access: { audience: 'staff', permission: 'catalog.write' },
    params: ShopParams,
    body: z.object({ productIds: z.array(Id).min(1).max(200), role: ProductRole }),
    response: z.object({ changed: z.int() }),
  },
  'console.rolesReport': {
    method: 'GET',
    path: '/api/console/shops/:shopId/roles-report',
    summary: 'Turnover, margin and refunds by product role, and the share of exclusive goods',
    access: { audience: 'staff', permission: 'analytics.read' },
    params: ShopParams,
    query: z.object({ from: BusinessDay, to: BusinessDay }),
    response: RolesReport,
    errors: ['VALIDATION_FAILED'],
  },
})
