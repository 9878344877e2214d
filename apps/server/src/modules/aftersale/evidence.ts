import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { IMAGE_FORMATS, type StoredFile, VIDEO_FORMATS } from '../../kernel/files.ts'
import type { Call } from '../../kernel/http/mount.ts'
import type { AftersaleDeps } from './deps.ts'

const MAX_MEDIA_BYTES = 50 * 1024 * 1024

/** A picture or a video that one side sends as evidence. @throws AppError VALIDATION_FAILED, FILE_REFUSED, BODY_TOO_LARGE */
export async function takeEvidence(
  { files }: Pick<AftersaleDeps, 'files'>,
  request: Call['request'],
  shopId: string,
  actor: Actor,
): Promise<StoredFile> {
  const limits = { fileSize: MAX_MEDIA_BYTES + 1, files: 1 }
  const file = request.isMultipart() ? await request.file({ limits }) : undefined
  if (!file)
    throw new AppError('VALIDATION_FAILED', { values: { field: 'file', reason: '请选择图片或视频' }, field: 'file' })
  return files.upload({
    ...{ shopId, name: file.filename, content: file.file, maxBytes: MAX_MEDIA_BYTES },
    ...{ accept: [...IMAGE_FORMATS, ...VIDEO_FORMATS], actor },
  })
}
