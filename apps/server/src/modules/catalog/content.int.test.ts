import type { DetailDocument, ProductInput } from '@zhanggui/contract'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestShop } from '../../../../../tests/support/app.ts'
import { sql } from '../../kernel/db.ts'
import { sampleVideo } from '../../kernel/testing-video.ts'

const DAY_MS = 86_400_000

let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp()
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
  await app.app.engines.jobs.runDue()
})
afterAll(() => app?.close())

let drawn = 0
/** A picture of one colour in a frame of another. */
async function picture(size = 1080, frame = '#fdfdfd', format: 'png' | 'jpeg' = 'png'): Promise<Buffer> {
  const inner = Math.round(size * 0.7)
  const body = await sharp({
    create: { width: inner, height: inner, channels: 3, background: { r: ++drawn % 250, g: drawn >> 8, b: 90 } },
  })
    .png()
    .toBuffer()
  const image = sharp({ create: { width: size, height: size, channels: 3, background: frame } }).composite([
    { input: body },
  ])
  return format === 'png' ? image.png().toBuffer() : image.jpeg({ quality: 90 }).toBuffer()
}
const upload = (content: Buffer, fileName = 'a.png', type = 'image/png') =>
  shop.owner.call('console.uploadFile', { params, file: new Blob([new Uint8Array(content)], { type }), fileName })

let codes = 0
const input = (extra: Partial<ProductInput> = {}) =>
  ({ title: '青瓷茶杯', skus: [{ code: `C-${++codes}`, priceFen: 1990 }], ...extra }) as never
const create = (extra: Partial<ProductInput> = {}) =>
  shop.owner.call('console.createProduct', { params, body: input(extra) })
const update = async (productId: string, extra: Partial<ProductInput>) => {
  const { skus, version, title } = await shop.owner.call('console.product', { params: { ...params, productId } })
  const body = { title, version, skus: skus.map(({ id, code, priceFen }) => ({ id, code, priceFen })), ...extra }
  return shop.owner.call('console.updateProduct', { params: { ...params, productId }, body: body as never })
}
const get = (productId: string) => shop.owner.call('console.product', { params: { ...params, productId } })

