import type { FastifyInstance } from 'fastify'
import { AppError } from './kernel/errors.ts'
import { STAFF_COOKIE, type StaffCaller } from './kernel/http/caller.ts'
import { isForeignOrigin } from './kernel/http/guard.ts'
import type { RealtimeSocket } from './kernel/realtime.ts'
import type { WebParts } from './web.ts'

/** Live messages for the console: `/ws`, for staff with a session, from our own pages only. */
export async function mountRealtime(http: FastifyInstance, { config, modules, hub }: WebParts): Promise<void> {
  const { authenticator } = modules.identity
  http.get(
    '/ws',
    {
      websocket: true,
      preValidation: async (request) => {
        if (isForeignOrigin(request, config.publicUrl)) throw new AppError('CROSS_SITE')
        const token = request.cookies[STAFF_COOKIE]
        const session = token === undefined ? undefined : await authenticator.staff(token)
        if (!session) throw new AppError('SIGN_IN_REQUIRED')
        request.staff = { kind: 'staff', ...session, permissions: new Set(), grants: [] }
      },
    },
    (socket, request) => hub.connect(socket as unknown as RealtimeSocket, request.staff!),
  )
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who opened the live connection. */
    staff?: StaffCaller
  }
}
