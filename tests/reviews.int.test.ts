import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { startTestApp, type TestApp, type TestBuyer, type TestProduct, type TestShop } from './support/app.ts'
import { receivedOrder } from './support/reviews.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())

interface Said {
  goodsStars: number
  text?: string
  tags?: string[]
  pictureFileIds?: string[]
  isAnonymous?: boolean
}

/** Buys one of the product, receives it and says so. */
async function reviewed(product: TestProduct, said: Said, by?: TestBuyer) {
  const buyer = by ?? (await app.buyer())
  const { orderId } = await receivedOrder(app, shop, buyer, [[product.skuIds[0]!, 1]])
  const { lines } = await buyer.call('buyer.orderReviews', { params: { ...params, orderId } })
  const after = await buyer.call('buyer.reviewOrder', {
    params: { ...params, orderId },
    body: { lines: [{ line: lines[0]!.line, ...said }] },
  })
  return { buyer, orderId, review: after.lines[0]!.review! }
}
const shown = async ({ productId }: TestProduct, query = {}) =>
  (await app.visitor().call('store.reviews', { params: { ...params, productId }, query })).items
const summary = ({ productId }: TestProduct) =>
  app.visitor().call('store.reviewSummary', { params: { ...params, productId } })
const decide = (reviewIds: string[], decision: 'approve' | 'reject', reason = '') =>
  shop.owner.call('console.moderateReviews', { params, body: { reviewIds, decision, reason } })
/** Time passes; sessions of staff end meanwhile. */
async function later(ms: number) {
  await app.advance(ms)
  shop.owner = await app.signIn(shop.ownerAccount)
}
async function upload(buyer: TestBuyer): Promise<string> {
  const file = new Blob([PICTURE], { type: 'image/png' })
  return (await buyer.call('buyer.uploadReviewMedia', { params, file, fileName: 'p.png' })).fileId
}
async function setSetting(name: string, value: unknown) {
  const { version } = (await shop.owner.call('console.settings', { params })).items.find((each) => each.name === name)!
  await shop.owner.call('console.setSetting', { params: { ...params, name }, body: { value, version } })
}

