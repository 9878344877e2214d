import { randomBytes } from 'node:crypto'
import { createClient } from '@clickhouse/client'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../apps/server/src/kernel/migrate.ts'

const TEMPLATE = 'zhanggui_template'
const TEMPLATE_READY = 'migrated'
const TEMPLATE_LOCK = 7_091_130_002
const APP_PASSWORD = 'zhanggui-test'

export interface TestDatabase {
  name: string
  /** As superuser. */
  adminUrl: string
  /** As the application role, bound by row-level security: what the program under test connects with. */
  appUrl: string
  /** Disconnects whoever is still there and deletes the database. */
  drop(): Promise<void>
}

/** A fresh, migrated database of this test file alone: a copy of a template that is made once per run and server. */
export async function createTestDatabase(serverUrl = inject('postgresAdminUrl')): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await ensureTemplate(admin, serverUrl)
    await admin.query(`create database ${name} template ${TEMPLATE} strategy file_copy`)
  } finally {
    await admin.end()
  }
  const adminUrl = withDatabase(serverUrl, name)
  const appUrl = new URL(adminUrl)
  appUrl.username = 'zhanggui_app'
  appUrl.password = APP_PASSWORD
  return { name, adminUrl, appUrl: appUrl.toString(), drop: () => drop(serverUrl, name) }
}

async function ensureTemplate(admin: pg.Client, serverUrl: string): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
  try {
    const found = await admin.query(
      `select shobj_description(oid, 'pg_database') as state from pg_database where datname = $1`,
      [TEMPLATE],
    )
    if (found.rows[0]?.state === TEMPLATE_READY) return
    await admin.query(`drop database if exists ${TEMPLATE} with (force)`)
    await admin.query(`create database ${TEMPLATE}`)
    await migrate({ adminUrl: withDatabase(serverUrl, TEMPLATE), appPassword: APP_PASSWORD })
    await admin.query(`comment on database ${TEMPLATE} is '${TEMPLATE_READY}'`)
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
  }
}

async function drop(serverUrl: string, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await admin.query(`drop database if exists ${name} with (force)`)
  } finally {
    await admin.end()
  }
}

function withDatabase(url: string, database: string): string {
  const copy = new URL(url)
  copy.pathname = `/${database}`
  return copy.toString()
}

export interface TestClickHouseDatabase {
  name: string
  /** The server's URL, without the database: pass both to the client. */
  url: string
  drop(): Promise<void>
}

/** Whether this machine has an embedded ClickHouse; tests that need it are skipped where it has no build. */
export function hasClickHouse(): boolean {
  return inject('clickhouseUrl') !== ''
}

/** An empty ClickHouse database of this test file alone. */
export async function createTestClickHouseDatabase(): Promise<TestClickHouseDatabase> {
  const url = inject('clickhouseUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const command = async (query: string) => {
    const client = createClient({ url })
    await client.command({ query })
    await client.close()
  }
  await command(`CREATE DATABASE ${name}`)
  return { name, url, drop: () => command(`DROP DATABASE IF EXISTS ${name}`) }
}
