import type { Picture } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CatalogDeps } from './deps.ts'

/** Pictures by file id, in one query; unknown ids are absent. */
export async function picturesOf(
  tx: Tx,
  deps: Pick<CatalogDeps, 'files'>,
  shopId: string,
  fileIds: Iterable<string | null>,
): Promise<Map<string, Picture>> {
  const ids = [...new Set(fileIds)].filter((id) => id !== null)
  return ids.length === 0 ? new Map() : deps.files.pictures(tx, shopId, ids)
}

/** @throws AppError NOT_FOUND unless every file exists in this shop. */
export async function requirePictures(
  tx: Tx,
  deps: Pick<CatalogDeps, 'files'>,
  shopId: string,
  fileIds: readonly string[],
): Promise<void> {
  if (fileIds.length === 0) return
  const found = await deps.files.hold(tx, shopId, fileIds)
  const missing = fileIds.find((id) => found.get(id)?.visibility !== 'public')
  if (missing !== undefined)
    throw new AppError('NOT_FOUND', { values: { what: `图片 ${missing}` }, field: 'pictureFileIds' })
  const other = fileIds.find((id) => found.get(id)!.kind !== 'image')
  if (other !== undefined)
    throw new AppError('VALIDATION_FAILED', {
      values: { field: 'pictureFileIds', reason: `「${found.get(other)!.name}」不是图片` },
      field: 'pictureFileIds',
    })
}

/** The pictures of `ids`, in their order, leaving out what no longer exists. */
export const inOrder = (pictures: ReadonlyMap<string, Picture>, ids: readonly string[]): Picture[] =>
  ids.flatMap((id) => pictures.get(id) ?? [])
