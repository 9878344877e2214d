import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const ROOT = resolve(import.meta.dirname, '../..')

export interface LaunchOptions {
  dataDir: string
  host: string
  port: number
  roles: string
}

/** Reads `.env` in the repository's root; variables that are already set win. */
export function loadEnvFile(): void {
  const file = join(ROOT, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

/** What to start, from the command line and the environment. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): LaunchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string' }, host: { type: 'string' }, role: { type: 'string' }, data: { type: 'string' } },
  })
  return {
    dataDir: resolve(ROOT, values.data ?? (env.ZHANGGUI_DATA || '.data')),
    host: values.host ?? (env.HOST || '127.0.0.1'),
    port: Number(values.port ?? (env.PORT || 8080)),
    roles: values.role ?? (env.ROLES || 'all'),
  }
}
