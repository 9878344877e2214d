import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createApp } from './app.ts'
import { prepareDatabase } from './database.ts'
import { LaggingClock, systemClock } from './kernel/clock.ts'
import { readConfig } from './kernel/config.ts'
import { createLogger } from './kernel/log.ts'

/** A start that fails says why in one sentence, not in a stack. */
function giveUp(error: Error): never {
  console.error(error.message)
  log.debug({ err: error }, 'the start failed')
  process.exit(1)
}

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

const clock = config.ZHANGGUI_DEMO ? new LaggingClock() : systemClock
const app = await createApp(await prepareDatabase(config, (message) => log.info(message)), { log, clock }).catch(giveUp)
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
    databaseUrl: app.config.DATABASE_URL,
    url: config.publicUrl,
    simulatorUrl: config.WECHAT_SIMULATOR_URL,
  }),
  { mode: 0o600 },
).catch((error: unknown) => log.warn({ err: error }, 'the note about this run could not be written'))
