import { buyerOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { viewerOf } from '../prices/index.ts'
import type { StorefrontDeps } from './deps.ts'
import { createMiniCodes } from './mini-code.ts'
import { storePage } from './read-page.ts'
import { storeShop } from './read-shop.ts'
import { forgetRestock, remindOfRestock, restockReminders } from './restock.ts'
import { sharePage } from './share.ts'

/** The first byte of a PNG; WeChat answers JPEG as well. */
const PNG = 0x89

export function storefrontHandlers(deps: StorefrontDeps): Handlers {
  const miniCodes = createMiniCodes(deps)
  return {
    'store.shop': ({ params }) => storeShop(deps, params.shop),
    'store.page': ({ params, query, caller }) =>
      storePage(deps, params.shopId, params.slug, viewerOf(caller), query.preview),
    'store.share': ({ params, body, caller }) =>
      sharePage(deps, {
        shopId: params.shopId,
        page: body.page,
        subject: body.subject,
        buyerId: caller.kind === 'buyer' ? caller.buyerId : null,
      }),
    'store.shareMiniCode': async ({ params: { shopId, code }, reply }) => {
      const picture = await miniCodes.pictureOf(shopId, code)
      return reply
        .type(picture[0] === PNG ? 'image/png' : 'image/jpeg')
        .header('cache-control', 'public, max-age=2592000, immutable')
        .send(picture)
    },
    'buyer.restockReminders': async ({ params, caller }) => ({
      items: await restockReminders(deps, params.shopId, params.productId, buyerOf(caller)),
    }),
    'buyer.remindOfRestock': ({ params, caller }) => remindOfRestock(deps, { ...params, buyerId: buyerOf(caller) }),
    'buyer.forgetRestock': async ({ params, caller }) => {
      await forgetRestock(deps, { ...params, buyerId: buyerOf(caller) })
      return { ok: true }
    },
  }
}
