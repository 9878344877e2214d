// npm run bench -- NAME …: runs bench/NAME.ts beside engines of its own (fsync on), given to it as DATABASE_ADMIN_URL
// and CLICKHOUSE_URL; what is already set stays.
import { prepare } from './setup.mjs'

await prepare()
const { runBench } = await import('./launcher/bench.ts')
process.exit(await runBench(process.argv.slice(2)))