describe('media', () => {
  test('CAT-03 how white the edges of a picture are is measured on its pixels', async () => {
    expect((await upload(await picture(400, '#ffffff'))).whiteEdgeBp).toBe(10_000)
    expect((await upload(await picture(400, '#f6f6f6', 'jpeg'), 'a.jpg', 'image/jpeg')).whiteEdgeBp).toBeGreaterThan(
      9_500,
    )
    expect((await upload(await picture(400, '#dddddd'))).whiteEdgeBp).toBe(0)
    const clear = sharp({
      create: { width: 300, height: 300, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
    expect((await upload(await clear.png().toBuffer())).whiteEdgeBp).toBe(10_000)
    const halfWhite = sharp({ create: { width: 400, height: 400, channels: 3, background: '#ffffff' } }).composite([
      {
        input: await sharp({ create: { width: 400, height: 200, channels: 3, background: '#335577' } })
          .png()
          .toBuffer(),
        top: 200,
        left: 0,
      },
    ])
    const half = (await upload(await halfWhite.png().toBuffer())).whiteEdgeBp!
    expect(half).toBeGreaterThan(4_500)
    expect(half).toBeLessThan(5_500)
  })

  test('CAT-03 a video of up to three minutes in H.264 is taken with its length; others are refused with what to do', async () => {
    const good = await upload(sampleVideo({ seconds: 180, number: 1 }), 'v.mp4', 'video/mp4')
    expect(good).toMatchObject({ kind: 'video', durationMs: 180_000, width: 1080, height: 1920 })
    const refuse = (content: Buffer) => expect(upload(content, 'v.mp4', 'video/mp4')).rejects
    await refuse(sampleVideo({ seconds: 181, number: 2 })).toThrow(/视频长 3 分 1 秒，最长 3 分钟/)
    await refuse(sampleVideo({ seconds: 5, codec: 'hvc1', number: 3 })).toThrow(/H\.265\/HEVC.*H\.264/)
    await refuse(Buffer.concat([sampleVideo({ seconds: 5, number: 4 }).subarray(0, 40), Buffer.alloc(500)])).toThrow(
      /视频已损坏/,
    )
  })

  test('CAT-03 pictures keep their kind, and a video, a poster and pictures stand where they belong', async () => {
    const [white, scene] = [await upload(await picture()), await upload(await picture())]
    const video = await upload(sampleVideo({ seconds: 12, number: 5 }), 'v.mp4', 'video/mp4')
    const made = await create({
      pictureFileIds: [white.fileId, scene.fileId],
      pictureKinds: { [white.fileId]: 'white', [scene.fileId]: 'scene' },
      videoFileId: video.fileId,
      videoPosterFileId: white.fileId,
    })
    expect(made.pictures.map(({ kind }) => kind)).toEqual(['white', 'scene'])
    expect(made.video).toMatchObject({ fileId: video.fileId, durationMs: 12_000, poster: { fileId: white.fileId } })
    await expect(create({ videoFileId: white.fileId })).rejects.toThrow(/不是视频/)
    await expect(create({ pictureFileIds: [video.fileId] })).rejects.toThrow(/不是图片/)
    const without = await update(made.id, {
      pictureFileIds: [scene.fileId],
      pictureKinds: { [white.fileId]: 'white', [scene.fileId]: 'scene' },
    })
    expect(without.pictures.map(({ kind }) => kind)).toEqual(['scene'])
    expect(without.video).toBeNull()
  })

  test('CAT-03 files that nothing shows are deleted after the shop’s days; versions and orders keep theirs', async () => {
    const [shown, before, lost] = [
      await upload(await picture(60)),
      await upload(await picture(60)),
      await upload(await picture(60)),
    ]
    const made = await create({ pictureFileIds: [shown.fileId, before.fileId] })
    await update(made.id, { pictureFileIds: [shown.fileId] })
    const isThere = async (id: string) => (await fetch(`${app.url}/files/${id}`)).status === 200
    await app.advance(20 * DAY_MS)
    await app.app.engines.jobs.runDue()
    expect(await isThere(lost.fileId)).toBe(true)
    await app.advance(12 * DAY_MS)
    await app.app.engines.jobs.runDue()
    // The session is over by then.
    shop.owner = await app.signIn(shop.ownerAccount)
    expect(await Promise.all([shown, before, lost].map(({ fileId }) => isThere(fileId)))).toEqual([true, true, false])
    await expect(create({ pictureFileIds: [lost.fileId] })).rejects.toThrow(/没有找到图片/)
  })
})

describe('detail', () => {
  const document = (fileId: string): DetailDocument => ({
    blocks: [
      { type: 'heading', level: 2, runs: [{ text: '一片叶子的' }, { text: '旅程', bold: true, tint: 'green' }] },
      { type: 'paragraph', runs: [{ text: '手工炒制。' }] },
      { type: 'list', ordered: true, items: [[{ text: '温杯' }], [{ text: '冲泡' }]] },
      {
        type: 'table',
        rows: [
          ['尺码', '胸围'],
          ['M', '96'],
        ],
      },
      { type: 'image', fileId, caption: '春茶' },
    ],
  })

  test('CAT-01 the detail is a bounded document; its words and pictures stand for it wherever no layout is known', async () => {
    const file = await upload(await picture(200))
    const made = await create({ detailDocument: document(file.fileId) })
    expect(made.detailDocument).toEqual(document(file.fileId))
    expect(made.detail).toBe('一片叶子的旅程\n手工炒制。\n1. 温杯\n2. 冲泡\n尺码 胸围\nM 96\n春茶')
    expect(made.detailPictures.map(({ fileId }) => fileId)).toEqual([file.fileId])
    const again = await update(made.id, {
      detailDocument: document(file.fileId),
      detail: made.detail,
      detailPictureFileIds: [file.fileId],
    })
    expect(again.version).toBe(made.version)
    const wide = { type: 'table', rows: [['a', 'b'], ['c']] } as never
    await expect(create({ detailDocument: { blocks: [wide] } })).rejects.toThrow(/格数要相同/)
    const long = Array.from({ length: 5 }, () => ({ type: 'paragraph' as const, runs: [{ text: '长'.repeat(5_000) }] }))
    await expect(create({ detailDocument: { blocks: long } })).rejects.toThrow(/最多 20000/)
  })

  test('CAT-01 buyers get blocks, of a plain detail too; a new plain detail takes the place of the document', async () => {
    const file = await upload(await picture(200))
    const { productId } = await app.product(shop)
    const store = () => app.visitor().call('store.product', { params: { ...params, productId } })
    const full = await get(productId)
    const rest = {
      categoryId: full.categoryId,
      pictureFileIds: full.pictures.map(({ fileId }) => fileId),
      options: full.options,
      skus: full.skus.map(({ id, code, priceFen, optionValues }) => ({ id, code, priceFen, optionValues })) as never,
    }
    await update(productId, { ...rest, detail: '第一段\n\n第二段', detailPictureFileIds: [file.fileId] })
    expect((await store()).detailBlocks).toMatchObject([
      { type: 'paragraph', runs: [{ text: '第一段' }] },
      { type: 'paragraph', runs: [{ text: '第二段' }] },
      { type: 'image', picture: { fileId: file.fileId } },
    ])
    await update(productId, { ...rest, detailDocument: document(file.fileId) })
    expect((await store()).detailBlocks.map(({ type }) => type)).toEqual([
      'heading',
      'paragraph',
      'list',
      'table',
      'image',
    ])
    const back = await update(productId, { ...rest, detail: '换成一句话' })
    expect(back.detailDocument).toBeNull()
    expect((await store()).detailBlocks).toEqual([{ type: 'paragraph', runs: [{ text: '换成一句话' }] }])
  })
})

describe('completeness', () => {
  const row = async (id: string) => {
    await app.settle()
    const { items } = await shop.owner.call('console.products', { params, query: { limit: 100 } })
    return items.find((each) => each.id === id)!
  }

  test('CAT-03 the score says what is missing and what it is worth; the list shows it, sorts and filters by it', async () => {
    const poor = await create({ title: '杯' })
    expect(poor.completeness.score).toBeLessThan(30)
    const ids: string[] = []
    for (let i = 0; i < 15; i++) ids.push((await upload(await picture())).fileId)
    const video = await upload(sampleVideo({ seconds: 20, number: 6 }), 'v.mp4', 'video/mp4')
    const kinds = {
      [ids[0]!]: 'white',
      [ids[1]!]: 'scene',
      [ids[2]!]: 'scene',
      [ids[3]!]: 'material',
      [ids[4]!]: 'size',
    } as const
    const rich = await create({
      title: '山野 青瓷茶杯 龙泉窑 180ml',
      brand: '山野',
      coreKeyword: '茶杯',
      attributes: ['龙泉窑', '青瓷', '180ml', '单只', '手工'].map((value, i) => ({ name: `属性${i}`, value })),
      pictureFileIds: ids,
      pictureKinds: kinds,
      videoFileId: video.fileId,
      detail: '好'.repeat(120),
    })
    expect(rich.completeness.parts.filter(({ worth, earned }) => earned < worth)).toEqual([])
    expect(rich.completeness.score).toBe(100)
    expect((await row(rich.id)).completeness).toBe(100)
    const less = await update(rich.id, { title: rich.title, pictureFileIds: ids.slice(1), pictureKinds: kinds })
    const gap = (item: string) => less.completeness.parts.find((part) => part.item === item)
    expect(gap('white-first')).toMatchObject({ worth: 10, earned: 10 })
    expect(gap('picture-count')).toEqual({ item: 'picture-count', worth: 20, earned: 18, have: 14, need: 15 })
    expect(gap('video')).toMatchObject({ worth: 10, earned: 0 })
    await app.settle()
    const asked = (query: object) =>
      shop.owner.call('console.products', { params, query: { limit: 100, ...query } as never })
    const scores = (await asked({ sort: 'completeness' })).items.map(({ completeness }) => completeness!)
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
    expect((await asked({ gap: 'video' })).items.map(({ id }) => id)).toContain(rich.id)
    expect((await asked({ gap: 'size' })).items.map(({ id }) => id)).toContain(poor.id)
    expect((await asked({ gap: 'size' })).items.map(({ id }) => id)).not.toContain(rich.id)
    expect((await asked({ completenessMax: 30 })).items.every(({ completeness }) => completeness! <= 30)).toBe(true)
    expect(less.version).toBe((await row(rich.id)).version)
  })

  test('CAT-03 other rules reckon every product anew, and what to fix first is said for the whole shop', async () => {
    const { productId } = await app.product(shop)
    const before = (await row(productId)).completeness!
    const overview = await shop.owner.call('console.completeness', { params })
    expect(overview.products).toBeGreaterThan(0)
    expect(overview.gaps.find(({ item }) => item === 'picture-count')!.products).toBeGreaterThan(0)
    await shop.owner.call('console.setSetting', {
      params: { ...params, name: 'catalog.completeness-pictures' },
      body: { value: 1, version: 0 },
    })
    await app.advance(2 * 60_000)
    await app.app.engines.jobs.runDue()
    expect((await row(productId)).completeness!).toBeGreaterThan(before)
  })

  test('CAT-03 pictures from before there was anything to measure are measured later, and count then', async () => {
    const file = await upload(await picture())
    const made = await create({ pictureFileIds: [file.fileId] })
    await app.app.db.tx('system', (tx) => tx.exec(sql`update files set white_edge_bp = null where id = ${file.fileId}`))
    const white = async () => (await get(made.id)).completeness.parts.find(({ item }) => item === 'white-first')!.earned
    expect(await white()).toBe(0)
    await app.advance(2 * 60_000)
    await app.app.engines.jobs.runDue()
    expect(await white()).toBe(10)
  })
})

describe('tags', () => {
  test('CAT-01 a tag vocabulary has dimensions and values; products on sale are found by them in shop and console', async () => {
    const scene = await shop.owner.call('console.createTagDimension', {
      params,
      body: { name: '场景', values: [{ name: '早餐' }, { name: '送礼' }] },
    })
    const season = await shop.owner.call('console.createTagDimension', {
      params,
      body: { name: '季节', storefront: false, values: [{ name: '夏' }] },
    })
    await expect(
      shop.owner.call('console.createTagDimension', { params, body: { name: '场景', values: [] } }),
    ).rejects.toThrow(/标签维度 已存在/)
    const [breakfast, gift] = scene.values
    const products = [await app.product(shop), await app.product(shop), await app.product(shop)]
    const tagged = [[breakfast!.id], [gift!.id, season.values[0]!.id], []]
    for (const [index, { productId }] of products.entries()) {
      const full = await get(productId)
      await update(productId, {
        categoryId: full.categoryId,
        pictureFileIds: full.pictures.map(({ fileId }) => fileId),
        options: full.options,
        skus: full.skus.map(({ id, code, priceFen, optionValues }) => ({ id, code, priceFen, optionValues })) as never,
        tagValueIds: tagged[index]!,
      })
    }
    const found = async (tagValues: string) =>
      (await app.visitor().call('store.products', { params, query: { tagValues, limit: 100 } })).items
        .map(({ id }) => id)
        .sort()
    expect(await found(breakfast!.id)).toEqual([products[0]!.productId])
    expect(await found(`${breakfast!.id},${gift!.id}`)).toEqual([products[0]!.productId, products[1]!.productId].sort())
    expect(await found(`${breakfast!.id},${season.values[0]!.id}`)).toEqual([])
    const { items } = await app.visitor().call('store.tagFacets', { params })
    expect(items).toEqual([
      {
        id: scene.id,
        name: '场景',
        values: [
          { id: breakfast!.id, name: '早餐', productCount: 1 },
          { id: gift!.id, name: '送礼', productCount: 1 },
        ],
      },
    ])
    const searched = await app.visitor().call('store.search', { params, query: { tagValues: gift!.id, limit: 100 } })
    expect(searched.items.map(({ id }) => id)).toEqual([products[1]!.productId])
    const counted = (id: string) => ({ id, name: id === gift!.id ? '送礼' : '早餐', products: 1 })
    const facet = { id: scene.id, name: '场景', values: [counted(breakfast!.id), counted(gift!.id)] }
    expect(searched.facets!.dimensions).toEqual([facet])
    const nothing = await app.visitor().call('store.search', { params, query: { q: '㗊', tagValues: gift!.id } })
    expect(nothing.facets!.dimensions).toEqual([{ ...facet, values: [{ ...counted(gift!.id), products: 0 }] }])
    const shown = await app
      .visitor()
      .call('store.product', { params: { ...params, productId: products[1]!.productId } })
    expect(shown.tagValues).toEqual([{ id: gift!.id, dimension: '场景', name: '送礼' }])
  })

  test('CAT-01 values are renamed and reordered together; one that a product carries is not removed, also not at the same moment', async () => {
    const made = await shop.owner.call('console.createTagDimension', {
      params,
      body: { name: '人群', values: [{ name: '男士' }, { name: '女士' }, { name: '儿童' }] },
    })
    const [men, women, children] = made.values
    const change = (values: { id?: string; name: string }[]) =>
      shop.owner.call('console.updateTagDimension', {
        params: { ...params, dimensionId: made.id },
        body: { name: '人群', values },
      })
    const swapped = await change([
      { id: women!.id, name: '男士' },
      { id: men!.id, name: '女士' },
      { id: children!.id, name: '儿童' },
    ])
    expect(swapped.values.map(({ id, name }) => [id, name])).toEqual([
      [women!.id, '男士'],
      [men!.id, '女士'],
      [children!.id, '儿童'],
    ])
    await create({ tagValueIds: [men!.id] })
    await expect(change([{ id: women!.id, name: '男士' }])).rejects.toThrow(/标签「女士」还有 1 个商品在用/)
    const races = await Promise.allSettled([
      create({ tagValueIds: [children!.id] }),
      change([
        { id: women!.id, name: '男士' },
        { id: men!.id, name: '女士' },
      ]),
    ])
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('titles', () => {
  test('CAT-02 titles are proposed from brand, category, attributes and scenes, with where each part came from', async () => {
    const root = await shop.owner.call('console.createCategory', { params, body: { name: '连衣裙' } })
    const { items, searchDays } = await shop.owner.call('console.proposeTitles', {
      params,
      body: {
        title: '真丝裙子 新款',
        brand: '锦年',
        categoryId: root.id,
        attributes: [
          { name: '材质', value: '真丝' },
          { name: '款式', value: '收腰' },
        ],
        offer: '第二件半价',
      },
    })
    expect(searchDays).toBe(30)
    expect(items[0]!.broken).toEqual([])
    for (const item of items) {
      expect(item.title).toBe(item.parts.map(({ text }) => text).join(' '))
      expect(item.parts[0]).toMatchObject({ text: '锦年', source: 'brand' })
    }
    expect(items.flatMap(({ parts }) => parts.map(({ source }) => source))).toContain('offer')
  })
})
