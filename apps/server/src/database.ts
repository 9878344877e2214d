import { type Config, secretKeys } from './kernel/config.ts'
import { createVault } from './kernel/crypto.ts'
import { DEFAULT_APP_ROLE, migrate } from './kernel/migrate.ts'

/**
 * Brings the database up to date and answers the configuration with the URL to work with, as a role that row-level
 * security binds.
 * - `DATABASE_ADMIN_URL` and `DATABASE_URL`: the first migrates, the second is the application's own role.
 * - `DATABASE_URL` alone, of an owner: it migrates, and a role of its own is made for the program.
 * - `DATABASE_URL` alone, of an application role: another process migrates; this one only works.
 */
export async function prepareDatabase(config: Config, log: (message: string) => void): Promise<Config> {
  const url = new URL(config.DATABASE_URL)
  const isAppRole = url.username === DEFAULT_APP_ROLE || url.username.endsWith('_app')
  if (config.DATABASE_ADMIN_URL) {
    if (url.username === new URL(config.DATABASE_ADMIN_URL).username)
      return withOwnRole(config, config.DATABASE_ADMIN_URL, log)
    await migrate({
      adminUrl: config.DATABASE_ADMIN_URL,
      appRole: decodeURIComponent(url.username),
      appPassword: decodeURIComponent(url.password),
      log,
    })
    return config
  }
  return isAppRole ? config : withOwnRole(config, config.DATABASE_URL, log)
}

/** A role named after the database, so that installations on one server do not share it. */
async function withOwnRole(config: Config, adminUrl: string, log: (message: string) => void): Promise<Config> {
  const database = new URL(adminUrl).pathname
    .slice(1)
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
  const appPassword = createVault(secretKeys(config)).hmac('database-password', database)
  const { appUrl } = await migrate({ adminUrl, appRole: `${database}_app`, appPassword, log })
  return { ...config, DATABASE_URL: appUrl }
}
