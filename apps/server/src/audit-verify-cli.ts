/**
 * `npm run audit:verify`: recomputes the chain of every audit trail, shops' and the platform's; exit code 1 when a row
 * was changed, removed or put between, 2 when it cannot look.
 */
import { verifyAllTrails } from './kernel/audit.ts'
import { Db } from './kernel/db.ts'
import { runningDatabaseUrl } from './kernel/running-database.ts'

const STATEMENT_TIMEOUT_MS = 10 * 60_000

async function main(): Promise<void> {
  const db = new Db({ url: await runningDatabaseUrl(), maxConnections: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
  try {
    const trails = await db.read('system', verifyAllTrails)
    for (const { shopId, ok, checked, brokenAt, reason } of trails)
      console.log(ok ? `ok    ${shopId}  ${checked} rows` : `FAIL  ${shopId}  row ${brokenAt}: ${reason}`)
    const broken = trails.filter(({ ok }) => !ok).length
    const rows = trails.reduce((sum, { checked }) => sum + checked, 0)
    console.log(
      broken === 0 ? `${trails.length} trails whole, ${rows} rows` : `${broken} of ${trails.length} trails are broken`,
    )
    process.exitCode = broken === 0 ? 0 : 1
  } finally {
    await db.close()
  }
}

main().catch((error: Error) => {
  console.error(error.message || error)
  process.exitCode = 2
})
