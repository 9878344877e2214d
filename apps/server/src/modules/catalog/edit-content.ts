import { detailFileIds, type ProductInput } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CatalogDeps } from './deps.ts'
import { invalid } from './rules.ts'
import { tagValuesAmong } from './tags/store-tags.ts'
import type { ProductRecord } from './types.ts'

/** The fields of product content as they are stored. */
export const contentFieldsOf = (input: ProductInput) => ({
  content: {
    pictureKinds: input.pictureKinds,
    videoFileId: input.videoFileId,
    videoPosterFileId: input.videoPosterFileId,
    coreKeyword: input.coreKeyword,
    detailDocument: input.detailDocument,
  },
  tagValueIds: [...new Set(input.tagValueIds)],
  role: input.role,
  channelExclusive: input.channelExclusive,
  exclusiveProvinces: [...new Set(input.exclusiveProvinces)],
  purchaseLimit: input.purchaseLimit,
})

/**
 * Whether video, poster, detail and tags name what the shop has; what was there before is not asked again.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED
 */
export async function checkContent(
  tx: Tx,
  deps: Pick<CatalogDeps, 'files'>,
  shopId: string,
  before: ProductRecord | null,
  after: ProductRecord,
): Promise<void> {
  await checkFiles(tx, deps, shopId, before, after)
  const known = new Set(before?.tagValueIds)
  const added = after.tagValueIds.filter((id) => !known.has(id))
  if (added.length === 0) return
  const found = new Set(await tagValuesAmong(tx, shopId, added))
  const missing = added.find((id) => !found.has(id))
  if (missing !== undefined)
    throw new AppError('NOT_FOUND', { values: { what: `标签 ${missing}` }, field: 'tagValueIds' })
}

async function checkFiles(
  tx: Tx,
  deps: Pick<CatalogDeps, 'files'>,
  shopId: string,
  before: ProductRecord | null,
  after: ProductRecord,
): Promise<void> {
  const known = new Set(wantedFiles(before).map(({ id }) => id))
  const wanted = wantedFiles(after).filter(({ id }) => !known.has(id))
  if (wanted.length === 0) return
  const files = await deps.files.hold(
    tx,
    shopId,
    wanted.map(({ id }) => id),
  )
  for (const { id, kind, field } of wanted) {
    const file = files.get(id)
    if (file?.visibility !== 'public')
      throw new AppError('NOT_FOUND', { values: { what: `${kind === 'video' ? '视频' : '图片'} ${id}` }, field })
    if (file.kind !== kind) throw invalid(field, `「${file.name}」不是${kind === 'video' ? '视频' : '图片'}`)
  }
}

interface WantedFile {
  id: string
  kind: 'image' | 'video'
  field: string
}

function wantedFiles(product: ProductRecord | null): WantedFile[] {
  if (!product) return []
  const { videoFileId, videoPosterFileId, detailDocument } = product.content
  const wanted: WantedFile[] = []
  if (videoFileId !== null) wanted.push({ id: videoFileId, kind: 'video', field: 'videoFileId' })
  if (videoPosterFileId !== null) wanted.push({ id: videoPosterFileId, kind: 'image', field: 'videoPosterFileId' })
  if (!detailDocument) return wanted
  const videos = new Set(detailDocument.blocks.flatMap((block) => (block.type === 'video' ? [block.fileId] : [])))
  for (const id of detailFileIds(detailDocument))
    wanted.push({ id, kind: videos.has(id) ? 'video' : 'image', field: 'detailDocument' })
  return wanted
}