describe('writing', () => {
  test('CAT-11 a clean review is shown at once, counted, and its words are counted by phrase', async () => {
    const product = await app.product(shop)
    const { review } = await reviewed(product, { goodsStars: 5, text: '口感很不错，物流也快，会回购' })
    expect(review.state).toBe('approved')
    await reviewed(product, { goodsStars: 2, text: '物流太慢了，口感不错' })
    const said = await summary(product)
    expect(said).toMatchObject({ count: 2, averageTenths: 35, goodCount: 1, badCount: 1, goodRatioBp: 5000 })
    expect(said.phrases).toContainEqual({ phrase: '口感不错', polarity: 1, count: 2 })
    expect(said.phrases).toContainEqual({ phrase: '物流慢', polarity: -1, count: 1 })
    expect(await shown(product, { phrase: '物流慢' })).toHaveLength(1)
    const card = await app.visitor().call('store.product', { params: { ...params, productId: product.productId } })
    expect(card.rating).toEqual({ averageTenths: 35, count: 2 })
  })

  test('CAT-11 contacts and advertising wait for a person, with what was found; strangers see nothing of them', async () => {
    const product = await app.product(shop)
    const { review } = await reviewed(product, { goodsStars: 5, text: '好评返现，加我微信 138 1234 5678' })
    expect(review.state).toBe('pending')
    expect(await shown(product)).toEqual([])
    const { items } = await shop.owner.call('console.reviews', { params, query: { waiting: 'true' } })
    const waiting = items.find(({ id }) => id === review.id)!
    expect(waiting.findings).toEqual(expect.arrayContaining(['含手机号或电话', '疑似广告或刷单']))
    await decide([review.id], 'reject', '含联系方式')
    expect(await summary(product)).toMatchObject({ count: 0 })
  })

  test('CAT-11 a line is reviewed once, however many requests come at the same time', async () => {
    const product = await app.product(shop)
    const buyer = await app.buyer()
    const { orderId } = await receivedOrder(app, shop, buyer, [[product.skuIds[0]!, 1]])
    const { lines } = await buyer.call('buyer.orderReviews', { params: { ...params, orderId } })
    const write = () =>
      buyer.call('buyer.reviewOrder', {
        params: { ...params, orderId },
        body: { lines: [{ line: lines[0]!.line, goodsStars: 4, text: '包装很好' }] },
      })
    const results = await Promise.allSettled(Array.from({ length: 8 }, write))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'DUPLICATE' })
    expect(await summary(product)).toMatchObject({ count: 1, averageTenths: 40 })
  })

  test('CAT-11 only received orders are reviewed, only by their buyers, only in time', async () => {
    const product = await app.product(shop)
    const [buyer, stranger] = [await app.buyer(), await app.buyer()]
    const placed = await app.order(buyer, shop.shopId, [[product.skuIds[0]!, 1]])
    const body = { lines: [{ line: 1, goodsStars: 5 }] }
    const at = { ...params, orderId: placed.orderId }
    await expect(buyer.call('buyer.reviewOrder', { params: at, body })).rejects.toMatchObject({ code: 'ORDER_STATE' })
    await expect(stranger.call('buyer.reviewOrder', { params: at, body })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { orderId } = await receivedOrder(app, shop, buyer, [[product.skuIds[0]!, 1]])
    await later(61 * DAY_MS)
    const same = await app.buyer(buyer.person)
    await expect(same.call('buyer.reviewOrder', { params: { ...params, orderId }, body })).rejects.toMatchObject({
      code: 'REVIEW_TOO_LATE',
    })
    expect((await same.call('buyer.ordersToReview', { params })).items).toEqual([])
  })

  test('CAT-11 something is added once within the time, and is moderated by itself', async () => {
    const product = await app.product(shop)
    const { buyer, review } = await reviewed(product, { goodsStars: 5, text: '质量很好' })
    await later(7 * DAY_MS)
    const at = { ...params, reviewId: review.id }
    const pictureFileIds = [await upload(buyer)]
    const added = await buyer.call('buyer.addToReview', {
      params: at,
      body: { text: '洗了几次没掉色', pictureFileIds },
    })
    expect(added).toMatchObject({ additionState: 'pending', addUntil: null, addition: { daysLater: 7 } })
    expect((await shown(product))[0]!.addition).toBeNull()
    await decide([review.id], 'approve')
    expect((await shown(product))[0]!.addition).toMatchObject({ text: '洗了几次没掉色', daysLater: 7 })
    await expect(buyer.call('buyer.addToReview', { params: at, body: { text: '再说' } })).rejects.toMatchObject({
      code: 'DUPLICATE',
    })
    expect(await summary(product)).toMatchObject({ count: 1 })
  })
})

