import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'

/** The role the program works as unless told: no superuser, no owner of tables, bound by row-level security. */
export const DEFAULT_APP_ROLE = 'zhanggui_app'
const LOCK_KEY = 7_091_130_001
const DUPLICATE_OBJECT = '42710'
const UNIQUE_VIOLATION = '23505'

export interface MigrateOptions {
  /** A connection that may create roles and schemas (the owner of the database). */
  adminUrl: string
  /** Name of the application role: letters, digits and `_`. */
  appRole?: string
  /** Password of the application role, which is created (or given this password) when it cannot sign in with it. */
  appPassword: string
  log?: (message: string) => void
}

export interface MigrateResult {
  applied: string[]
  /** The URL the program connects with: same server and database, as the application role. */
  appUrl: string
}

interface Migration {
  name: string
  text: string
  digest: string
}

const SOURCE_ROOT = path.resolve(import.meta.dirname, '..')

/**
 * Brings the database up to date: every `migrations/NNNN_name.sql` of kernel, ledger and modules in order of
 * number, each in its own transaction, under an advisory lock so that processes starting together wait for
 * one another. A released migration that was edited is refused.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const migrations = await findMigrations()
  const client = new pg.Client({ connectionString: options.adminUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    const appUrl = await ensureAppRole(client, options)
    await client.query(`create table if not exists schema_migrations (
      name text primary key, digest text not null, applied_at timestamptz not null default now())`)
    await client.query(`comment on table schema_migrations is 'local'`)
    const done = new Map<string, string>()
    for (const row of (await client.query('select name, digest from schema_migrations')).rows)
      done.set(row.name, row.digest)
    const applied: string[] = []
    for (const migration of migrations) {
      const digest = done.get(migration.name)
      if (digest === undefined) {
        await apply(client, migration)
        applied.push(migration.name)
        options.log?.(`migrated ${migration.name}`)
      } else if (digest !== migration.digest) {
        throw new Error(
          `迁移文件 ${migration.name} 在发布后被修改 (a released migration was edited); add a new one instead`,
        )
      }
    }
    await grant(client, options.appRole ?? DEFAULT_APP_ROLE)
    return { applied, appUrl }
  } finally {
    await client.end()
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(`set local app.scope = 'system'`)
    await client.query(migration.text)
    await client.query('insert into schema_migrations (name, digest) values ($1, $2)', [
      migration.name,
      migration.digest,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${migration.name} failed: ${(error as Error).message}`, { cause: error })
  }
}

async function findMigrations(): Promise<Migration[]> {
  const files: string[] = []
  for (const entry of await readdir(SOURCE_ROOT, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && entry.name.endsWith('.sql') && path.basename(entry.parentPath) === 'migrations')
      files.push(path.join(entry.parentPath, entry.name))
  const migrations = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8')
      const owner = path.basename(path.dirname(path.dirname(file)))
      return {
        name: `${path.basename(file, '.sql')}@${owner}`,
        text,
        digest: createHash('sha256').update(text).digest('hex'),
      }
    }),
  )
  return migrations.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function ensureAppRole(client: pg.Client, options: MigrateOptions): Promise<string> {
  const role = options.appRole ?? DEFAULT_APP_ROLE
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(role)) throw new Error(`不能用作数据库角色名 (not a role name): ${role}`)
  const appUrl = new URL(options.adminUrl)
  appUrl.username = role
  appUrl.password = options.appPassword
  if (await canSignIn(appUrl.toString())) return appUrl.toString()
  const password = client.escapeLiteral(options.appPassword)
  await client
    .query(`create role ${role} login nosuperuser nobypassrls password ${password}`)
    .catch(async (error: { code?: string }) => {
      if (error.code !== DUPLICATE_OBJECT && error.code !== UNIQUE_VIOLATION) throw error
      await client.query(`alter role ${role} login password ${password}`)
    })
  return appUrl.toString()
}

async function canSignIn(url: string): Promise<boolean> {
  const probe = new pg.Client({ connectionString: url })
  try {
    await probe.connect()
    return true
  } catch {
    return false
  } finally {
    await probe.end().catch(() => {})
  }
}

async function grant(client: pg.Client, role: string): Promise<void> {
  const database = client.escapeIdentifier((await client.query('select current_database() as name')).rows[0].name)
  await client.query(`
    grant connect, create on database ${database} to ${role};
    grant usage on schema public, app to ${role};
    grant select, insert, update, delete on all tables in schema public to ${role};
    revoke insert, update, delete on schema_migrations from ${role};
    grant usage, select on all sequences in schema public to ${role};
    grant execute on all functions in schema app to ${role}`)
}
