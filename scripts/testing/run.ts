import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '../../packages/engines/src/index.ts'
import { ensureChromium } from './chromium.ts'
import { ROOT, runCommand } from './command.ts'
import { hasBrowserTests, type StageResult, vitestStage } from './vitest.ts'

const STAGES = ['types', 'lint', 'unit', 'integration', 'web', 'mini'] as const
type StageName = (typeof STAGES)[number]

/**
 * Runs every check in order and prints a summary whose last line is `N passed, N failed` (`, N skipped` if any).
 * Type check and lint count as one test each. Arguments: names of stages, and what to hand to vitest.
 * @returns the exit code: 0 only when something ran and nothing failed
 */
export async function runTests(args: readonly string[]): Promise<number> {
  const { stages, passed } = readArguments(args)
  const results: StageResult[] = []
  if (stages.includes('mini')) void (await import('./mini.ts')).installMini().catch(() => false)
  for (const stage of stages) {
    console.log(`\n── ${TITLES[stage]} ──`)
    const startedAt = performance.now()
    const result = await runStage(stage, passed).catch(stageCrashed)
    results.push({ ...result, name: stage, durationMs: performance.now() - startedAt })
  }
  return summarise(results, passed.length > 0)
}

const TITLES: Record<StageName, string> = {
  types: '类型检查 type check',
  lint: '代码规范 lint',
  unit: '单元测试 unit tests',
  integration: '集成测试 integration tests',
  web: '浏览器测试 browser tests',
  mini: '小程序测试 mini program tests',
}

function readArguments(args: readonly string[]): { stages: readonly StageName[]; passed: string[] } {
  const isStage = (arg: string): arg is StageName => (STAGES as readonly string[]).includes(arg)
  const firstOther = args.findIndex((arg) => !isStage(arg))
  const named = (firstOther === -1 ? args : args.slice(0, firstOther)).filter(isStage)
  const passed = firstOther === -1 ? [] : args.slice(firstOther)
  if (named.length > 0) return { stages: named, passed }
  if (passed.length === 0) return { stages: STAGES, passed }
  // A filter means tests only; the mini program is built first, which only its own tests are worth.
  const isMini = passed.some((arg) => arg.includes('mini'))
  return { stages: isMini ? ['unit', 'integration', 'web', 'mini'] : ['unit', 'integration', 'web'], passed }
}

async function runStage(stage: StageName, passed: string[]): Promise<Omit<StageResult, 'name' | 'durationMs'>> {
  if (stage === 'types') return oneTest(await typeCheck())
  if (stage === 'lint') return oneTest((await runCommand('biome', ['check', '--diagnostic-level=error'])) === 0)
  if (stage === 'mini') return (await import('./mini.ts')).miniStage(passed)
  if (stage === 'unit') return vitestStage(stage, passed)
  if (stage === 'web' && !hasBrowserTests()) {
    console.log('还没有浏览器测试。 There are no browser tests yet.')
    return { passed: 0, failed: 0, skipped: [] }
  }
  // The server serves what was built: never what an earlier version of the sources left behind.
  const { buildFrontEnds } = await import('../launcher/front-ends.ts')
  await buildFrontEnds(ROOT, console.log)
  if (stage === 'integration') return vitestStage(stage, passed)
  const chromiumPath = await ensureChromium()
  return vitestStage(stage, passed, { CHROMIUM_PATH: chromiumPath })
}

/** A stage that could not run at all (a build that fails, no browser to be had) is a failure, and the rest goes on. */
function stageCrashed(error: unknown): Omit<StageResult, 'name' | 'durationMs'> {
  console.error(error instanceof EngineError ? `${error.zh}\n${error.en}` : error)
  return { passed: 0, failed: 1, skipped: [] }
}

function oneTest(ok: boolean): Omit<StageResult, 'name' | 'durationMs'> {
  console.log(ok ? '✓' : '✗')
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] }
}

/** A file that takes less is not worth a line. */
const SLOW_SECONDS = 5

const PROJECTS = ['.', 'apps/console', 'apps/storefront', 'packages/tracker']

/**
 * Each TypeScript project that exists, side by side; all of them run, so that one look shows every error. One checker
 * each: several would reckon the same types of the contract anew, for twice the work.
 */
async function typeCheck(): Promise<boolean> {
  const projects = PROJECTS.filter((project) => existsSync(join(ROOT, project, 'tsconfig.json')))
  const codes = await Promise.all(
    projects.map((project) => runCommand('tsc', ['-p', project, '--noEmit', '--checkers', '1'])),
  )
  return codes.every((code) => code === 0)
}

function summarise(results: readonly StageResult[], isFiltered: boolean): number {
  const total = { passed: 0, failed: 0, skipped: 0 }
  const skipped = isFiltered ? [] : results.flatMap((result) => result.skipped)
  console.log('\n── 结果 summary ──')
  for (const result of results) {
    total.passed += result.passed
    total.failed += result.failed
    total.skipped += isFiltered ? 0 : result.skipped.length
    const seconds = (result.durationMs / 1000).toFixed(1).padStart(7)
    const counts = `${result.passed} passed, ${result.failed} failed`
    console.log(`${result.name.padEnd(12)} ${seconds} s   ${counts}`)
  }
  printSlowest(results)
  if (skipped.length > 0) console.log(`\n跳过 skipped:\n${skipped.map((title) => `  - ${title}`).join('\n')}`)
  if (total.passed + total.failed === 0) console.log('\n没有任何测试运行。 No test ran.')
  console.log(
    `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
  )
  return total.failed > 0 || total.passed === 0 ? 1 : 0
}

/** What the time of a run goes into: the first thing to look at when it grows. */
function printSlowest(results: readonly StageResult[]): void {
  const files = results.flatMap(({ slowest = [] }) => slowest).toSorted((a, b) => b.seconds - a.seconds)
  const worth = files.filter(({ seconds }) => seconds >= SLOW_SECONDS)
  if (worth.length === 0) return
  console.log('\n最慢的文件 slowest files:')
  for (const { file, seconds } of worth) console.log(`${seconds.toFixed(1).padStart(7)} s   ${file}`)
}
