import {
  type CompletenessFacts,
  type DetailDocument,
  detailDocumentOf,
  detailFileIds,
  detailPictureIds,
  detailText,
  PICTURE_KINDS,
  type Picture,
  type PictureKind,
  PRODUCT_ROLE_NAMES,
  type ProductRole,
  type StoreDetailBlock,
} from '@zhanggui/contract'
import type { Change, ProductContentRecord, ProductRecord } from './types.ts'

/** A product that nobody has made a page for yet. */
export const PLAIN_CONTENT: Readonly<ProductContentRecord> = {
  pictureKinds: {},
  videoFileId: null,
  videoPosterFileId: null,
  coreKeyword: '',
  detailDocument: null,
}

/** What a new product has of the fields of product content. */
export const plainContentFields = () => ({
  content: { ...PLAIN_CONTENT, pictureKinds: {} },
  tagValueIds: [] as string[],
  role: 'regular' as ProductRole,
  channelExclusive: false,
  exclusiveProvinces: [] as string[],
  purchaseLimit: null as number | null,
})

/**
 * The product with content that agrees with itself: pictures that are gone have no kind; text and pictures of the
 * detail follow from its document, and where something that knows no document changed them (an import), they stand
 * and the document goes.
 */
export function settleContent(before: ProductRecord | null, after: ProductRecord): ProductRecord {
  const shown = new Set(after.pictures)
  const kinds = Object.entries(after.content.pictureKinds).filter(([id, kind]) => shown.has(id) && kind !== 'main')
  const content = { ...after.content, pictureKinds: Object.fromEntries(kinds.sort(([a], [b]) => (a < b ? -1 : 1))) }
  if (content.videoFileId === null) content.videoPosterFileId = null
  const document = content.detailDocument
  if (document === null) return { ...after, content }
  const isNew = before === null || !sameDocument(before.content.detailDocument, document)
  if (isNew) return { ...after, content, detail: detailText(document), detailPictures: detailPictureIds(document) }
  const wasChanged = before.detail !== after.detail || before.detailPictures.join() !== after.detailPictures.join()
  return { ...after, content: wasChanged ? { ...content, detailDocument: null } : content }
}

/** PostgreSQL orders the keys of what it keeps as JSON: documents are compared by what they hold. */
const sameDocument = (a: DetailDocument | null, b: DetailDocument | null): boolean => canonical(a) === canonical(b)

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )

/** The detail as blocks, whether it was written as a document or as plain text and pictures. */
export const documentOf = (product: Pick<ProductRecord, 'content' | 'detail' | 'detailPictures'>): DetailDocument =>
  product.content.detailDocument ?? detailDocumentOf(product.detail, product.detailPictures)

/** Every file that the content shows, beside the product's pictures. */
export function contentFileIds({ content }: Pick<ProductRecord, 'content'>): string[] {
  const own = [content.videoFileId, content.videoPosterFileId].filter((id) => id !== null)
  return [...own, ...(content.detailDocument ? detailFileIds(content.detailDocument) : [])]
}

/** The blocks with the addresses of their files; a block whose file is gone is left out. */
export function blocksWith(document: DetailDocument, files: ReadonlyMap<string, Picture>): StoreDetailBlock[] {
  return document.blocks.flatMap((block): StoreDetailBlock[] => {
    if (block.type === 'image') {
      const picture = files.get(block.fileId)
      return picture ? [{ type: 'image', picture, ...(block.caption ? { caption: block.caption } : {}) }] : []
    }
    if (block.type !== 'video') return [block]
    const video = files.get(block.fileId)
    const poster = block.posterFileId === null ? undefined : files.get(block.posterFileId)
    return video ? [{ type: 'video', video, poster: poster ?? null }] : []
  })
}

export const kindOf = (content: ProductContentRecord, fileId: string): PictureKind =>
  content.pictureKinds[fileId] ?? 'main'

