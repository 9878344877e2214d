import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const FILE = 'tests/faults.int.test.ts'
const NAMES = {
  'postgres-killed': 'the postmaster is killed under load and started again on its data',
  'api-killed': 'the program is killed under load and started again',
  'api-stopped': 'the program is told to stop under load, finishes or refuses what it accepted, and is started again',
  'event-loop-stall': 'the program stands still for five seconds',
  'pool-exhausted': 'every database connection is held for eight seconds',
  'clock-jumps': 'the clock goes an hour ahead and back',
  'disk-full':
    'the disk under PostgreSQL is full for three seconds (Linux, as root: a small disk of its own is mounted)',
  'redis-gone': 'Redis is killed and comes back empty (needs redis-server)',
  'clickhouse-gone': 'the store of events is killed and started again: it learns of every order',
}

/**
 * Runs one drill of `tests/faults.int.test.ts` on engines with fsync on and prints what it found, as a table and as one
 * line of JSON at the end. Answers the exit code: 0 when everything held.
 */
export async function runDrill(name: string | undefined): Promise<number> {
  if (name === undefined || !Object.hasOwn(NAMES, name)) {
    console.log('用法 usage: npm run drill -- NAME\n')
    for (const [each, what] of Object.entries(NAMES)) console.log(`${each.padEnd(18)} ${what}`)
    return name === undefined ? 0 : 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-drill-report-'))
  const file = join(folder, 'report.json')
  try {
    const env = { ...process.env, DRILL: name, DRILL_REPORT: file, TEST_FSYNC: '1' }
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', '--project', 'integration', FILE], {
      ...{ env, cwd: ROOT, stdio: 'inherit' },
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    return print(file, code ?? 1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function print(file: string, code: number): number {
  let report: { notNow: Record<string, number>; wrong: string[] } & Record<string, unknown>
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    console.error('The drill ended before it could report.')
    return 1
  }
  const { notNow, wrong, ...counts } = report
  console.table(counts)
  console.log('Asked to come back:', notNow)
  for (const sentence of wrong) console.log(sentence)
  console.log(JSON.stringify({ ...counts, notNow, wrong: wrong.length }))
  return code
}
