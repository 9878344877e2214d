import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor, startClickHouse, startPostgres } from '../../packages/engines/src/index.ts'
import { ROOT } from './options.ts'

const FOLDER = join(ROOT, 'bench')

/** Runs one benchmark in a process of its own, with durable, empty engines that are deleted afterwards. */
export async function runBench(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  const file = join(FOLDER, `${name}.ts`)
  if (!name || !/^[\w-]+$/.test(name) || !existsSync(file)) {
    const names = benchNames().join(', ') || '(还没有 none yet)'
    console.error(`用法 usage: npm run bench -- NAME\n可用 available: ${names}`)
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-bench-'))
  const supervisor = createSupervisor()
  try {
    const env = { ...process.env }
    if (!env.DATABASE_ADMIN_URL) {
      const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => {} })
      supervisor.add({ name: 'postgres', ended: postgres.ended, stop: () => postgres.stop() })
      env.DATABASE_ADMIN_URL = postgres.adminUrl
    }
    if (!env.CLICKHOUSE_URL) {
      const clickhouse = await startClickHouse({ dataDir: join(folder, 'clickhouse'), log: () => {} })
      if (clickhouse.unavailable === undefined) {
        supervisor.add({ name: 'clickhouse', ended: clickhouse.ended, stop: () => clickhouse.stop() })
        env.CLICKHOUSE_URL = clickhouse.url
      }
    }
    return await runProgram([file, ...rest], env)
  } finally {
    await supervisor.stopAll()
    rmSync(folder, { recursive: true, force: true })
  }
}

function benchNames(): string[] {
  if (!existsSync(FOLDER)) return []
  const files = readdirSync(FOLDER).filter((entry) => entry.endsWith('.ts') && !entry.endsWith('.test.ts'))
  return files.map((entry) => entry.slice(0, -'.ts'.length)).sort()
}

function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const flags = ['--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, ...args], { env, cwd: ROOT, stdio: 'inherit' })
  // Ctrl-C reaches the benchmark too; we wait for it and clean up.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)))
}
