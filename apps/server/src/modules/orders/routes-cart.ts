import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Caller } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { priceNote, viewerOf } from '../prices/index.ts'
import { addToCart, type CartOwner, viewCart } from './cart.ts'
import type { DeliveryTerms, OrdersDeps } from './deps.ts'
import { availableOf, mergeLines, problemOf, quoteLines, readMarket, skuOf, withDelivery } from './quote-order.ts'
import { sellsIn } from './regions.ts'
import { removeCartLines, updateCartLine } from './store-cart.ts'

export function cartHandlers(deps: OrdersDeps): Handlers {
  const { db, clock } = deps
  return {
    'cart.get': ({ caller }) => viewCart(deps, ownerOf(caller), viewerOf(caller)),

    'cart.add': async ({ caller, body }) => {
      const owner = requireOwner(caller)
      await addToCart(deps, owner, body, viewerOf(caller))
      return viewCart(deps, owner, viewerOf(caller))
    },

    'cart.update': async ({ caller, params: { skuId }, body }) => {
      const owner = requireOwner(caller)
      const found = await db.tx({ buyerId: owner.id }, (tx) =>
        updateCartLine(tx, owner.id, skuId, body, clock.instant()),
      )
      if (!found) throw new AppError('NOT_FOUND', { values: { what: '购物车中的商品' } })
      return viewCart(deps, owner, viewerOf(caller))
    },

    'cart.remove': async ({ caller, body: { skuIds } }) => {
      const owner = requireOwner(caller)
      await db.tx({ buyerId: owner.id }, (tx) => removeCartLines(tx, owner.id, skuIds))
      return viewCart(deps, owner, viewerOf(caller))
    },

    'store.quote': async ({ params: { shopId }, body, caller }) => {
      const lines = mergeLines(body.lines)
      const viewer = viewerOf(caller, body.province ?? null)
      return db.read({ shopId }, async (tx) => {
        const market = await readMarket(tx, deps, new Map([[shopId, new Set(lines.map((line) => line.skuId))]]), {
          at: clock.instant(),
          buyers: viewer.buyerId === null ? [] : [{ shopId, buyerId: viewer.buyerId }],
        })
        const terms = await termsOf(tx, deps, shopId, body)
        const byCourier = quoteLines(market, shopId, lines, viewer)
        const { lines: quoted, ...price } = terms === null ? byCourier : withDelivery(byCourier, terms)
        const fileIds = lines.flatMap((line) => skuOf(market, shopId, line.skuId).pictureFileId ?? [])
        const pictures = await deps.files.pictures(tx, shopId, fileIds)
        const goesTo = terms?.place?.province ?? body.province
        return {
          ...price,
          lines: quoted.map((line) => {
            const sku = skuOf(market, shopId, line.skuId)
            const { productId, title, options, onSale, pictureFileId } = sku
            const available = availableOf(market, shopId, line.skuId, terms?.warehouseId)
            const picture = pictureFileId === null ? null : (pictures.get(pictureFileId) ?? null)
            return {
              ...line,
              priceNote: priceNote(market.prices.priceOf(shopId, sku, viewer), viewer.province),
              productId,
              title,
              options,
              picture,
              available,
              soldIn: sku.exclusiveProvinces,
              problem:
                problemOf(onSale, available, line.quantity) ??
                (goesTo === undefined || sellsIn(sku, goesTo) ? null : ('other-region' as const)),
            }
          }),
        }
      })
    },
  }
}

/** What the chosen delivery costs and promises; null by courier. @throws AppError DELIVERY_UNAVAILABLE */
async function termsOf(
  tx: Tx,
  { delivery }: OrdersDeps,
  shopId: string,
  { delivery: choice, province = '', city = '', district = '' }: Call<'store.quote'>['body'],
): Promise<DeliveryTerms | null> {
  if (choice === undefined || choice.method === 'courier') return null
  const [terms] = await delivery.terms(tx, [{ shopId, choice, province, city, district }])
  if (terms instanceof Error) throw terms
  return terms!
}

function ownerOf(caller: Caller): CartOwner | undefined {
  if (caller.kind === 'buyer') return { id: caller.buyerId, guestToken: null }
  if (caller.kind === 'anonymous' && caller.guestId !== undefined)
    return { id: caller.guestId, guestToken: caller.guestId }
  return undefined
}

function requireOwner(caller: Caller): CartOwner {
  const owner = ownerOf(caller)
  if (owner === undefined) throw new AppError('SIGN_IN_REQUIRED')
  return owner
}
