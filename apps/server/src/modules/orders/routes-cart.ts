import { AppError } from '../../kernel/errors.ts'
import type { Caller } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { addToCart, type CartOwner, viewCart } from './cart.ts'
import type { OrdersDeps } from './deps.ts'
import { availableOf, mergeLines, problemOf, quoteLines, readMarket, skuOf } from './quote-order.ts'
import { removeCartLines, updateCartLine } from './store-cart.ts'

export function cartHandlers(deps: OrdersDeps): Handlers {
  const { db, clock } = deps
  return {
    'cart.get': ({ caller }) => viewCart(deps, ownerOf(caller)),

    'cart.add': async ({ caller, body }) => {
      const owner = requireOwner(caller)
      await addToCart(deps, owner, body)
      return viewCart(deps, owner)
    },

    'cart.update': async ({ caller, params: { skuId }, body }) => {
      const owner = requireOwner(caller)
      const found = await db.tx({ buyerId: owner.id }, (tx) =>
        updateCartLine(tx, owner.id, skuId, body, clock.instant()),
      )
      if (!found) throw new AppError('NOT_FOUND', { values: { what: '购物车中的商品' } })
      return viewCart(deps, owner)
    },

    'cart.remove': async ({ caller, body: { skuIds } }) => {
      const owner = requireOwner(caller)
      await db.tx({ buyerId: owner.id }, (tx) => removeCartLines(tx, owner.id, skuIds))
      return viewCart(deps, owner)
    },

    'store.quote': async ({ params: { shopId }, body }) => {
      const lines = mergeLines(body.lines)
      return db.read({ shopId }, async (tx) => {
        const market = await readMarket(tx, deps, new Map([[shopId, new Set(lines.map((line) => line.skuId))]]))
        const { lines: quoted, ...price } = quoteLines(market, shopId, lines, body.province ?? null)
        const fileIds = lines.flatMap((line) => skuOf(market, shopId, line.skuId).pictureFileId ?? [])
        const pictures = await deps.files.pictures(tx, shopId, fileIds)
        return {
          ...price,
          lines: quoted.map((line) => {
            const { productId, title, options, onSale, pictureFileId } = skuOf(market, shopId, line.skuId)
            const available = availableOf(market, shopId, line.skuId)
            const picture = pictureFileId === null ? null : (pictures.get(pictureFileId) ?? null)
            return {
              ...line,
              productId,
              title,
              options,
              picture,
              available,
              problem: problemOf(onSale, available, line.quantity),
            }
          }),
        }
      })
    },
  }
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
