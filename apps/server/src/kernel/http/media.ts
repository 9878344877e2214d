import type { Actor } from '../actor.ts'
import type { Tx } from '../db.ts'
import { AppError } from '../errors.ts'
import { type FileFormat, type Files, IMAGE_FORMATS, type StoredFile, VIDEO_FORMATS } from '../files.ts'
import type { Call } from './mount.ts'

const MEGABYTE = 1024 * 1024

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

interface Accepted {
  formats: readonly FileFormat[]
  maxBytes: number
  /** What is asked for when nothing was sent. */
  what: string
}

const PICTURE: Accepted = { formats: IMAGE_FORMATS, maxBytes: 20 * MEGABYTE, what: '图片' }
const PICTURE_OR_VIDEO: Accepted = {
  ...{ formats: [...IMAGE_FORMATS, ...VIDEO_FORMATS], maxBytes: 50 * MEGABYTE, what: '图片或视频' },
}

type Take = (
  deps: { files: Pick<Files, 'upload'> },
  request: Call['request'],
  shopId: string,
  actor: Actor,
) => Promise<StoredFile>

const takes =
  ({ formats, maxBytes, what }: Accepted): Take =>
  async ({ files }, request, shopId, actor) => {
    const limits = { fileSize: maxBytes + 1, files: 1 }
    const file = request.isMultipart() ? await request.file({ limits }) : undefined
    if (!file)
      throw new AppError('VALIDATION_FAILED', { values: { field: 'file', reason: `请选择${what}` }, field: 'file' })
    return files.upload({ shopId, name: file.filename, content: file.file, maxBytes, accept: formats, actor })
  }

/** A picture that somebody sends. @throws AppError VALIDATION_FAILED, FILE_REFUSED, BODY_TOO_LARGE */
export const takePicture = takes(PICTURE)

/** A picture or a video. @throws AppError VALIDATION_FAILED, FILE_REFUSED, BODY_TOO_LARGE */
export const takePictureOrVideo = takes(PICTURE_OR_VIDEO)
