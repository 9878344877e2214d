import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** Where each tool's program lies: run by this Node directly, without a shell or npm in between. */
const TOOLS: Record<string, [packageName: string, program: string]> = {
  biome: ['@biomejs/biome', 'bin/biome'],
  tsc: ['typescript', 'bin/tsc'],
  vitest: ['vitest', 'vitest.mjs'],
  'playwright-core': ['playwright-core', 'cli.js'],
}

/** Runs a tool of the project with its output on our terminal; resolves to its exit code. */
export function runCommand(tool: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const [packageName, program] = TOOLS[tool]!
  const packageRoot = dirname(createRequire(join(ROOT, 'package.json')).resolve(`${packageName}/package.json`))
  return run(process.execPath, [join(packageRoot, program), ...args], env)
}

/** Runs any program with its output on our terminal; resolves to its exit code (127 when it cannot be started). */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('error', () => done(127))
    child.once('exit', (code) => done(code ?? 1))
  })
}
