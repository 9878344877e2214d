import { createClickHouse, migrateClickHouse } from './kernel/clickhouse.ts'
import { createInsertBuffer } from './kernel/clickhouse-buffer.ts'
import type { Config } from './kernel/config.ts'
import type { Db } from './kernel/db.ts'
import type { Health } from './kernel/health.ts'
import type { Logger } from './kernel/log.ts'
import type { EventStore } from './modules/analytics/index.ts'

const BEHAVIOUR = 'raw_behaviour_events'
const MIGRATE_AGAIN_MS = 10_000

export interface OpenedStore {
  eventStore: EventStore
  /** Writes what is still buffered, then lets go. */
  close(): Promise<void>
}

/**
 * The event store that the configuration names. The shop sells without it: a store that does not answer is tried
 * again for ever, and until then behaviour waits in memory and domain events in the outbox.
 */
export async function openEventStore(config: Config, db: Db, health: Health, log: Logger): Promise<OpenedStore> {
  const { clickhouse, reason } = createClickHouse(config)
  if (clickhouse === undefined) return { eventStore: withoutStore(reason), close: async () => {} }
  let again: NodeJS.Timeout | undefined
  let isClosed = false
  const migrate = async (): Promise<void> => {
    try {
      const applied = await migrateClickHouse(clickhouse, db)
      if (applied.length > 0) log.info({ applied }, 'the event store was migrated')
    } catch (error) {
      log.warn({ err: error }, 'the event store is not ready; trying again')
      if (!isClosed) again = setTimeout(() => void migrate(), MIGRATE_AGAIN_MS)
    }
  }
  await migrate()
  health.add('clickhouse', () => clickhouse.ping(), { required: false })
  const behaviour = createInsertBuffer(clickhouse, {
    table: BEHAVIOUR,
    onError: (error) => log.warn({ err: error }, 'behaviour events wait for the event store'),
  })
  return {
    eventStore: {
      unavailableReason: null,
      insert: (table, rows) => clickhouse.insert(table, rows),
      bufferBehaviour: (rows) => behaviour.add(rows),
      flush: () => behaviour.flush(),
      query: (text, params) => clickhouse.query(text, params),
      command: (text) => clickhouse.command(text),
    },
    async close() {
      isClosed = true
      clearTimeout(again)
      const lost = await behaviour.close()
      if (lost > 0) log.error({ lost }, 'behaviour events were lost: the event store did not take them before the stop')
      await clickhouse.close()
    },
  }
}

function withoutStore(reason: string): EventStore {
  return {
    unavailableReason: reason,
    insert: async () => {
      throw new Error(reason)
    },
    bufferBehaviour: () => false,
    flush: async () => {},
    query: async () => {
      throw new Error(reason)
    },
    command: async () => {
      throw new Error(reason)
    },
  }
}
