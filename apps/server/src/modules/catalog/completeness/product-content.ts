import {
  completenessOf,
  isTitleStandard,
  type Picture,
  type ProductPicture,
  type ProductVideo,
} from '@zhanggui/contract'
import type { Tx } from '../../../kernel/db.ts'
import { completenessFacts, contentFileIds, kindOf } from '../content.ts'
import type { CatalogDeps } from '../deps.ts'
import { categoryPath } from '../rules.ts'
import { completenessRules, titleRules } from '../settings-content.ts'
import { loadTree } from '../store-categories.ts'
import type { ProductRecord } from '../types.ts'

/** The fields of product content as the editor reads them. `pictures` holds every picture that the product shows. */
export async function consoleContent(
  tx: Tx,
  deps: Pick<CatalogDeps, 'files' | 'settings'>,
  shopId: string,
  product: ProductRecord,
  pictures: ReadonlyMap<string, Picture>,
) {
  const { content, tagValueIds, role, channelExclusive, exclusiveProvinces, purchaseLimit } = product
  const files = await deps.files.find(tx, shopId, product.pictures)
  const tree = await loadTree(tx, shopId)
  const title = { ...product, coreKeyword: content.coreKeyword, categoryPath: categoryPath(tree, product.categoryId) }
  const isStandard = isTitleStandard(title, await titleRules(deps.settings, shopId, tx))
  return {
    pictures: product.pictures.flatMap((id): ProductPicture[] => {
      const picture = pictures.get(id)
      return picture ? [{ ...picture, kind: kindOf(content, id), whiteEdgeBp: files.get(id)?.whiteEdgeBp ?? null }] : []
    }),
    video: await videoOf(tx, deps, shopId, product),
    coreKeyword: content.coreKeyword,
    detailDocument: content.detailDocument,
    detailFiles: contentFileIds(product).flatMap((id) => pictures.get(id) ?? []),
    tagValueIds,
    role,
    channelExclusive,
    exclusiveProvinces,
    purchaseLimit,
    completeness: completenessOf(
      completenessFacts(product, isStandard, files),
      await completenessRules(deps.settings, shopId, tx),
    ),
  }
}

/** The product's video with its poster; null when there is none, or it is gone. */
export async function videoOf(
  tx: Tx,
  deps: Pick<CatalogDeps, 'files'>,
  shopId: string,
  { content }: Pick<ProductRecord, 'content'>,
): Promise<ProductVideo | null> {
  if (content.videoFileId === null) return null
  const ids = [content.videoFileId, content.videoPosterFileId].filter((id) => id !== null)
  const files = await deps.files.find(tx, shopId, ids)
  const pictures = await deps.files.pictures(tx, shopId, ids)
  const video = pictures.get(content.videoFileId)
  if (!video) return null
  return {
    ...video,
    durationMs: files.get(content.videoFileId)?.durationMs ?? null,
    poster: pictures.get(content.videoPosterFileId ?? '') ?? null,
  }
}
