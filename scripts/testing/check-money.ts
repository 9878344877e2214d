import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const DEFAULTS = { orders: 2_000, kills: 20 } as const
const FILE = 'tests/check-money.int.test.ts'

/**
 * Runs the check of `tests/check-money.int.test.ts` with many orders and prints its counts, as a table and as one line
 * of JSON at the end. Answers the exit code: 0 when nothing is wrong.
 */
export async function runMoneyCheck(args: readonly string[]): Promise<number> {
  const [orders = DEFAULTS.orders, kills = DEFAULTS.kills, seed = Date.now() % 1_000_000_000] = args.map(Number)
  if (![orders, kills, seed].every((each) => Number.isSafeInteger(each) && each >= 0) || orders < 1) {
    console.error('用法 usage: npm run check:money -- [orders] [kills] [seed]')
    return 1
  }
  console.log(`${orders} orders, ${kills} kills, seed ${seed}: npm run check:money -- ${orders} ${kills} ${seed}\n`)
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-check-money-'))
  const file = join(folder, 'report.json')
  const startedAt = Date.now()
  try {
    const env = {
      ...process.env,
      ...{ CHECK_MONEY_ORDERS: String(orders), CHECK_MONEY_KILLS: String(kills), CHECK_MONEY_SEED: String(seed) },
      CHECK_MONEY_REPORT: file,
    }
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', '--project', 'integration', FILE], {
      ...{ env, cwd: ROOT, stdio: 'inherit' },
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    return print(file, Math.round((Date.now() - startedAt) / 1000), code ?? 1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function print(file: string, seconds: number, code: number): number {
  let report: Record<string, unknown> & { wrong: string[] }
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    console.error('The check ended before it could report.')
    return 1
  }
  const { wrong, ...counts } = report
  console.table({ ...counts, seconds })
  for (const sentence of wrong) console.log(sentence)
  console.log(JSON.stringify(counts))
  return code
}
