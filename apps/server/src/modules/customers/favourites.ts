import type { Favourite, Fen, SeenProduct } from '@zhanggui/contract'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { decodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import type { Viewer } from '../prices/index.ts'
import { knowBuyers } from './buyers/know-buyers.ts'
import type { CustomersDeps } from './deps.ts'
import { historyDays, mostFavourites } from './settings.ts'
import {
  choicesOf,
  countFavourites,
  deleteOldSeen,
  insertFavourite,
  isFavourite,
  listFavourites,
  listSeen,
  rememberSeen,
} from './store.ts'

const DAY_MS = 86_400_000
const Place = z.object({ at: z.iso.datetime(), id: z.uuid() })

interface Owner {
  shopId: string
  buyerId: string
}
interface Asked {
  cursor?: string | undefined
  limit: number
}

/** What the buyer likes, with what it costs this buyer now. */
export function favourites(deps: CustomersDeps, key: Owner, asked: Asked, viewer: Viewer): Promise<Page<Favourite>> {
  const before = decodeCursor(asked.cursor, Place)
  return deps.db.read({ shopId: key.shopId }, async (tx) => {
    const rows = await listFavourites(tx, key, before, asked.limit + 1)
    const page = keysetPage(rows, asked.limit, ({ at, productId }) => ({ at, id: productId }))
    const ids = page.items.map(({ productId }) => productId)
    const cards = new Map((await deps.catalog.cardsOf(tx, key.shopId, ids, viewer)).map((card) => [card.id, card]))
    const titles = await deps.catalog.productTitles(tx, key.shopId, ids)
    return {
      ...page,
      items: page.items.map(({ productId, priceFen, at }) => {
        const card = cards.get(productId) ?? null
        return {
          id: productId,
          title: titles.get(productId) ?? '已删除的商品',
          card,
          addedPriceFen: priceFen as Fen,
          dropFen: Math.max(0, card === null ? 0 : priceFen - card.minPriceFen) as Fen,
          addedAt: at,
        }
      }),
    }
  })
}

/** Likes a product; twice is once. @throws AppError NOT_FOUND for a product not on sale, LIMIT_REACHED */
export function addFavourite(deps: CustomersDeps, key: Owner, productId: string, viewer: Viewer): Promise<void> {
  return deps.db.tx('system', async (tx) => {
    await lockInOrder(tx, [`favourites:${key.shopId}:${key.buyerId}`])
    if (await isFavourite(tx, key, productId)) return
    const [card] = await deps.catalog.cardsOf(tx, key.shopId, [productId], viewer)
    if (!card) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
    const limit = await deps.settings.get(mostFavourites, { shopId: key.shopId }, tx)
    if ((await countFavourites(tx, key)) >= limit)
      throw new AppError('LIMIT_REACHED', { values: { what: '收藏的商品', limit } })
    const at = deps.clock.instant()
    await knowBuyers(tx, deps, [key], at)
    await insertFavourite(tx, key, productId, card.minPriceFen, at)
  })
}

/** What the buyer has looked at, as long as that is kept. */
export function seenProducts(
  deps: CustomersDeps,
  key: Owner,
  asked: Asked,
  viewer: Viewer,
): Promise<Page<SeenProduct>> {
  const before = decodeCursor(asked.cursor, Place)
  return deps.db.read({ shopId: key.shopId }, async (tx) => {
    const since = await keptSince(deps)
    const rows = await listSeen(tx, key, { since, before, limit: asked.limit + 1 })
    const page = keysetPage(rows, asked.limit, ({ at, productId }) => ({ at, id: productId }))
    const ids = page.items.map(({ productId }) => productId)
    const cards = new Map((await deps.catalog.cardsOf(tx, key.shopId, ids, viewer)).map((card) => [card.id, card]))
    const titles = await deps.catalog.productTitles(tx, key.shopId, ids)
    return {
      ...page,
      items: page.items.map(({ productId, at }) => ({
        id: productId,
        title: titles.get(productId) ?? '已删除的商品',
        card: cards.get(productId) ?? null,
        seenAt: at,
      })),
    }
  })
}

/** Remembers a look at a product, unless the buyer wants no history. @throws AppError NOT_FOUND */
export function saw(deps: CustomersDeps, key: Owner, productId: string): Promise<void> {
  return deps.db.tx('system', async (tx) => {
    if (!(await choicesOf(tx, key.buyerId)).keepsHistory) return
    if (!(await deps.catalog.productTitles(tx, key.shopId, [productId])).has(productId))
      throw new AppError('NOT_FOUND', { values: { what: '商品' } })
    const at = deps.clock.instant()
    await knowBuyers(tx, deps, [key], at)
    await rememberSeen(tx, key, productId, at)
  })
}

/** Deletes what is kept no longer. Answers how much. */
export const forgetOldSeen = async (deps: CustomersDeps): Promise<number> => {
  const before = await keptSince(deps)
  return deps.db.tx('system', (tx) => deleteOldSeen(tx, before))
}

const keptSince = async ({ settings, clock }: CustomersDeps): Promise<string> =>
  new Date(clock.millis() - (await settings.get(historyDays)) * DAY_MS).toISOString()
