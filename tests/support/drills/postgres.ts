import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningPostgres, startPostgres } from '../../../packages/engines/src/index.ts'

export interface DrillPostgres {
  url: string
  /** Whether it has ended by itself. */
  hasEnded(): boolean
  /** Kills it unless it has ended, and starts it on its data. */
  restart(): Promise<void>
}

/** A PostgreSQL of the drill's own, with fsync on, that may be killed. */
export async function withPostgres<T>(work: (engine: DrillPostgres) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'zhanggui-drill-'))
  try {
    return await withPostgresIn(folder, work)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same with its data in a folder that the drill has made. */
export async function withPostgresIn<T>(folder: string, work: (engine: DrillPostgres) => Promise<T>): Promise<T> {
  let hasEnded = false
  const start = async (port?: number) => {
    const options = { dataDir: join(folder, 'postgres'), log: () => {}, ...(port === undefined ? {} : { port }) }
    const started = await startPostgres(options)
    hasEnded = false
    void started.ended.then(() => {
      hasEnded = true
    })
    return started
  }
  let postgres: RunningPostgres = await start()
  try {
    return await work({
      url: postgres.adminUrl,
      hasEnded: () => hasEnded,
      async restart() {
        if (!hasEnded) process.kill(postgres.pid, 'SIGKILL')
        await postgres.ended
        postgres = await start(postgres.port)
      },
    })
  } finally {
    await postgres.stop()
  }
}