/** What completeness asks of a product; measures of pictures come from their files. */
export function completenessFacts(
  product: ProductRecord,
  isTitleStandard: boolean,
  files: ReadonlyMap<string, { width: number | null; height: number | null; whiteEdgeBp: number | null }>,
): CompletenessFacts {
  const document = documentOf(product)
  return {
    pictures: product.pictures.map((id) => {
      const file = files.get(id)
      return {
        kind: kindOf(product.content, id),
        width: file?.width ?? null,
        height: file?.height ?? null,
        whiteEdgeBp: file?.whiteEdgeBp ?? null,
      }
    }),
    hasVideo: product.content.videoFileId !== null,
    isTitleStandard,
    attributes: product.attributes.filter(({ value }) => value.trim() !== '').length,
    detail: {
      characters: detailText(document).length,
      media: detailFileIds(document).length,
      hasTable: document.blocks.some(({ type }) => type === 'table'),
    },
  }
}

export const KIND_NAMES: Record<PictureKind, string> = {
  main: '主图',
  white: '白底图',
  scene: '场景图',
  material: '材质特写',
  size: '尺寸图',
}

type ContentFields = Pick<
  ProductRecord,
  'pictures' | 'content' | 'tagValueIds' | 'role' | 'channelExclusive' | 'exclusiveProvinces' | 'purchaseLimit'
>

/** Differences of the content in words. Versions from before there was content lack its fields. */
export function contentChanges(before: Partial<ContentFields>, after: Partial<ContentFields>): Change[] {
  const changes: Change[] = []
  const [from, to] = [filled(before), filled(after)]
  const compare = (field: string, was: string, is: string) => {
    if (was !== is) changes.push({ field, before: was || '—', after: is || '—' })
  }
  compare('图片用途', kindsText(from), kindsText(to))
  if (from.content.videoFileId !== to.content.videoFileId)
    compare(
      '主图视频',
      from.content.videoFileId ? '有' : '无',
      to.content.videoFileId ? (from.content.videoFileId ? '已更换' : '有') : '无',
    )
  if (from.content.videoPosterFileId !== to.content.videoPosterFileId)
    compare('视频封面', from.content.videoPosterFileId ? '有' : '无', to.content.videoPosterFileId ? '已更换' : '无')
  compare('核心关键词', from.content.coreKeyword, to.content.coreKeyword)
  if (!sameDocument(from.content.detailDocument, to.content.detailDocument))
    changes.push({
      field: '图文详情',
      before: blocksText(from.content.detailDocument),
      after: `${blocksText(to.content.detailDocument)}（已修改）`,
    })
  if ([...from.tagValueIds].sort().join() !== [...to.tagValueIds].sort().join())
    changes.push({
      field: '场景标签',
      before: `${from.tagValueIds.length} 个`,
      after: `${to.tagValueIds.length} 个（有更换）`,
    })
  compare('商品角色', PRODUCT_ROLE_NAMES[from.role].zh, PRODUCT_ROLE_NAMES[to.role].zh)
  compare('微信渠道独家', from.channelExclusive ? '是' : '否', to.channelExclusive ? '是' : '否')
  compare('专供地区', from.exclusiveProvinces.join('、'), to.exclusiveProvinces.join('、'))
  compare('每人限购', limitText(from.purchaseLimit), limitText(to.purchaseLimit))
  return changes
}

const filled = (fields: Partial<ContentFields>): ContentFields => ({
  pictures: [],
  ...plainContentFields(),
  ...fields,
})

const limitText = (limit: number | null): string => (limit === null ? '不限' : `${limit} 件`)

const blocksText = (document: DetailDocument | null): string =>
  document === null ? '无' : `${document.blocks.length} 段`

function kindsText({ pictures, content }: ContentFields): string {
  const counts = PICTURE_KINDS.filter((kind) => kind !== 'main').map(
    (kind) => [KIND_NAMES[kind], pictures.filter((id) => kindOf(content, id) === kind)] as const,
  )
  return counts
    .filter(([, ids]) => ids.length > 0)
    .map(([name, ids]) => `${name} ${ids.length} 张`)
    .join('、')
}
