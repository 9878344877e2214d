import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { freePort, type PostgresOptions, type RunningPostgres, startPostgres } from './index.ts'

const folders: string[] = []
const running: RunningPostgres[] = []

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-postgres-'))
  folders.push(folder)
  return folder
}

async function start(dataDir: string, options: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir, log: () => {}, ...options })
  running.push(server)
  return server
}

async function ask<T>(server: RunningPostgres, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: server.adminUrl })
  await client.connect()
  try {
    return (await client.query(sql)).rows as T[]
  } finally {
    await client.end()
  }
}

test('SYS-01 PostgreSQL starts in UTF-8 with its own locale, durable, on loopback, behind a generated password', async () => {
  const folder = temporaryFolder()
  const server = await start(folder)
  const [settings] = await ask(
    server,
    `select current_setting('server_version_num')::int / 10000 as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as address,
      pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale, datname as name
      from pg_database where datname = current_database()`,
  )
  expect(settings).toEqual({
    version: 18,
    fsync: 'on',
    commit: 'on',
    address: '127.0.0.1',
    encoding: 'UTF8',
    provider: 'b',
    locale: 'C.UTF-8',
    name: 'zhanggui',
  })
  expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600)
  const stranger = new pg.Client({ connectionString: server.adminUrl.replace(/:[^:@]+@/, ':wrong@') })
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' })
})

test('SYS-01 PostgreSQL keeps yesterday’s data, its password and its port at the next start', async () => {
  const folder = temporaryFolder()
  const first = await start(folder)
  await ask(first, "create table kept as select '昨天' as day")
  await first.stop()
  const second = await start(folder)
  expect(await ask(second, 'select day from kept')).toEqual([{ day: '昨天' }])
  expect(second.adminUrl).toBe(first.adminUrl)
})

test('SYS-01 PostgreSQL recovers what was committed after it was killed, and a stale pid file is in nobody’s way', async () => {
  const folder = temporaryFolder()
  const first = await start(folder)
  await ask(first, 'create table kept as select 1 as n')
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  const pidFile = join(folder, 'cluster', 'postmaster.pid')
  // The same id now belongs to a process that is alive and has nothing to do with PostgreSQL: this one.
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)))
  const second = await start(folder)
  expect(await ask(second, 'select n from kept')).toEqual([{ n: 1 }])
})

test('SYS-01 a PostgreSQL left behind by a killed launcher is ended before the next one starts', async () => {
  const folder = temporaryFolder()
  const first = await start(folder)
  await ask(first, 'create table kept as select 2 as n')
  const lines: string[] = []
  const second = await start(folder, { log: (line) => lines.push(line) })
  await first.ended
  expect(second.pid).not.toBe(first.pid)
  expect(lines.join('\n')).toContain('left behind')
  expect(await ask(second, 'select n from kept')).toEqual([{ n: 2 }])
})

test('SYS-01 PostgreSQL on a taken port says which setting to change', async () => {
  const port = await freePort()
  const holder = createServer().listen(port, '127.0.0.1')
  try {
    const attempt = startPostgres({ dataDir: temporaryFolder(), log: () => {}, port })
    await expect(attempt).rejects.toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(`${port}`) })
  } finally {
    holder.close()
  }
})

test('SYS-01 a cluster of another PostgreSQL version is refused with a sentence', async () => {
  const folder = temporaryFolder()
  await (await start(folder)).stop()
  writeFileSync(join(folder, 'cluster', 'PG_VERSION'), '16\n')
  const attempt = startPostgres({ dataDir: folder, log: () => {} })
  await expect(attempt).rejects.toMatchObject({ code: 'VERSION_MISMATCH' })
})
