/**
 * `npm run rotate-keys`: seals everything anew that is not under the newest key of SECRET_KEY, while the program runs;
 * it can be stopped and started again. Exit code 1 when something is left under an older key. Reads the same environment
 * as the server.
 */
import { prepareDatabase } from './database.ts'
import { readConfig, secretKeys } from './kernel/config.ts'
import { createVault } from './kernel/crypto.ts'
import { Db } from './kernel/db.ts'
import { rotateKeys } from './kernel/rotate-keys.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'

async function main(): Promise<void> {
  const config = await prepareDatabase(readConfig(process.env), () => {})
  const db = new Db({ url: config.DATABASE_URL, maxConnections: 1 })
  try {
    const report = await rotateKeys(db, createVault(secretKeys(config)), SEALED_COLUMNS)
    for (const { table, column, resealed, left, refused } of report)
      console.log(
        `${left === 0 ? 'ok  ' : 'LEFT'}  ${table}.${column}  ${resealed} sealed anew, ${left} left${refused.length > 0 ? `, cannot be opened: ${refused.join(' ')}` : ''}`,
      )
    const left = report.reduce((sum, row) => sum + row.left, 0)
    console.log(left === 0 ? 'everything is under the newest key' : `${left} texts are under older keys`)
    process.exitCode = left === 0 ? 0 : 1
  } finally {
    await db.close()
  }
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
