import { z } from 'zod'
import { StoreProductCard } from './catalog.ts'
import { FenAmount, Id, Instant, Ok, PageQuery, page, ShopParams, shopParams, text } from './common.ts'
import { routes } from './route.ts'

/** Texts that a shop owes its buyers. */
export const LegalKind = z.enum(['privacy', 'agreement', 'after-sale', 'shipping', 'licence'])
export type LegalKind = z.infer<typeof LegalKind>

export const LEGAL_KINDS: Record<LegalKind, { zh: string; en: string }> = {
  privacy: { zh: '隐私政策', en: 'Privacy policy' },
  agreement: { zh: '用户协议', en: 'User agreement' },
  'after-sale': { zh: '售后规则', en: 'After-sale rules' },
  shipping: { zh: '配送说明', en: 'Shipping rules' },
  licence: { zh: '资质证照', en: 'Licences' },
}

const NamesAbove = z.string().trim().max(40).optional()

/** What a pasted text says, field by field; empty where it says nothing. */
export const AddressReading = z
  .object({
    name: z.string(),
    phone: z.string(),
    province: z.string(),
    city: z.string(),
    district: z.string(),
    street: z.string(),
    detail: z.string(),
  })
  .meta({ id: 'AddressReading' })

export const Favourite = z
  .object({
    /** Of the product. */
    id: Id,
    title: z.string(),
    /** Null when it is no longer on sale. */
    card: StoreProductCard.nullable(),
    addedPriceFen: FenAmount,
    /** How much cheaper it is now than when it was added; 0 when it is not. */
    dropFen: FenAmount,
    addedAt: Instant,
  })
  .meta({ id: 'Favourite' })
export type Favourite = z.infer<typeof Favourite>

export const SeenProduct = z
  .object({ id: Id, title: z.string(), card: StoreProductCard.nullable(), seenAt: Instant })
  .meta({ id: 'SeenProduct' })
export type SeenProduct = z.infer<typeof SeenProduct>

/** What the buyer allows. */
export const PrivacyChoices = z
  .object({ marketing: z.boolean(), personalised: z.boolean(), keepsHistory: z.boolean() })
  .meta({ id: 'PrivacyChoices' })
export type PrivacyChoices = z.infer<typeof PrivacyChoices>

export const LegalText = z
  .object({
    kind: LegalKind,
    /** 0 is the program's own text, as long as the shop has published none. */
    version: z.int(),
    title: z.string(),
    body: z.string(),
    publishedAt: Instant.nullable(),
    publishedBy: z.string().optional(),
  })
  .meta({ id: 'LegalText' })
export type LegalText = z.infer<typeof LegalText>

export const Consent = z.object({ kind: LegalKind, version: z.int(), agreedAt: Instant }).meta({ id: 'Consent' })
export type Consent = z.infer<typeof Consent>

const ProductParams = shopParams({ productId: Id })

