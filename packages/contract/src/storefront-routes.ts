import { z } from 'zod'
import { Category } from './catalog.ts'
import { Id, Instant, Ok, ShopParams, shopParams, text } from './common.ts'
import { StorePage } from './page-blocks.ts'
import { routes } from './route.ts'

const HexColor = z.string().regex(/^#[0-9a-f]{6}$/)

/** How buyers reach the shop's people. Empty strings: not offered. */
export const ShopContact = z.object({
  phone: z.string(),
  /** An address that opens a chat, such as WeChat customer service (https://work.weixin.qq.com/kfid/…). */
  chatUrl: z.string(),
  hours: z.string(),
})

/** Logo and name, the name alone, or the logo alone: a lettering that is the name. */
export const HEAD_STYLES = ['logo-name', 'name', 'logo'] as const
export type HeadStyle = (typeof HEAD_STYLES)[number]

export const StoreShop = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    logoUrl: z.string().nullable(),
    /** How the shop's name stands on the home page. */
    headStyle: z.enum(HEAD_STYLES),
    notice: z.string(),
    categories: z.array(Category),
    /** The two colours the shop has chosen; what follows from them is in `theme.ts`. */
    theme: z.object({ action: HexColor, trust: HexColor }),
    contact: ShopContact,
    /** What the shop stands for, in a few words each; shown where buyers decide. */
    promises: z.array(z.string()).max(4),
  })
  .meta({ id: 'StoreShop' })
export type StoreShop = z.infer<typeof StoreShop>

/** A buyer's wish to be told when a SKU is back. */
export const RestockReminder = z.object({ skuId: Id, createdAt: Instant }).meta({ id: 'RestockReminder' })
export type RestockReminder = z.infer<typeof RestockReminder>

/** Who shared what: its `code` travels as `?from=` and names the share in every behaviour event that follows. */
export const ShareLink = z
  .object({
    code: z.string(),
    /** Complete address of the page with the code. */
    url: z.string(),
    /** The address as a QR code, an SVG drawing. */
    qrSvg: z.string().max(40_000),
    /** Where the mini program code of this share is had as a picture; null where no mini program is set up, or the page has none. */
    miniCodeUrl: z.string().nullable(),
  })
  .meta({ id: 'ShareLink' })
export type ShareLink = z.infer<typeof ShareLink>

export const storefrontRoutes = routes({
  'store.shop': {
    method: 'GET',
    path: '/api/store/shops/:shop',
    summary: 'A shop by id or slug, with its categories, colours and contact',
    access: { audience: 'public' },
    kept: {},
    params: z.object({ shop: text(64) }),
    response: StoreShop,
  },
  'store.page': {
    method: 'GET',
    path: '/api/store/shops/:shopId/pages/:slug',
    summary: 'A designed page as it is to be drawn now; `home` always exists',
    access: { audience: 'public' },
    kept: { unless: ['preview'] },
    params: shopParams({ slug: text(40) }),
    /** A signed preview shows a draft or a version instead. */
    query: z.object({ preview: text(200).optional() }),
    response: StorePage,
    errors: ['NOT_FOUND'],
  },
  'store.share': {
    method: 'POST',
    path: '/api/store/shops/:shopId/shares',
    summary: 'Share a page: a code that names who shared, the address that carries it, and that address as a QR code',
    access: { audience: 'guest' },
    params: ShopParams,
    body: z.object({
      page: z.enum(['home', 'detail', 'page']),
      /** Product id or slug; absent for the home page. */
      subject: text(64).optional(),
    }),
    response: ShareLink,
    errors: ['NOT_FOUND'],
  },
  'store.shareMiniCode': {
    method: 'GET',
    path: '/api/store/shops/:shopId/shares/:code/mini-code',
    summary:
      'The mini program code of a share, as WeChat draws it: a picture that leads to the page and names the share',
    access: { audience: 'public' },
    params: shopParams({ code: text(20) }),
    produces: 'binary',
    errors: ['NOT_FOUND', 'UNAVAILABLE'],
  },
  'buyer.restockReminders': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/products/:productId/restock-reminders',
    summary: 'For which SKUs of a product the buyer waits',
    access: { audience: 'buyer' },
    params: shopParams({ productId: Id }),
    response: z.object({ items: z.array(RestockReminder).max(200) }),
  },
  'buyer.remindOfRestock': {
    method: 'PUT',
    path: '/api/buyer/shops/:shopId/restock-reminders/:skuId',
    summary: 'Tell me when this SKU can be bought again; asking twice is asking once',
    access: { audience: 'buyer' },
    params: shopParams({ skuId: Id }),
    response: RestockReminder,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'buyer.forgetRestock': {
    method: 'DELETE',
    path: '/api/buyer/shops/:shopId/restock-reminders/:skuId',
    summary: 'No longer wait for this SKU',
    access: { audience: 'buyer' },
    params: shopParams({ skuId: Id }),
    response: Ok,
  },
})
