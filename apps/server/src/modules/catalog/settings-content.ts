import { COMPLETENESS_ITEMS, type CompletenessItem, type CompletenessRules, type TitleRules } from '@zhanggui/contract'
import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { defineSetting, type Settings } from '../../kernel/settings.ts'

const group = 'content'
const scopes = ['platform', 'shop'] as const

const ITEM_NAMES: Record<CompletenessItem, { zh: string; en: string; points: number }> = {
  title: { zh: '标题规范', en: 'title standard', points: 10 },
  'picture-count': { zh: '图片数量', en: 'number of pictures', points: 20 },
  'white-first': { zh: '主图白底', en: 'first picture on white', points: 10 },
  square: { zh: '1:1 高清图', en: 'square pictures', points: 10 },
  scene: { zh: '场景图', en: 'scene pictures', points: 10 },
  material: { zh: '材质特写', en: 'close-ups of the material', points: 8 },
  size: { zh: '尺寸图', en: 'size table', points: 7 },
  video: { zh: '主图视频', en: 'video', points: 10 },
  attributes: { zh: '商品属性', en: 'attributes', points: 5 },
  detail: { zh: '图文详情', en: 'detail', points: 10 },
}

const weights = COMPLETENESS_ITEMS.map((item) => {
  const { zh, en, points } = ITEM_NAMES[item]
  return [
    item,
    defineSetting({
      name: `catalog.completeness-weight-${item}`,
      group,
      schema: z.int().min(0).max(100),
      default: points,
      title: { zh: `完整度权重：${zh}`, en: `Weight of completeness: ${en}` },
      help: {
        zh: '各项权重按比例折算成 100 分；填 0 表示不考核这一项',
        en: 'Weights are scaled so that all of them make 100 points; 0 leaves the item out',
      },
      scopes: [...scopes],
    }),
  ] as const
})

const threshold = (
  name: string,
  value: number,
  bounds: [min: number, max: number],
  unit: string,
  title: { zh: string; en: string },
  help: { zh: string; en: string },
) =>
  defineSetting({
    name: `catalog.${name}`,
    group,
    schema: z.int().min(bounds[0]).max(bounds[1]),
    default: value,
    unit,
    title,
    help,
    scopes: [...scopes],
  })

const thresholds = {
  minPictures: threshold(
    'completeness-pictures',
    15,
    [1, 30],
    'pictures',
    { zh: '完整度：应有图片数', en: 'Completeness: pictures' },
    { zh: '主图达到这个数量得满分', en: 'So many pictures earn all points' },
  ),
  whiteEdgeBp: threshold(
    'completeness-white-edge',
    9_500,
    [5_000, 10_000],
    'bp',
    { zh: '完整度：主图白边占比', en: 'Completeness: white edges of the first picture' },
    {
      zh: '主图四边的白色像素达到这个比例即算白底图',
      en: 'The first picture counts as on white from this share of white pixels along its edges',
    },
  ),
  squarePx: threshold(
    'completeness-square-px',
    1_080,
    [400, 4_000],
    'px',
    { zh: '完整度：方图边长', en: 'Completeness: side of square pictures' },
    { zh: '1:1 且边长不小于这个像素数才算合格', en: 'Pictures are 1:1 with sides of at least so many pixels' },
  ),
  minScenes: threshold(
    'completeness-scenes',
    2,
    [0, 10],
    'pictures',
    { zh: '完整度：场景图张数', en: 'Completeness: scene pictures' },
    { zh: '建议 2–4 张使用场景图', en: 'Two to four are advised' },
  ),
  minMaterials: threshold(
    'completeness-materials',
    1,
    [0, 10],
    'pictures',
    { zh: '完整度：材质特写张数', en: 'Completeness: close-ups of the material' },
    { zh: '细节图需包含材质特写', en: 'Details include a close-up of the material' },
  ),
  minAttributes: threshold(
    'completeness-attributes',
    5,
    [0, 60],
    'items',
    { zh: '完整度：商品属性条数', en: 'Completeness: attributes' },
    { zh: '填写这么多条属性得满分', en: 'So many attributes earn all points' },
  ),
  minDetailCharacters: threshold(
    'completeness-detail',
    120,
    [0, 5_000],
    'characters',
    { zh: '完整度：详情字数', en: 'Completeness: characters of the detail' },
    {
      zh: '详情里的每张图片或每段视频按 20 个字计',
      en: 'A picture or a video in the detail counts as twenty characters',
    },
  ),
}

