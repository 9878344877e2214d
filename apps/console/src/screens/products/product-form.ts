import type { Picture, Product, ProductInput } from '@zhanggui/contract'
import type { SkuDraft } from '../../kit/sku-matrix.ts'

/** What the product editor's fields hold. */
export interface ProductValues {
  title: string
  subtitle: string
  categoryId: string | null
  brand: string
  tags: string[]
  attributes: { name: string; value: string }[]
  options: { name: string; values: string[] }[]
  skus: SkuDraft[]
  pictures: Picture[]
  detail: string
  detailPictures: Picture[]
  freightTemplateId: string | null
}

export const EMPTY_PRODUCT: ProductValues = {
  title: '',
  subtitle: '',
  categoryId: null,
  brand: '',
  tags: [],
  attributes: [],
  options: [],
  skus: [{ code: '', barcode: '', optionValues: [], weightGrams: 0 }],
  pictures: [],
  detail: '',
  detailPictures: [],
  freightTemplateId: null,
}

/** A product as the editor's fields hold it. */
export function valuesOf(product: Product): ProductValues {
  const {
    title,
    subtitle,
    categoryId,
    brand,
    tags,
    attributes,
    options,
    pictures,
    detail,
    detailPictures,
    freightTemplateId,
  } = product
  return {
    title,
    subtitle,
    categoryId,
    brand,
    tags,
    attributes,
    options,
    pictures,
    detail,
    detailPictures,
    freightTemplateId,
    skus: product.skus.map(({ available: _available, picture: _picture, ...sku }) => sku),
  }
}

/** The fields as the route takes them. A SKU's own picture, which the editor does not show, is kept. */
export function inputOf(values: ProductValues, product: Product | undefined): Record<keyof ProductInput, unknown> {
  const { pictures, detailPictures, skus, ...rest } = values
  const skuPictures = new Map(product?.skus.map((sku) => [sku.id, sku.picture?.fileId ?? null]))
  return {
    ...rest,
    categoryId: values.categoryId ?? null,
    freightTemplateId: values.freightTemplateId ?? null,
    pictureFileIds: pictures.map((picture) => picture.fileId),
    detailPictureFileIds: detailPictures.map((picture) => picture.fileId),
    skus: skus.map((sku) => ({
      ...sku,
      listPriceFen: sku.listPriceFen ?? null,
      costFen: sku.costFen ?? null,
      weightGrams: sku.weightGrams ?? 0,
      pictureFileId: (sku.id && skuPictures.get(sku.id)) || null,
    })),
  }
}
