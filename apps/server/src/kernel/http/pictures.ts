import type { Actor } from '../actor.ts'
import type { Tx } from '../db.ts'
import { AppError } from '../errors.ts'
import { type Files, IMAGE_FORMATS, type StoredFile } from '../files.ts'
import type { Call } from './mount.ts'

const MAX_PICTURE_BYTES = 20 * 1024 * 1024

/** @throws AppError VALIDATION_FAILED unless all are pictures of this shop */
export async function requirePictures(
  tx: Tx,
  { files }: { files: Pick<Files, 'find'> },
  shopId: string,
  ids: readonly string[],
): Promise<void> {
  const found = await files.find(tx, shopId, ids)
  if (!ids.every((id) => found.get(id)?.kind === 'image'))
    throw new AppError('VALIDATION_FAILED', {
      values: { field: '图片', reason: '没有找到，请重新上传' },
      field: 'fileIds',
    })
}

/** @throws AppError VALIDATION_FAILED, FILE_REFUSED, BODY_TOO_LARGE */
export async function takePicture(
  { files }: { files: Pick<Files, 'upload'> },
  request: Call['request'],
  shopId: string,
  actor: Actor,
): Promise<StoredFile> {
  const limits = { fileSize: MAX_PICTURE_BYTES + 1, files: 1 }
  const file = request.isMultipart() ? await request.file({ limits }) : undefined
  if (!file) throw new AppError('VALIDATION_FAILED', { values: { field: 'file', reason: '请选择图片' }, field: 'file' })
  return files.upload({
    ...{ shopId, name: file.filename, content: file.file, maxBytes: MAX_PICTURE_BYTES },
    ...{ accept: IMAGE_FORMATS, actor },
  })
}
