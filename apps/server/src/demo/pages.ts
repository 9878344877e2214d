import type { DraftLayout } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import { drawPicture, type Shape } from './pictures.ts'
import { drawPoster, type Poster } from './posters.ts'

const BANNER_PERCENT = 46
const HERO_PERCENT = 62

/** The posters of the home page, and what they lead to. */
const BANNERS: readonly (Poster & { alt: string; category: string })[] = [
  {
    ...{ palette: 'tea', headline: '新茶到店', subline: '明前龙井 · 正山小种', alt: '新茶到店', category: '茶饮/茶叶' },
    things: [
      { shape: 'cup', palette: 'clay', size: 0.62 },
      { shape: 'tin', palette: 'tea', size: 0.86 },
      { shape: 'tin', palette: 'berry', size: 0.7 },
    ],
  },
  {
    ...{
      palette: 'coffee',
      headline: '周末慢一点',
      subline: '手冲与挂耳咖啡',
      alt: '手冲与挂耳咖啡',
      category: '茶饮/咖啡',
    },
    things: [
      { shape: 'bag', palette: 'coffee', size: 0.88 },
      { shape: 'cup', palette: 'coffee', size: 0.66 },
    ],
  },
  {
    ...{
      palette: 'clay',
      headline: '家里的好物',
      subline: '杯盘碗碟 · 香氛',
      alt: '杯盘碗碟与香氛',
      category: '家居/杯盘碗碟',
    },
    things: [
      { shape: 'bowl', palette: 'stone', size: 0.62 },
      { shape: 'candle', palette: 'clay', size: 0.72 },
      { shape: 'bottle', palette: 'sky', size: 0.84 },
    ],
  },
]

const HERO: Poster = {
  ...{ palette: 'citrus', headline: '当季上新', subline: '脐橙 · 原蜜 · 亚麻' },
  things: [
    { shape: 'fruit', palette: 'citrus', size: 0.78 },
    { shape: 'jar', palette: 'honey', size: 0.8 },
    { shape: 'cloth', palette: 'tea', size: 0.84 },
  ],
}

/** Ways into the shop: a picture, a name of at most eight letters, the category. */
const ENTRIES: readonly [title: string, shape: Shape, palette: string, category: string][] = [
  ['茶叶', 'tin', 'tea', '茶饮/茶叶'],
  ['咖啡', 'bag', 'coffee', '茶饮/咖啡'],
  ['蜂蜜果酱', 'jar', 'honey', '美食/蜂蜜果酱'],
  ['新鲜水果', 'fruit', 'citrus', '美食/新鲜水果'],
  ['方便速食', 'bowl', 'berry', '美食/方便速食'],
  ['杯盘碗碟', 'cup', 'clay', '家居/杯盘碗碟'],
  ['香氛', 'candle', 'stone', '家居/香氛'],
  ['衣物织物', 'cloth', 'sky', '家居/衣物织物'],
  ['洗护', 'bottle', 'berry', '个护/洗护'],
]

const CAMPAIGN = 'new-season'
const shown = { isHidden: false }
const words = (text: string) => [{ text, bold: false, link: null }]

/** The demo shop's home page and a campaign page, designed as a shop would; what is there already stays. */
export async function addPages(client: Client, shopId: string, categories: ReadonlyMap<string, string>): Promise<void> {
  const { items } = await client('console.pages', { params: { shopId } })
  const isThere = (slug: string) => items.some((page) => page.slug === slug && page.shown !== null)
  if (!isThere(CAMPAIGN)) {
    const title = '当季上新'
    const description = '巷口生活铺的当季好物，满 99 元包邮'
    await publish(client, shopId, { slug: CAMPAIGN, title, description, layout: await campaign(client, shopId) })
  }
  if (!isThere('home')) {
    const description = '茶、咖啡、当季水果和家里的好物，满 99 元包邮'
    const layout = await home(client, shopId, categories)
    await publish(client, shopId, { slug: 'home', title: '巷口生活铺', description, layout })
  }
}

