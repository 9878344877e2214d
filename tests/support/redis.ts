import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '../../packages/engines/src/index.ts'

/** Whether this machine has a Redis to start; what needs one is skipped where it has not. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** A Redis that keeps nothing, on a port of its own. */
export async function startRedis(): Promise<{ url: string; kill(): Promise<void>; start(): Promise<void> }> {
  const port = await freePort()
  let redis: ChildProcess | undefined
  const server = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const flags = ['--port', String(port), '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1']
      redis = spawn('redis-server', flags, { stdio: 'ignore' })
      await once(redis, 'spawn')
    },
    async kill() {
      if (!redis || redis.exitCode !== null || redis.signalCode !== null) return
      redis.kill('SIGKILL')
      await once(redis, 'exit')
    },
  }
  await server.start()
  return server
}
