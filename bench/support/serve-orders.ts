import { ROUTES } from '@zhanggui/contract'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import type { Authenticator } from '../../apps/server/src/kernel/http/caller.ts'
import { type Handlers, mountRoutes } from '../../apps/server/src/kernel/http/mount.ts'
import { buildHttp } from '../../apps/server/src/kernel/http/server.ts'

/** The real route behind the real guard; only who is signed in is simplified: the token is the buyer's id. */
export async function serveOrders(handlers: Handlers): Promise<FastifyInstance> {
  const app = await buildHttp({
    logger: pino({ level: 'silent' }),
    https: false,
    trustedOrigins: [],
    trustedProxies: 'loopback',
  })
  const nobody = new Set<never>()
  const authenticator: Authenticator = {
    buyer: async (token) => ({ buyerId: token, sessionId: token }),
    staff: async () => undefined,
    staffGrants: async () => [],
    platformPermissions: async () => nobody,
    stepUpAsked: async () => undefined,
  }
  const absent = async () => {
    throw new Error('Not part of this benchmark')
  }
  const rest = Object.fromEntries(
    Object.keys(ROUTES).flatMap((id) => (id in handlers ? [] : [[id, absent]])),
  ) as Handlers
  mountRoutes(app, [handlers, rest], {
    authenticator,
    publicUrl: 'http://127.0.0.1',
    checkAnswers: false,
    maxUploadBytes: 1,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return app
}