describe('moderation', () => {
  test('CAT-11 a review with pictures is shown after moderation, pinned first, with the shop’s reply', async () => {
    const product = await app.product(shop)
    const buyer = await app.buyer()
    const first = await reviewed(product, { goodsStars: 5, text: '味道好' })
    const pictureFileIds = [await upload(buyer)]
    const { review } = await reviewed(product, { goodsStars: 4, text: '包装用心', pictureFileIds }, buyer)
    expect(review.state).toBe('pending')
    expect((await shown(product)).map(({ id }) => id)).toEqual([first.review.id])
    expect(await decide([review.id], 'approve')).toEqual({ changed: [review.id] })
    expect(await decide([review.id], 'approve')).toEqual({ changed: [] })
    await shop.owner.call('console.pinReview', { params: { ...params, reviewId: review.id }, body: { pinned: true } })
    await shop.owner.call('console.replyReview', {
      params: { ...params, reviewId: review.id },
      body: { text: '谢谢支持' },
    })
    const [top] = await shown(product, { sort: 'new' })
    expect(top).toMatchObject({ id: review.id, isPinned: true, reply: { text: '谢谢支持' } })
    expect(top!.pictures).toHaveLength(1)
    expect(await summary(product)).toMatchObject({ count: 2, pictureCount: 1, averageTenths: 45 })
    const { items } = await shop.owner.call('console.audit', { params })
    expect(items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['reviews.approve', 'reviews.pin', 'reviews.reply']),
    )
  })

  test('CAT-11 approving and rejecting at the same time many times leaves counters that fit what is shown', async () => {
    const product = await app.product(shop)
    const ids: string[] = []
    for (const text of ['味道好', '物流快', '质量差'])
      ids.push((await reviewed(product, { goodsStars: 5, text })).review.id)
    await Promise.all(
      Array.from({ length: 12 }, (_, turn) =>
        decide(turn % 3 === 0 ? ids : [ids[turn % 3]!], turn % 2 ? 'approve' : 'reject', '试'),
      ),
    )
    const left = await shown(product)
    const said = await summary(product)
    expect(said.count).toBe(left.length)
    expect(said.phrases.reduce((sum, { count }) => sum + count, 0)).toBe(left.length)
    await decide(ids, 'approve')
    expect(await summary(product)).toMatchObject({ count: 3, goodCount: 3 })
    await decide(ids, 'reject', '全部下架')
    expect(await summary(product)).toMatchObject({ count: 0, averageTenths: null, phrases: [] })
  })

  test('CAT-11 only so many reviews of a product are pinned, also by many hands at once', async () => {
    const product = await app.product(shop)
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.push((await reviewed(product, { goodsStars: 5 })).review.id)
    const results = await Promise.allSettled(
      ids.map((reviewId) =>
        shop.owner.call('console.pinReview', { params: { ...params, reviewId }, body: { pinned: true } }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect((await shown(product)).filter(({ isPinned }) => isPinned)).toHaveLength(3)
  })
})

describe('readers', () => {
  test('CAT-11 a vote counts once per buyer, is taken back once, and nobody votes for themselves', async () => {
    const product = await app.product(shop)
    const { buyer, review } = await reviewed(product, { goodsStars: 5, text: '好用' })
    const at = { ...params, reviewId: review.id }
    const readers = await Promise.all([app.buyer(), app.buyer(), app.buyer()])
    await Promise.all(readers.flatMap((each) => [1, 2, 3, 4].map(() => each.call('buyer.voteReview', { params: at }))))
    expect((await shown(product))[0]).toMatchObject({ helpfulCount: 3, isVoted: false })
    const own = await readers[0]!.call('store.reviews', { params: { ...params, productId: product.productId } })
    expect(own.items[0]!.isVoted).toBe(true)
    await Promise.all([1, 2, 3].map(() => readers[0]!.call('buyer.unvoteReview', { params: at })))
    expect((await shown(product))[0]!.helpfulCount).toBe(2)
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((turn) =>
        readers[0]!.call(turn % 2 ? 'buyer.voteReview' : 'buyer.unvoteReview', { params: at }),
      ),
    )
    const after = (await shown(product))[0]!.helpfulCount
    const mine = await readers[0]!.call('store.reviews', { params: { ...params, productId: product.productId } })
    expect(after).toBe(mine.items[0]!.isVoted ? 3 : 2)
    await expect(buyer.call('buyer.voteReview', { params: at })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('CAT-11 reports reach the queue with their reasons, once per buyer, and a decision settles them', async () => {
    const product = await app.product(shop)
    const { review } = await reviewed(product, { goodsStars: 5, text: '还行' })
    const reader = await app.buyer()
    const at = { ...params, reviewId: review.id }
    for (const reason of ['广告', '又是广告']) await reader.call('buyer.reportReview', { params: at, body: { reason } })
    const reported = (await shop.owner.call('console.reviews', { params, query: { reported: 'true' } })).items
    expect(reported.find(({ id }) => id === review.id)).toMatchObject({ reportCount: 1, reportReasons: ['广告'] })
    await decide([review.id], 'approve')
    const left = (await shop.owner.call('console.reviews', { params, query: { reported: 'true' } })).items
    expect(left.map(({ id }) => id)).not.toContain(review.id)
  })

  test('CAT-11 lists page by every order without a review twice or lost, and filter', async () => {
    const product = await app.product(shop)
    const buyer = await app.buyer()
    for (const goodsStars of [5, 1, 4, 3, 2, 5])
      await reviewed(product, { goodsStars, text: `第 ${goodsStars} 颗星`, isAnonymous: goodsStars === 1 }, buyer)
    for (const sort of ['useful', 'new', 'low'] as const) {
      const seen: { id: string; goodsStars: number }[] = []
      let cursor: string | undefined
      do {
        const page = await app.visitor().call('store.reviews', {
          params: { ...params, productId: product.productId },
          query: { sort, limit: 2, ...(cursor ? { cursor } : {}) },
        })
        seen.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      expect(new Set(seen.map(({ id }) => id)).size).toBe(6)
      expect(seen).toHaveLength(6)
      if (sort === 'low') expect(seen.map(({ goodsStars }) => goodsStars)).toEqual([1, 2, 3, 4, 5, 5])
    }
    expect((await shown(product, { level: 'bad' })).map(({ author }) => author).sort()).toContain('匿名用户')
    expect(await shown(product, { level: 'medium' })).toHaveLength(1)
    expect(await shown(product, { withPictures: 'true' })).toHaveLength(0)
    expect(await shown(product, { skuId: product.skuIds[0]! })).toHaveLength(6)
    const { skus } = await summary(product)
    expect(skus).toEqual([{ skuId: product.skuIds[0], options: expect.any(String), count: 6 }])
    const ofSku = async (skuId: string) =>
      (await shop.owner.call('console.reviews', { params, query: { productId: product.productId, skuId } })).items
    expect(await ofSku(product.skuIds[0]!)).toHaveLength(6)
    expect(await ofSku(product.productId)).toHaveLength(0)
  })
})

describe('clocks', () => {
  test('CAT-11 who has not reviewed is asked once, and never after having done so', async () => {
    const product = await app.product(shop)
    const [silent, quick] = [await app.buyer(), await app.buyer()]
    await receivedOrder(app, shop, silent, [[product.skuIds[0]!, 1]])
    await reviewed(product, { goodsStars: 5 }, quick)
    expect((await silent.call('buyer.ordersToReview', { params })).items).toHaveLength(1)
    expect((await quick.call('buyer.ordersToReview', { params })).items).toHaveLength(0)
    await later(25 * HOUR_MS)
    await later(48 * HOUR_MS)
    const rows = await app.app.db.read('system', (tx) =>
      tx.rows<{ buyer: string }>(sql`
        select payload->>'buyerId' as buyer from outbox_events where name = 'reviews.review-wanted'`),
    )
    expect(rows.filter(({ buyer }) => buyer === silent.buyerId)).toHaveLength(1)
    expect(rows.filter(({ buyer }) => buyer === quick.buyerId)).toHaveLength(0)
  })

  test('CAT-11 the clock reviews only where the shop wants it, marked as such and in no average', async () => {
    await setSetting('reviews.default-after-days', 15)
    const product = await app.product(shop)
    const buyer = await app.buyer()
    const { orderId } = await receivedOrder(app, shop, buyer, [[product.skuIds[0]!, 1]])
    await later(16 * DAY_MS)
    const { lines } = await buyer.call('buyer.orderReviews', { params: { ...params, orderId } })
    expect(lines[0]!.review).toMatchObject({ source: 'default', text: '' })
    expect(await summary(product)).toMatchObject({ count: 0, averageTenths: null, defaultCount: 1, phrases: [] })
    expect(await shown(product)).toEqual([])
    await setSetting('reviews.default-after-days', 0)
  })

  test('CAT-11 the board counts what waits, low stars whose time is over, and the words that rise', async () => {
    const own = await app.openTestShop()
    const before = shop
    shop = own
    params = { shopId: own.shopId }
    try {
      const product = await app.product(own)
      await reviewed(product, { goodsStars: 5, text: '物流快' })
      await later(8 * DAY_MS)
      for (let count = 0; count < 2; count++) await reviewed(product, { goodsStars: 1, text: '包装太差了' })
      await later(30 * HOUR_MS)
      const board = await shop.owner.call('console.reviewBoard', { params })
      expect(board).toMatchObject({ count: 3, averageTenths: 23, unanswered: 3, lowUnanswered: 2, lowLate: 2 })
      expect(board.recent).toMatchObject({ count: 2, averageTenths: 10, badCount: 2 })
      expect(board.rising[0]).toEqual({ phrase: '包装差', polarity: -1, count: 2, before: 0 })
      expect(board.worst[0]).toMatchObject({ productId: product.productId, badCount: 2 })
      const todo = await shop.owner.call('console.reviews', { params, query: { level: 'bad', unanswered: 'true' } })
      expect(todo.items.every(({ isLate }) => isLate)).toBe(true)
    } finally {
      shop = before
      params = { shopId: before.shopId }
    }
  })
})
