import type { Cart, Fen } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { tagged } from '../catalog/index.ts'
import { ANYBODY, type Viewer } from '../prices/index.ts'
import type { OrdersDeps } from './deps.ts'
import { availableOf, problemOf, readMarket } from './quote-order.ts'
import { cartMaxLines } from './settings.ts'
import { addCartLines, type CartRow, cartLines, removeCartLines } from './store-cart.ts'

export type CartView = z.input<typeof Cart>
type ShopCart = CartView['shops'][number]

/** Beyond this the total of what is selected would not fit the contract; nobody can order that much anyway. */
const MAX_TOTAL_FEN = 1_000_000_000_00

/** A guest's or a buyer's cart. Not signed in and without a guest id: nobody's, empty. */
export interface CartOwner {
  id: string
  guestToken: string | null
}

export async function viewCart(
  deps: OrdersDeps,
  owner: CartOwner | undefined,
  viewer: Viewer = ANYBODY,
): Promise<CartView> {
  if (owner === undefined) return { guestToken: null, shops: [], count: 0 }
  const rows = await deps.db.read({ buyerId: owner.id }, (tx) => cartLines(tx, owner.id))
  const shops = rows.length === 0 ? [] : await deps.db.read('system', (tx) => describe(tx, deps, rows, viewer))
  const count = shops.reduce((sum, shop) => sum + shop.lines.reduce((units, line) => units + line.quantity, 0), 0)
  return { guestToken: owner.guestToken, shops, count }
}

/** What the goods in a cart are, cost and have left, now. Goods are public: no more is read than their ids. */
async function describe(tx: Tx, deps: OrdersDeps, rows: readonly CartRow[], viewer: Viewer): Promise<ShopCart[]> {
  const wanted = new Map<string, Set<string>>()
  for (const { shopId, skuId } of rows) wanted.set(shopId, (wanted.get(shopId) ?? new Set()).add(skuId))
  const { buyerId } = viewer
  const buyers = buyerId === null ? [] : [...wanted.keys()].map((shopId) => ({ shopId, buyerId }))
  const market = await readMarket(tx, deps, wanted, { at: deps.clock.instant(), buyers })
  const names = await deps.parties.shopsByIds(tx, [...wanted.keys()])
  const shops: ShopCart[] = []
  for (const shopId of wanted.keys()) {
    const goods = market.goods.get(shopId)!
    const fileIds = [...goods.values()].flatMap((sku) => sku.pictureFileId ?? [])
    const pictures = await deps.files.pictures(tx, shopId, fileIds)
    const productIds = [...goods.values()].map(({ productId }) => productId)
    const displayOf = await deps.prices.displays(tx, shopId, productIds)
    const lines = rows.flatMap((row) => {
      const sku = goods.get(row.skuId)
      if (row.shopId !== shopId || sku === undefined) return []
      const { skuId, productId, title, options, pictureFileId, onSale } = sku
      const price = market.prices.priceOf(shopId, sku, viewer)
      const priceFen = price.priceFen as Fen
      const { quantity, selected, addedPriceFen } = row
      const available = availableOf(market, shopId, skuId)
      const picture = pictureFileId === null ? null : (pictures.get(pictureFileId) ?? null)
      const problem = problemOf(onSale, available, quantity)
      return [
        {
          ...{ skuId, productId, title, options, picture, quantity, selected, priceFen, addedPriceFen, available },
          ...tagged(price, displayOf(productId)),
          soldIn: sku.exclusiveProvinces,
          problem,
        },
      ]
    })
    const total = lines.reduce((sum, { selected, problem, priceFen, quantity }) => {
      return selected && problem === null ? sum + priceFen * quantity : sum
    }, 0)
    const shopName = names.get(shopId)?.name ?? ''
    if (lines.length > 0) shops.push({ shopId, shopName, lines, selectedTotalFen: Math.min(total, MAX_TOTAL_FEN) })
  }
  return shops
}

/** @throws AppError NOT_FOUND, PRODUCT_NOT_ON_SALE, CART_FULL */
export async function addToCart(
  deps: OrdersDeps,
  owner: CartOwner,
  added: { shopId: string; skuId: string; quantity: number },
  viewer: Viewer = ANYBODY,
): Promise<void> {
  const { shopId, skuId, quantity } = added
  const { sku, priceFen } = await deps.db.read({ shopId }, (tx) => pricedSku(tx, deps, shopId, skuId, viewer))
  if (sku === undefined) throw new AppError('NOT_FOUND', { values: { what: '商品' } })
  if (!sku.onSale) throw new AppError('PRODUCT_NOT_ON_SALE', { values: { title: sku.title } })
  const limit = await deps.settings.get(cartMaxLines)
  const at = deps.clock.instant()
  const line = {
    shopId,
    skuId,
    quantity,
    productId: sku.productId,
    selected: true,
    addedPriceFen: priceFen,
    addedAt: at,
  }
  await deps.db.tx({ buyerId: owner.id }, async (tx) => {
    await lockInOrder(tx, [`cart:${owner.id}`])
    const lines = await cartLines(tx, owner.id)
    if (lines.length >= limit && !lines.some((each) => each.skuId === skuId))
      throw new AppError('CART_FULL', { values: { limit } })
    await addCartLines(tx, owner.id, [line], at)
  })
}

/** A SKU and what this viewer pays for it now. */
async function pricedSku(tx: Tx, deps: OrdersDeps, shopId: string, skuId: string, viewer: Viewer) {
  const sku = (await deps.catalog.skusForSale(tx, shopId, [skuId])).get(skuId)
  if (sku === undefined) return { sku, priceFen: 0 }
  const { buyerId } = viewer
  const book = await deps.prices.readPrices(tx, {
    at: deps.clock.instant(),
    products: [{ shopId, productId: sku.productId }],
    buyers: buyerId === null ? [] : [{ shopId, buyerId }],
  })
  return { sku, priceFen: book.priceOf(shopId, sku, viewer).priceFen }
}

/**
 * A cart goes over to a buyer: a guest's at sign-in, or that of a buyer who turned out to be the same person.
 * Quantities are added, within the bounds of a line. What is moved is gone from the other cart, so a second call adds
 * nothing; what the buyer's cart has no room for stays where it is. Scope `system`: the two see only their own carts.
 */
export async function mergeCart(
  tx: Tx,
  { settings, clock }: Pick<OrdersDeps, 'settings' | 'clock'>,
  move: { guestId: string; buyerId: string },
): Promise<void> {
  const { guestId, buyerId } = move
  if (guestId === buyerId) return
  await lockInOrder(tx, [`cart:${guestId}`, `cart:${buyerId}`])
  const moving = await cartLines(tx, guestId)
  if (moving.length === 0) return
  const there = new Set((await cartLines(tx, buyerId)).map((line) => line.skuId))
  const limit = await settings.get(cartMaxLines, {}, tx)
  const moved = moving.filter((line) => {
    if (!there.has(line.skuId) && there.size >= limit) return false
    there.add(line.skuId)
    return true
  })
  await addCartLines(tx, buyerId, moved, clock.instant())
  await removeCartLines(
    tx,
    guestId,
    moved.map((line) => line.skuId),
  )
}