const titleLengths = {
  minCharacters: threshold(
    'title-min',
    8,
    [1, 60],
    'characters',
    { zh: '标题最短字数', en: 'Shortest title' },
    { zh: '两个英文字母或数字算一个字', en: 'Two Latin letters or digits count as one character' },
  ),
  maxCharacters: threshold(
    'title-max',
    30,
    [10, 60],
    'characters',
    { zh: '标题最长字数', en: 'Longest title' },
    { zh: '超过后在列表和分享卡片里会被截断', en: 'Longer titles are cut off in lists and on cards' },
  ),
  maxRepeats: threshold(
    'title-max-repeats',
    1,
    [1, 5],
    'times',
    { zh: '标题中同一个词最多出现次数', en: 'How often a word may stand in a title' },
    { zh: '重复的词不会带来更多搜索', en: 'Words that stand there twice are not found more often' },
  ),
  maxSellingWords: threshold(
    'title-max-selling-words',
    2,
    [0, 10],
    'words',
    { zh: '标题中促销词最多个数', en: 'Selling words in a title' },
    { zh: '促销词太多会被视为堆砌', en: 'More of them are taken for stuffing' },
  ),
}

const sellingWords = defineSetting({
  name: 'catalog.title-selling-words',
  group,
  schema: z.array(z.string().trim().min(1).max(10)).max(100),
  default:
    '新款 爆款 热卖 热销 特价 限时 秒杀 包邮 正品 促销 清仓 网红 同款 必备 必买 第一 最低价 全网 抢购 超值'.split(' '),
  title: { zh: '促销词表', en: 'Selling words' },
  help: { zh: '用来检查标题里促销词是否堆砌', en: 'What counts as a selling word in titles' },
  scopes: [...scopes],
})

export const titleSearchDays = threshold(
  'title-search-days',
  30,
  [1, 365],
  'days',
  { zh: '标题优化参考的搜索天数', en: 'Days of searches for title proposals' },
  { zh: '从最近这些天里买家的真实搜索词中挑选关键词', en: 'Keywords come from what buyers searched for in these days' },
)

export const videoMaxSeconds = threshold(
  'video-max-seconds',
  180,
  [5, 600],
  'seconds',
  { zh: '视频最长秒数', en: 'Longest video' },
  { zh: '超过的视频在上传时会被拒绝', en: 'Longer videos are refused on upload' },
)

export const filesKeepDays = threshold(
  'files-keep-days',
  30,
  [7, 3_650],
  'days',
  { zh: '无人使用的图片视频保留天数', en: 'Days that unused pictures and videos are kept' },
  {
    zh: '没有任何商品、历史版本或订单用到的文件，超过这个天数后自动删除',
    en: 'Files that no product, version or order shows are deleted after so many days',
  },
)

async function values<K extends string>(
  settings: Settings,
  table: Record<K, ReturnType<typeof threshold>>,
  shopId: string,
  tx: Tx,
): Promise<Record<K, number>> {
  const entries: [string, number][] = []
  for (const [name, setting] of Object.entries(table) as [string, ReturnType<typeof threshold>][])
    entries.push([name, await settings.get(setting, { shopId }, tx)])
  return Object.fromEntries(entries) as Record<K, number>
}

/** The shop's rules of completeness. */
export async function completenessRules(settings: Settings, shopId: string, tx: Tx): Promise<CompletenessRules> {
  const entries: [CompletenessItem, number][] = []
  for (const [item, setting] of weights) entries.push([item, await settings.get(setting, { shopId }, tx)])
  return {
    weights: Object.fromEntries(entries) as Record<CompletenessItem, number>,
    ...(await values(settings, thresholds, shopId, tx)),
  }
}

/** The shop's rules of titles. */
export async function titleRules(settings: Settings, shopId: string, tx: Tx): Promise<TitleRules> {
  return {
    ...(await values(settings, titleLengths, shopId, tx)),
    sellingWords: await settings.get(sellingWords, { shopId }, tx),
  }
}
