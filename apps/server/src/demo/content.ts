import type { DetailDocument, PictureKind, ProductRole } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import type { DemoProduct } from './goods.ts'

const DIMENSIONS = [
  { name: '场景', values: ['日常', '待客', '送礼', '办公室'] },
  { name: '季节', values: ['春', '夏', '秋', '冬', '四季'] },
]

/** The demo shop's tag vocabulary; answers the ids of its values by name. Whatever is there already stays. */
export async function addTags(client: Client, shopId: string): Promise<Map<string, string>> {
  const params = { shopId }
  const ids = new Map<string, string>()
  const { items } = await client('console.tagDimensions', { params })
  for (const [position, { name, values }] of DIMENSIONS.entries()) {
    const dimension =
      items.find((each) => each.name === name) ??
      (await client('console.createTagDimension', {
        params,
        body: { name, position, storefront: true, values: values.map((each) => ({ name: each })) },
      }))
    for (const value of dimension.values) ids.set(value.name, value.id)
  }
  return ids
}

const ROLES: readonly ProductRole[] = ['traffic', 'regular', 'regular', 'exclusive', 'regular', 'custom']
const KINDS: readonly PictureKind[] = ['main', 'scene', 'material']
const RICH_UP_TO = 6

/** What a demo product's page is made of: roles in turn, tags, and a laid-out detail for the first ones. */
export function contentOf(
  product: DemoProduct,
  index: number,
  fileIds: readonly string[],
  tags: ReadonlyMap<string, string>,
) {
  const role = ROLES[index % ROLES.length]!
  const wanted = [product.tags.includes('春茶') ? '春' : '四季', index % 3 === 0 ? '送礼' : '日常']
  return {
    role,
    channelExclusive: role === 'exclusive',
    // Titles are written as brand, core, what makes it special.
    coreKeyword: product.title.split(' ')[1] ?? '',
    tagValueIds: wanted.flatMap((name) => tags.get(name) ?? []),
    pictureKinds: Object.fromEntries(fileIds.map((id, turn) => [id, KINDS[turn % KINDS.length]!])),
    detailDocument: index < RICH_UP_TO ? documentOf(product, fileIds) : null,
  }
}

function documentOf(product: DemoProduct, fileIds: readonly string[]): DetailDocument {
  const facts = Object.entries(product.attributes)
  return {
    blocks: [
      { type: 'heading', level: 2, runs: [{ text: product.subtitle }] },
      { type: 'paragraph', runs: [{ text: product.detail }] },
      ...fileIds.slice(1, 2).map((fileId) => ({ type: 'image' as const, fileId, caption: product.title })),
      { type: 'heading', level: 3, runs: [{ text: '规格一览' }] },
      {
        type: 'table',
        rows: [[product.option, '参考重量'], ...product.skus.map(([value]) => [value, `${product.weightGrams} 克起`])],
      },
      {
        type: 'list',
        ordered: false,
        items: facts.map(([name, value]) => [{ text: `${name}：`, bold: true as const }, { text: value }]),
      },
      { type: 'paragraph', align: 'center', runs: [{ text: '收到后不满意，七天内可退', tint: 'green' }] },
    ],
  }
}
