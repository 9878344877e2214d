import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createApp } from './app.ts'
import { readConfig } from './kernel/config.ts'
import { createLogger } from './kernel/log.ts'
import { migrate } from './kernel/migrate.ts'

const roleFlag = process.argv.find((argument) => argument.startsWith('--role='))
const config = readConfig({
  ...process.env,
  ...(roleFlag === undefined ? {} : { ROLES: roleFlag.slice('--role='.length) }),
})
const log = createLogger({ level: config.LOG_LEVEL, base: { roles: config.ROLES.join(',') } })

process.on('unhandledRejection', (error) => {
  log.fatal({ err: error }, 'unhandled rejection')
  process.exit(1)
})

if (config.DATABASE_ADMIN_URL) {
  const appPassword = decodeURIComponent(new URL(config.DATABASE_URL).password)
  const { applied } = await migrate({
    adminUrl: config.DATABASE_ADMIN_URL,
    appPassword,
    log: (message) => log.info(message),
  })
  if (applied.length > 0) log.info({ count: applied.length }, 'database migrated')
}
const app = await createApp(config, { log })
let isStopping = false
const stop = async (signal: string): Promise<void> => {
  if (isStopping) return
  isStopping = true
  log.info({ signal }, 'stopping')
  try {
    await app.close()
    process.exit(0)
  } catch (error) {
    log.error({ err: error }, 'did not stop cleanly')
    process.exit(1)
  }
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
await app.start()
await writeFile(
  path.join(config.DATA_DIR, 'run.json'),
  JSON.stringify({
    databaseUrl: config.DATABASE_URL,
    url: config.publicUrl,
    simulatorUrl: config.WECHAT_SIMULATOR_URL,
  }),
  { mode: 0o600 },
).catch((error: unknown) => log.warn({ err: error }, 'the note about this run could not be written'))
