import type { FastifyInstance } from 'fastify'
import type { Files } from '../../kernel/files.ts'

/**
 * Serves pictures and videos to anybody who knows their id: `GET /files/:fileId?w=400`, in the best format that the
 * browser accepts. Ids are never given again, so answers may be kept for ever.
 */
export function registerPublicFiles(app: FastifyInstance, files: Files): void {
  app.get<{ Params: { fileId: string }; Querystring: { w?: string } }>(
    '/files/:fileId',
    { config: { routeId: 'files.public' } },
    async (request, reply) => {
      const width = Number(request.query.w)
      const { accept, range, 'if-none-match': ifNoneMatch } = request.headers
      const opened = await files.openVariant(request.params.fileId, {
        ...(Number.isInteger(width) && width > 0 ? { width } : {}),
        ...(accept === undefined ? {} : { accept }),
        ...(range === undefined ? {} : { range }),
        ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
      })
      return reply
        .status(opened.status)
        .headers(opened.headers)
        .send(opened.body ?? undefined)
    },
  )
}
