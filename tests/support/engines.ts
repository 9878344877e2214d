import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { isAlive, startClickHouse, startPostgres, stopLeftoverPostgres } from '../../packages/engines/src/index.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The throw-away PostgreSQL of this run, as superuser. Use createTestDatabase() for a database of your own. */
    postgresAdminUrl: string
    /** The throw-away ClickHouse of this run, or '' where the embedded one has no build. */
    clickhouseUrl: string
  }
}

const PREFIX = 'zhanggui-test-'

/**
 * Global set-up of the projects that need engines: one temporary PostgreSQL (fsync off unless TEST_FSYNC=1) and one
 * embedded ClickHouse, on free ports, in a folder that is deleted afterwards.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  await writeFile(join(folder, 'owner'), String(process.pid))
  const output: string[] = []
  const log = (line: string) => {
    output.push(line)
    if (output.length > 200) output.shift()
    if (process.env.TEST_ENGINE_LOGS === '1') console.error(line)
  }
  const started = await Promise.allSettled([
    startPostgres({ dataDir: join(folder, 'postgres'), log, fsync: process.env.TEST_FSYNC === '1', bySocket: true }),
    startClickHouse({ dataDir: join(folder, 'clickhouse'), log }),
  ])
  const [postgres, clickhouse] = started
  const teardown = async () => {
    if (postgres.status === 'fulfilled') await postgres.value.stop()
    if (clickhouse.status === 'fulfilled' && clickhouse.value.unavailable === undefined) await clickhouse.value.stop()
    await rm(folder, { recursive: true, force: true })
  }
  if (postgres.status === 'rejected' || clickhouse.status === 'rejected') {
    await teardown()
    throw postgres.status === 'rejected' ? postgres.reason : (clickhouse as PromiseRejectedResult).reason
  }
  project.provide('postgresAdminUrl', postgres.value.adminUrl)
  project.provide('clickhouseUrl', clickhouse.value.unavailable === undefined ? clickhouse.value.url : '')
  return teardown
}

/** A run that was killed could not clean up: its PostgreSQL is ended and its folder deleted by the next run. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(tmpdir(), name)
    const owner = Number(await readFile(join(folder, 'owner'), 'utf8').catch(() => Number.NaN))
    if (!Number.isInteger(owner) || isAlive(owner)) continue
    await stopLeftoverPostgres(join(folder, 'postgres'), () => {})
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}
