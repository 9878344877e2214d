import { totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { Engine } from './clickhouse/engine.ts'
import { createHttpServer } from './clickhouse/http.ts'
import type { ClickHouseReport } from './clickhouse.ts'

/**
 * The process that owns the embedded ClickHouse: one data folder belongs to one process, and a native crash must not
 * take the shop down. It ends when its parent goes away.
 */
const { values } = parseArgs({ options: { data: { type: 'string' }, port: { type: 'string' } } })
if (!values.data || !values.port) throw new Error('usage: clickhouse-server.ts --data=FOLDER --port=PORT')

const report = (message: ClickHouseReport) => process.send?.(message)

function openEngine(path: string): Engine {
  const memoryBytes = Math.floor(Math.max(512 * 2 ** 20, totalmem() / 4))
  return new Engine(path, { selects: 6, inserts: 3, waiting: 256 }, [
    '--implicit_select=0',
    `--max_memory_usage=${memoryBytes}`,
    `--max_bytes_before_external_group_by=${Math.floor(memoryBytes / 2)}`,
    `--max_bytes_before_external_sort=${Math.floor(memoryBytes / 2)}`,
  ])
}

let engine: Engine
try {
  engine = openEngine(values.data)
} catch (error) {
  report({ noEngine: (error as Error).message.split(/\.\s|\n/)[0]! })
  process.disconnect?.()
  process.exit(1)
}

const server = createHttpServer({
  engine,
  version: await engine.version,
  password: process.env.CLICKHOUSE_PASSWORD ?? '',
})

let stopping = false
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  server.close()
  await engine.close(5000)
  process.exit(0)
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
process.on('disconnect', () => void stop())
server.listen(Number(values.port), '127.0.0.1', () => report({ ready: true }))
