import { z } from 'zod'
import { Id, Instant, Ok, optionalText, PageQuery, page, ShopParams, shopParams, text } from './common.ts'
import { routes } from './route.ts'

export const MAX_MEMBER_LEVELS = 20

export const MemberLevel = z
  .object({
    id: Id,
    name: z.string(),
    /** Greater is higher. */
    rank: z.int(),
    note: z.string(),
    version: z.int(),
    memberCount: z.int(),
  })
  .meta({ id: 'MemberLevel' })
export type MemberLevel = z.infer<typeof MemberLevel>

export const MemberLevelInput = z.object({
  name: text(20),
  rank: z.int().min(1).max(99),
  note: optionalText(200),
})

export const Member = z
  .object({
    buyerId: Id,
    nickname: z.string(),
    levelId: Id,
    levelName: z.string(),
    /** Who set the level: staff, or a rule. */
    source: z.enum(['staff', 'rule']),
    note: z.string(),
    since: Instant,
  })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof Member>

export const BuyerFound = z.object({
  buyerId: Id,
  nickname: z.string(),
  phoneMasked: z.string(),
  orderNo: z.string(),
  levelId: Id.nullable(),
})

export const memberRoutes = routes({
  'buyer.membership': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/membership',
    summary: "The buyer's member level in a shop",
    access: { audience: 'buyer' },
    params: ShopParams,
    response: z.object({ level: z.object({ id: Id, name: z.string(), rank: z.int(), since: Instant }).nullable() }),
  },
  'console.memberLevels': {
    method: 'GET',
    path: '/api/console/shops/:shopId/member-levels',
    summary: 'The member levels of the shop, lowest first',
    access: { audience: 'staff', permission: 'catalog.read' },
    params: ShopParams,
    response: z.object({ items: z.array(MemberLevel).max(MAX_MEMBER_LEVELS) }),
  },
  'console.createMemberLevel': {
    method: 'POST',
    path: '/api/console/shops/:shopId/member-levels',
    summary: 'Add a member level',
    access: { audience: 'staff', permission: 'settings.write' },
    params: ShopParams,
    body: MemberLevelInput,
    response: MemberLevel,
    errors: ['DUPLICATE'],
  },
  'console.updateMemberLevel': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/member-levels/:levelId',
    summary: 'Rename or reorder a member level',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ levelId: Id }),
    body: MemberLevelInput.extend({ version: z.int() }),
    response: MemberLevel,
    errors: ['CONFLICT', 'DUPLICATE', 'NOT_FOUND'],
  },
  'console.deleteMemberLevel': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/member-levels/:levelId',
    summary: 'Remove a member level that nobody holds',
    access: { audience: 'staff', permission: 'settings.write' },
    params: shopParams({ levelId: Id }),
    response: Ok,
    errors: ['MEMBER_LEVEL_IN_USE', 'NOT_FOUND'],
  },
  'console.members': {
    method: 'GET',
    path: '/api/console/shops/:shopId/members',
    summary: 'Buyers who have a level, newest first',
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    query: PageQuery.extend({ levelId: Id.optional() }),
    response: page(Member),
  },
  'console.findBuyers': {
    method: 'GET',
    path: '/api/console/shops/:shopId/buyer-picker',
    summary: "The shop's buyers by order number or by the phone of an order; the latest without a query",
    access: { audience: 'staff', permission: 'orders.read' },
    params: ShopParams,
    query: z.object({ q: z.string().trim().max(40).default('') }),
    response: z.object({ items: z.array(BuyerFound).max(20) }),
  },
  'console.setMemberLevel': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/members/:buyerId',
    summary: "Set a buyer's level, or take it away",
    access: { audience: 'staff', permission: 'orders.write' },
    params: shopParams({ buyerId: Id }),
    body: z.object({ levelId: Id.nullable(), note: optionalText(200) }),
    response: Ok,
    errors: ['NOT_FOUND'],
  },
})