async function home(client: Client, shopId: string, categories: ReadonlyMap<string, string>): Promise<DraftLayout> {
  const into = (category: string) => ({ kind: 'category', categoryId: categories.get(category)! })
  const slides: object[] = [
    {
      fileId: await upload(client, shopId, 'season.jpg', await drawPoster(HERO, BANNER_PERCENT)),
      ...{ alt: '当季上新', link: { kind: 'page', slug: CAMPAIGN } },
    },
  ]
  for (const { alt, category, ...poster } of BANNERS) {
    const fileId = await upload(client, shopId, 'poster.jpg', await drawPoster(poster, BANNER_PERCENT))
    slides.push({ fileId, alt, link: into(category) })
  }
  const entries: object[] = []
  for (const [title, shape, palette, category] of ENTRIES) {
    const fileId = await upload(client, shopId, `${shape}.jpg`, await drawPicture(shape, palette))
    entries.push({ title, fileId, link: into(category) })
  }
  entries.push({ title: '当季上新', fileId: null, link: { kind: 'page', slug: CAMPAIGN } })
  const rule = (category: string) => ({ kind: 'rule', sort: 'sold', categoryId: categories.get(category)! })
  return {
    version: 1,
    blocks: [
      { ...shown, id: 'banner', kind: 'banner', slides, ratioPercent: BANNER_PERCENT, intervalSeconds: 5 },
      { ...shown, id: 'entries', kind: 'nav', columns: 5, items: entries },
      { ...shown, id: 'notice', kind: 'notice', text: '满 99 元包邮，新疆、西藏除外；坏果包赔', link: null },
      { ...shown, id: 'coupons', kind: 'coupons', title: '先领券再下单', limit: 4 },
      { ...shown, id: 'live', kind: 'live', title: '直播间', limit: 2 },
      { ...shown, id: 'hot', kind: 'hot', title: '热卖榜', layout: 'rank', limit: 6 },
      { ...shown, id: 'new', kind: 'new', title: '新品上架', layout: 'rail', limit: 8 },
      {
        ...{ ...shown, id: 'tea', kind: 'products', title: '一杯茶的时间', source: rule('茶饮/茶叶') },
        ...{ layout: 'list', limit: 3, more: into('茶饮/茶叶') },
      },
      { ...shown, id: 'feed', kind: 'feed', title: '全部商品' },
    ],
  }
}

async function campaign(client: Client, shopId: string): Promise<DraftLayout> {
  const fileId = await upload(client, shopId, 'season-hero.jpg', await drawPoster(HERO, HERO_PERCENT))
  return {
    version: 1,
    blocks: [
      {
        ...shown,
        id: 'hero',
        kind: 'picture',
        fileId,
        alt: '当季上新：脐橙、原蜜、亚麻',
        link: null,
        ratioPercent: null,
      },
      {
        ...{ ...shown, id: 'words', kind: 'rich-text' },
        nodes: [
          { kind: 'heading', align: 'center', spans: words('当季好物，刚刚到店') },
          { kind: 'paragraph', align: 'center', spans: words('掌柜亲自挑的，先到先得；坏果包赔，七天无理由') },
        ],
      },
      { ...shown, id: 'new', kind: 'new', title: '刚刚上架', layout: 'grid', limit: 6 },
      { ...shown, id: 'hot', kind: 'hot', title: '大家都在买', layout: 'rank', limit: 6 },
    ],
  }
}

async function upload(client: Client, shopId: string, fileName: string, jpeg: Buffer): Promise<string> {
  const file = new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' })
  return (await client('console.uploadFile', { params: { shopId }, file, fileName })).fileId
}

/** Begins the page, or goes on with one that a load which was killed has left behind. */
async function publish(
  client: Client,
  shopId: string,
  body: { slug: string; title: string; description: string; layout: DraftLayout },
): Promise<void> {
  const { items } = await client('console.pages', { params: { shopId }, query: { q: body.slug } })
  const begun = items.find(({ slug }) => slug === body.slug)
  const page = begun ?? (await client('console.createPage', { params: { shopId }, body }))
  const params = { shopId, pageId: page.id }
  await client('console.publishPage', { params, body: { revision: page.revision, note: '首次发布' } })
}
