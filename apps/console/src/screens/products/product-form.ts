import {
  type DetailDocument,
  detailDocumentOf,
  type Picture,
  type Product,
  type ProductInput,
  type ProductPicture,
  type ProductRole,
  type ProductVideo,
} from '@zhanggui/contract'
import type { SkuDraft } from '../../kit/sku-matrix.ts'

/** What the product editor's fields hold. */
export interface ProductValues {
  title: string
  subtitle: string
  categoryId: string | null
  brand: string
  coreKeyword: string
  tags: string[]
  attributes: { name: string; value: string }[]
  options: { name: string; values: string[] }[]
  skus: SkuDraft[]
  pictures: ProductPicture[]
  video: ProductVideo | null
  /** A plain detail is shown as the document that it is. */
  detailDocument: DetailDocument
  freightTemplateId: string | null
  tagValueIds: string[]
  role: ProductRole
  channelExclusive: boolean
  exclusiveProvinces: string[]
  purchaseLimit: number | null
}

export const EMPTY_PRODUCT: ProductValues = {
  title: '',
  subtitle: '',
  categoryId: null,
  brand: '',
  coreKeyword: '',
  tags: [],
  attributes: [],
  options: [],
  skus: [{ code: '', barcode: '', optionValues: [], weightGrams: 0 }],
  pictures: [],
  video: null,
  detailDocument: { blocks: [] },
  freightTemplateId: null,
  tagValueIds: [],
  role: 'regular',
  channelExclusive: false,
  exclusiveProvinces: [],
  purchaseLimit: null,
}

/** A product as the editor's fields hold it. */
export function valuesOf(product: Product): ProductValues {
  const { title, subtitle, categoryId, brand, coreKeyword, tags, attributes, options, pictures, video } = product
  const { freightTemplateId, tagValueIds, role, channelExclusive, exclusiveProvinces, purchaseLimit } = product
  return {
    title,
    subtitle,
    categoryId,
    brand,
    coreKeyword,
    tags,
    attributes,
    options,
    pictures,
    video,
    detailDocument: documentOf(product),
    freightTemplateId,
    tagValueIds,
    role,
    channelExclusive,
    exclusiveProvinces,
    purchaseLimit,
    skus: product.skus.map(({ available: _available, picture: _picture, ...sku }) => sku),
  }
}

const documentOf = (product: Product): DetailDocument =>
  product.detailDocument ??
  detailDocumentOf(
    product.detail,
    product.detailPictures.map(({ fileId }) => fileId),
  )

/** The pictures and videos of the detail by file id, as they came with the product. */
export const detailFilesOf = (product: Product | undefined): Map<string, Picture> =>
  new Map([...(product?.detailFiles ?? []), ...(product?.detailPictures ?? [])].map((file) => [file.fileId, file]))

/** The fields as the route takes them. A SKU's own picture, which the editor does not show, is kept. */
export function inputOf(values: ProductValues, product: Product | undefined): Record<keyof ProductInput, unknown> {
  const { pictures, video, skus, detailDocument, ...rest } = values
  const skuPictures = new Map(product?.skus.map((sku) => [sku.id, sku.picture?.fileId ?? null]))
  return {
    ...rest,
    ...detailInput(detailDocument, product),
    categoryId: values.categoryId ?? null,
    freightTemplateId: values.freightTemplateId ?? null,
    purchaseLimit: values.purchaseLimit ?? null,
    pictureFileIds: pictures.map((picture) => picture.fileId),
    pictureKinds: Object.fromEntries(pictures.map((picture) => [picture.fileId, picture.kind])),
    videoFileId: video?.fileId ?? null,
    videoPosterFileId: video?.poster?.fileId ?? null,
    skus: skus.map((sku) => ({
      ...sku,
      listPriceFen: sku.listPriceFen ?? null,
      costFen: sku.costFen ?? null,
      weightGrams: sku.weightGrams ?? 0,
      pictureFileId: (sku.id && skuPictures.get(sku.id)) || null,
    })),
  }
}

/** A plain detail that was not touched stays plain; text and pictures of a document follow from it. */
function detailInput(document: DetailDocument, product: Product | undefined) {
  const isPlain = product === undefined || product.detailDocument === null
  const isTouched = product === undefined ? document.blocks.length > 0 : !sameBlocks(document, documentOf(product))
  const detail = product?.detail ?? ''
  const detailPictureFileIds = product?.detailPictures.map(({ fileId }) => fileId) ?? []
  return { detail, detailPictureFileIds, detailDocument: isPlain && !isTouched ? null : document }
}

/** By what they hold: the order of an object's keys says nothing. */
const sameBlocks = (a: DetailDocument, b: DetailDocument): boolean => canonical(a) === canonical(b)
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
