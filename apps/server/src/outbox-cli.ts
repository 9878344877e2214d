/**
 * `npm run outbox` lists events that a subscriber could not handle and that wait for a person;
 * `npm run outbox -- replay SUBSCRIBER` hands them over again, oldest first. Reads the same environment as the server.
 */
import { createApp } from './app.ts'
import { prepareDatabase } from './database.ts'
import { readConfig } from './kernel/config.ts'
import { createLogger } from './kernel/log.ts'
import { listParked } from './kernel/outbox-relay.ts'

const MOST = 200

async function main(): Promise<void> {
  const [action = 'list', subscriber] = process.argv.slice(2)
  const config = readConfig(process.env)
  const app = await createApp(await prepareDatabase(config, () => {}), { log: createLogger({ level: 'warn' }) })
  try {
    if (action === 'replay' && subscriber !== undefined) {
      console.log(`${await app.relay.replayParked(subscriber)} events handled`)
      return
    }
    const parked = await app.db.read('system', (tx) => listParked(tx, { limit: MOST }))
    for (const event of parked) console.log(JSON.stringify(event))
    console.log(`${parked.length} events parked${parked.length === MOST ? ' (the first of more)' : ''}`)
  } finally {
    await app.close()
  }
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