export const customerRoutes = routes({
  'store.divisions': {
    method: 'GET',
    path: '/api/store/divisions',
    summary: 'Names of the places below a province, city or district; provinces without one',
    access: { audience: 'public' },
    query: z.object({ province: NamesAbove, city: NamesAbove, district: NamesAbove }),
    response: z.object({ items: z.array(z.string()).max(500) }),
  },
  'store.readAddress': {
    method: 'POST',
    path: '/api/store/address-readings',
    summary: 'Take a pasted address apart: name, phone, the four levels, and the rest',
    access: { audience: 'public' },
    body: z.object({ text: z.string().max(300) }),
    response: AddressReading,
  },
  'buyer.favourites': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/favourites',
    summary: 'What the buyer likes in a shop, newest first, with what became cheaper',
    access: { audience: 'buyer' },
    params: ShopParams,
    query: PageQuery,
    response: page(Favourite),
  },
  'store.favourite': {
    method: 'GET',
    path: '/api/store/shops/:shopId/products/:productId/favourite',
    summary: 'Whether the visitor likes a product; who is not signed in likes nothing yet',
    access: { audience: 'public' },
    params: ProductParams,
    response: z.object({ isFavourite: z.boolean(), isSignedIn: z.boolean() }),
  },
  'buyer.addFavourite': {
    method: 'PUT',
    path: '/api/buyer/shops/:shopId/favourites/:productId',
    summary: 'Like a product; twice is once. At most 500 in a shop',
    access: { audience: 'buyer' },
    params: ProductParams,
    response: Ok,
    errors: ['NOT_FOUND', 'LIMIT_REACHED'],
  },
  'buyer.removeFavourite': {
    method: 'DELETE',
    path: '/api/buyer/shops/:shopId/favourites/:productId',
    summary: 'No longer like a product',
    access: { audience: 'buyer' },
    params: ProductParams,
    response: Ok,
  },
  'buyer.seenProducts': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/seen-products',
    summary: 'What the buyer has looked at, newest first',
    access: { audience: 'buyer' },
    params: ShopParams,
    query: PageQuery,
    response: page(SeenProduct),
  },
  'buyer.saw': {
    method: 'PUT',
    path: '/api/buyer/shops/:shopId/seen-products/:productId',
    summary: 'Remember that the buyer looked at a product, unless the buyer wants no history',
    access: { audience: 'buyer' },
    params: ProductParams,
    response: Ok,
    errors: ['NOT_FOUND'],
  },
  'buyer.forgetSeen': {
    method: 'DELETE',
    path: '/api/buyer/shops/:shopId/seen-products',
    summary: 'Clear what was looked at in a shop',
    access: { audience: 'buyer' },
    params: ShopParams,
    response: Ok,
  },
  'buyer.privacy': {
    method: 'GET',
    path: '/api/buyer/privacy',
    summary: 'What the buyer allows',
    access: { audience: 'buyer' },
    response: PrivacyChoices,
  },
  'buyer.setPrivacy': {
    method: 'PUT',
    path: '/api/buyer/privacy',
    summary: 'Allow or forbid; switching the history off clears it everywhere',
    access: { audience: 'buyer' },
    body: PrivacyChoices,
    response: PrivacyChoices,
  },
  'buyer.consents': {
    method: 'GET',
    path: '/api/buyer/shops/:shopId/consents',
    summary: 'To which texts the buyer has agreed, which version and when',
    access: { audience: 'buyer' },
    params: ShopParams,
    response: z.object({ items: z.array(Consent).max(200) }),
  },
  'buyer.agree': {
    method: 'POST',
    path: '/api/buyer/shops/:shopId/consents',
    summary: 'Agree to the version of a text that was shown',
    access: { audience: 'buyer' },
    params: ShopParams,
    body: z.object({ kind: LegalKind, version: z.int().min(0).max(100_000) }),
    response: Consent,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  'store.legalText': {
    method: 'GET',
    path: '/api/store/shops/:shopId/legal-texts/:kind',
    summary: 'The text of a kind that is in force',
    access: { audience: 'public' },
    params: shopParams({ kind: LegalKind }),
    response: LegalText,
    errors: ['NOT_FOUND'],
  },
  'console.legalTexts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/legal-texts',
    summary: 'The texts in force, of every kind',
    access: { audience: 'staff', permission: 'settings.read' },
    params: ShopParams,
    response: z.object({ items: z.array(LegalText).max(20) }),
  },
  'console.publishLegalText': {
    method: 'POST',
    path: '/api/console/shops/:shopId/legal-texts',
    summary: 'Publish a new version of a text; older versions stay for who agreed to them',
    access: { audience: 'staff', permission: 'settings.write' },
    params: ShopParams,
    body: z.object({
      kind: LegalKind,
      title: text(60),
      body: text(20_000),
      /** The version that was edited. */
      version: z.int().min(0),
    }),
    response: LegalText,
    errors: ['CONFLICT'],
  },
})
