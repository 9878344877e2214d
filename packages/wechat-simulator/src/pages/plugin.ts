import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'

export async function pagesPlugin(app: FastifyInstance, options: { world: World }): Promise<void> {
  app.get('/phone', () => options.world.publicUrl)
}
