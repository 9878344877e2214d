import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../kernel/ids.ts'
import { type Ledger, MINUTE, openLedger, openShop } from './book.fixture.ts'

let ledger: Ledger
let admin: pg.Client
beforeAll(async () => {
  ledger = await openLedger()
  admin = new pg.Client({ connectionString: ledger.database.adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await ledger.close()
})

async function runCli(): Promise<{ code: number; lastLine: string }> {
  const cli = path.join(import.meta.dirname, 'audit-cli.ts')
  const env = { ...process.env, DATABASE_URL: ledger.database.appUrl }
  const { code = 0, stdout } = (await promisify(execFile)(process.execPath, [cli], { env }).catch(
    (error: { code: number; stdout: string }) => error,
  )) as { code?: number; stdout: string }
  return { code, lastLine: stdout.trimEnd().split('\n').at(-1)! }
}

test('PAY-05 a healthy book is balanced', async () => {
  const shop = await openShop(ledger, 10)
  const open = shop.reserve(1, { expiresAt: new Date(ledger.clock.millis() + MINUTE).toISOString() })
  const paid = shop.reserve(3)
  await ledger.apply(shop.group(open, paid), shop.group(shop.post(paid.id, 2)))
  expect(await ledger.audit()).toMatchObject({ balanced: true, deviations: [], openPendings: 1 })
  expect(await runCli()).toEqual({ code: 0, lastLine: 'ledger balanced: 3 accounts, 4 transfers' })
})

test('PAY-05 whatever is tampered with is found and named', async () => {
  const shop = await openShop(ledger, 10)
  const [open, paid, linked] = [shop.reserve(1), shop.reserve(3), shop.reserve(1)]
  await ledger.apply(
    shop.group(open),
    shop.group(paid),
    shop.group(shop.post(paid.id)),
    shop.group(linked, shop.stockIn(1)),
  )
  const where = `where shop_id = '${shop.shopId}'`
  const crimes: Record<string, string[]> = {
    [`update ledger_accounts set credits_posted = credits_posted + 1 ${where} and id = '${shop.available}'`]: [
      'counters',
      'units-balance',
    ],
    [`update ledger_transfers set amount = 2 ${where} and id = '${open.id}'`]: ['counters'],
    [`delete from ledger_transfers ${where} and id = '${linked.id}'`]: ['counters', 'links-whole', 'pendings-once'],
    [`delete from ledger_pendings ${where} and id = '${open.id}'`]: ['pendings-once'],
    [`insert into ledger_pendings (shop_id, id) values ('${shop.shopId}', '${paid.id}')`]: ['pendings-once'],
    [`update ledger_transfers set unit = 'points' ${where} and id = '${open.id}'`]: ['units-match'],
    [`update ledger_transfers set amount = 4 ${where} and pending_id = '${paid.id}'`]: ['counters', 'resolutions'],
    [`update ledger_transfers set debit_account = '${newId()}' ${where} and id = '${open.id}'`]: [
      'counters',
      'units-match',
    ],
    [`alter table ledger_accounts drop constraint ledger_accounts_min;
      update ledger_accounts set min_balance = 50 ${where} and id = '${shop.available}'`]: ['limits'],
  }
  for (const [crime, checks] of Object.entries(crimes)) {
    await admin.query('begin')
    await admin.query(crime)
    const report = await auditWith(admin)
    await admin.query('rollback')
    expect([...new Set(report.map(({ check }) => check))].sort(), crime).toEqual(checks)
    expect(report.every(({ shopId }) => shopId === shop.shopId)).toBe(true)
  }
  await admin.query(
    `update ledger_accounts set credits_posted = credits_posted + 1 ${where} and id = '${shop.available}'`,
  )
  expect(await runCli()).toMatchObject({
    code: 1,
    lastLine: expect.stringContaining('ledger NOT balanced: 2 deviations'),
  })
})

/** The audit inside the superuser's open transaction. */
async function auditWith(client: pg.Client) {
  const { auditLedger } = await import('./audit.ts')
  const { toCamel } = await import('../kernel/rows.ts')
  const report = await auditLedger({
    scope: 'system',
    prepared: async <R>(name: string, text: string, values: readonly unknown[]) =>
      (await client.query({ name, text, values: [...values] })).rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [toCamel(column), value])),
      ) as R[],
  } as Parameters<typeof auditLedger>[0])
  return report.deviations
}
