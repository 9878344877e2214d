import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ROOT, runCommand } from './command.ts'

export interface StageResult {
  name: string
  durationMs: number
  passed: number
  failed: number
  /** Titles of the tests that did not run. */
  skipped: string[]
  /** The files that took longest, the longest first. */
  slowest?: { file: string; seconds: number }[]
}

/** What we read of vitest's JSON report. */
interface Report {
  success: boolean
  testResults: {
    name: string
    status: string
    /** Milliseconds since 1970. */
    startTime: number
    endTime: number
    assertionResults: { status: string; fullName: string }[]
  }[]
}

/** Whether the repository has browser tests at all. */
export function hasBrowserTests(): boolean {
  return globSync('tests/**/*.web.test.ts', { cwd: ROOT }).length > 0
}

/** Runs one project of vitest.config.ts; failures are printed by vitest, the counts come from its JSON report. */
export async function vitestStage(
  project: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Omit<StageResult, 'name' | 'durationMs'>> {
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-report-'))
  const file = join(folder, 'report.json')
  try {
    const flags = [
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]
    const code = await runCommand('vitest', ['run', ...flags, ...args], env)
    return count(readReport(file), code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null
  }
}

/** A file that could not even be loaded counts as one failed test; so does a run that ended badly by itself. */
function count(report: Report | null, code: number): Omit<StageResult, 'name' | 'durationMs'> {
  let passed = 0
  let failed = 0
  const skipped: string[] = []
  for (const file of report?.testResults ?? []) {
    const failedBefore = failed
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++
      else if (test.status === 'failed') failed++
      else skipped.push(`${test.fullName.trim()} (${relative(ROOT, file.name)})`)
    }
    if (file.status === 'failed' && failed === failedBefore) failed++
  }
  if (code !== 0 && failed === 0) {
    console.log(
      report
        ? 'vitest 报告了测试之外的错误。 vitest reported an error outside of any test.'
        : `vitest 异常退出(${code})。 vitest ended without a report (${code}).`,
    )
    failed++
  }
  return { passed, failed, skipped, slowest: slowestOf(report) }
}

const SLOWEST = 40

function slowestOf(report: Report | null): { file: string; seconds: number }[] {
  const files = report?.testResults ?? []
  return files
    .map(({ name, startTime, endTime }) => ({ file: relative(ROOT, name), seconds: (endTime - startTime) / 1000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
}
