// npm test [-- types|lint|unit|integration|web|mini …] [-t name | file …]
import { prepare } from './setup.mjs'

await prepare()
const { runTests } = await import('./testing/run.ts')
process.exitCode = await runTests(process.argv.slice(2))
