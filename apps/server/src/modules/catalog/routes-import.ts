import type {} from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'
import { IMAGE_FORMATS, VIDEO_FORMATS, variantUrl } from '../../kernel/files.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { CatalogDeps } from './deps.ts'
import { type Download, exportProducts, importTemplate } from './export/export-products.ts'
import { exportRefusals } from './export/export-refusals.ts'
import { previewImport, requireImport } from './import/preview-import.ts'
import { cancelImport, runImport } from './import/run-import.ts'
import { startImport } from './import/start-import.ts'
import { listImports } from './import/store-jobs.ts'
import { listRefusals } from './import/store-rows.ts'
import { MAX_UPLOAD_BYTES } from './import/table.ts'
import { importView } from './import/view.ts'
import { editBy } from './routes.ts'
import { videoMaxSeconds } from './settings-content.ts'

/** Three minutes of video at 8 Mbit/s. */
const MAX_MEDIA_BYTES = 200 * 1024 * 1024

export function importHandlers(deps: CatalogDeps): Handlers {
  return {
    'console.startImport': async (call) => {
      const file = await uploadedFile(call.request, MAX_UPLOAD_BYTES)
      return startImport(deps, editBy(call), file.filename, await wholeFile(file, MAX_UPLOAD_BYTES))
    },
    'console.imports': async ({ params: { shopId }, query }) => {
      const before = decodeCursor(query.cursor, z.uuid())
      const rows = await deps.db.read({ shopId }, (tx) => listImports(tx, shopId, { before, limit: query.limit + 1 }))
      return keysetPage(rows.map(importView), query.limit, ({ id }) => id)
    },
    'console.import': ({ params: { shopId, importId } }) =>
      deps.db.read({ shopId }, async (tx) => importView(await requireImport(tx, shopId, importId))),
    'console.previewImport': ({ params, body }) => previewImport(deps, params.shopId, params.importId, body),
    'console.runImport': (call) => runImport(deps, editBy(call), call.params.importId, call.body),
    'console.cancelImport': (call) => cancelImport(deps, editBy(call), call.params.importId),
    'console.importRefusals': async ({ params: { shopId, importId }, query }) => {
      const after = decodeCursor(query.cursor, z.tuple([z.int(), z.int()]))
      const rows = await deps.db.read({ shopId }, async (tx) => {
        await requireImport(tx, shopId, importId)
        return listRefusals(tx, shopId, importId, { after, limit: query.limit + 1 })
      })
      return keysetPage(rows, query.limit, ({ line, number }) => [line, number])
    },
    'console.importRefusalsFile': async ({ params, reply }) =>
      send(reply, await exportRefusals(deps, params.shopId, params.importId)),
    'console.importTemplate': async ({ reply }) => send(reply, importTemplate()),
    'console.exportProducts': async ({ params, query: { format, ...filter }, reply }) =>
      send(reply, exportProducts(deps, params.shopId, filter, format)),
    'console.uploadFile': async (call) => {
      const { shopId } = call.params
      const file = await uploadedFile(call.request, MAX_MEDIA_BYTES)
      const { actor } = editBy(call)
      const accept = [...IMAGE_FORMATS, ...VIDEO_FORMATS]
      const content = file.file
      const stored = await deps.files.upload({
        shopId,
        name: file.filename,
        content,
        accept,
        maxBytes: MAX_MEDIA_BYTES,
        maxVideoSeconds: await deps.db.read({ shopId }, (tx) => deps.settings.get(videoMaxSeconds, { shopId }, tx)),
        actor,
      })
      // What was cut off at the limit was kept in part; it is named by nothing.
      if (file.file.truncated) throw tooLarge(MAX_MEDIA_BYTES)
      const { id, width, height, kind, whiteEdgeBp, durationMs } = stored
      return { fileId: id, url: variantUrl(id), width, height, kind, whiteEdgeBp, durationMs }
    },
  }
}

async function uploadedFile(request: FastifyRequest, maxBytes: number) {
  // One byte more than allowed, so that a file at the limit is told from one beyond it.
  const file = request.isMultipart() ? await request.file({ limits: { fileSize: maxBytes + 1, files: 1 } }) : undefined
  if (!file)
    throw new AppError('VALIDATION_FAILED', { values: { field: 'file', reason: '请选择要上传的文件' }, field: 'file' })
  return file
}

async function wholeFile(
  file: { file: AsyncIterable<Buffer> & { truncated: boolean } },
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of file.file) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (file.file.truncated || bytes.length > maxBytes) throw tooLarge(maxBytes)
  return bytes
}

const tooLarge = (bytes: number): AppError =>
  new AppError('BODY_TOO_LARGE', { values: { limit: `${Math.floor(bytes / 1024 / 1024)} MB` } })

function send(reply: FastifyReply, download: Download): FastifyReply {
  return reply
    .type(download.contentType)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(download.name)}`)
    .header('cache-control', 'no-store')
    .send(download.body)
}
