// npm run bench -- NAME …: runs bench/NAME.ts, which prepares the engines it needs.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, ROOT } from './setup.mjs'

await prepare()
const [name, ...rest] = process.argv.slice(2)
const file = join(ROOT, 'bench', `${name}.ts`)
if (!name || !/^[\w-]+$/.test(name) || !existsSync(file)) {
  const names = readdirSync(join(ROOT, 'bench'))
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => entry.slice(0, -3))
  console.error(`用法 usage: npm run bench -- NAME\n可用 available: ${names.sort().join(', ') || '(none yet)'}`)
  process.exit(1)
}
const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...rest], {
  stdio: 'inherit',
  cwd: ROOT,
})
process.exit(status ?? 1)
