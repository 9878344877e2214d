/** `npm run audit:ledger`: proves that every book balances; exit code 1 when one does not, 2 when it cannot look. */
import { Db } from '../kernel/db.ts'
import { runningDatabaseUrl } from '../kernel/running-database.ts'
import { type AuditReport, auditLedger } from './audit.ts'

const STATEMENT_TIMEOUT_MS = 10 * 60_000

function print(report: AuditReport): void {
  table(
    ['unit', 'shops', 'units', 'accounts', 'debits posted', 'credits posted', 'debits pending', 'credits pending'],
    report.units.map((row) => [
      row.family,
      row.shops,
      row.units,
      row.accounts,
      row.debitsPosted,
      row.creditsPosted,
      row.debitsPending,
      row.creditsPending,
    ]),
  )
  console.log()
  for (const { title, found } of report.checks) console.log(`${found === 0 ? 'ok  ' : 'FAIL'}  ${title}`)
  console.log()
  for (const { check, shopId, subject, detail } of report.deviations)
    console.log(`${check}  shop ${shopId}  ${subject}  ${detail}`)
  const size = `${report.accounts} accounts, ${report.transfers} transfers`
  console.log(
    report.balanced
      ? `ledger balanced: ${size}`
      : `ledger NOT balanced: ${report.deviations.length} deviations in ${size}`,
  )
}

function table(head: string[], rows: (string | number)[][]): void {
  const all = [head, ...rows.map((row) => row.map(String))]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  for (const row of all)
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
}

async function main(): Promise<void> {
  const db = new Db({ url: await runningDatabaseUrl(), maxConnections: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
  try {
    const report = await db.read('system', auditLedger)
    print(report)
    process.exitCode = report.balanced ? 0 : 1
  } finally {
    await db.close()
  }
}

main().catch((error: Error) => {
  console.error(error.message || error)
  process.exitCode = 2
})
