import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVault } from '../apps/server/src/kernel/crypto.ts'
import { sql } from '../apps/server/src/kernel/db.ts'
import { type RotatedColumn, rotateKeys } from '../apps/server/src/kernel/rotate-keys.ts'
import { SEALED_COLUMNS } from '../apps/server/src/sealed-columns.ts'
import {
  ADDRESS,
  agreeToTexts,
  PASSWORD,
  startTestApp,
  type TestApp,
  type TestBuyer,
  type TestShop,
} from './support/app.ts'
import { leaveDeliveryTraces } from './support/delivery-traces.ts'
import { newKey } from './support/http.ts'
import { addParty, leaveShareTraces, openidOf, owe } from './support/sharing.ts'

/** Nobody else has these: wherever one turns up, it was leaked. */
const PLANTED = {
  idNumber: '110105199003077532',
  phone: '13765432109',
  realName: '欧阳锁匠',
  openid: 'oPayout_9f8e7d6c5b4a',
  appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
}
const OLD = randomBytes(32).toString('hex')
const NEW = randomBytes(32).toString('hex')

let app: TestApp
let shop: TestShop
let buyer: TestBuyer
let skuId: string
let partyId: string
let totpSecret: string
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false, env: { SECRET_KEY: OLD } })
  shop = await app.openTestShop()
  const params = { shopId: shop.shopId }
  buyer = await app.buyer(app.sim.people.create({ name: PLANTED.realName, phone: PLANTED.phone }).id)
  await buyer.call('buyer.bindPhone', { body: { code: app.sim.people.phoneCode(buyer.person) } })
  await buyer.call('buyer.updateProfile', { body: { birthday: '1990-03-07' } })
  await buyer.call('buyer.createAddress', { body: ADDRESS })
  skuId = (await app.product(shop)).skuIds[0]!
  await app.order(buyer, shop.shopId, [[skuId, 1]])
  const { id: accountId } = await shop.owner.call('console.createChannelAccount', {
    params,
    body: { kind: 'mini-program', name: '小程序' },
  })
  await shop.owner.call('console.setAccountCredentials', {
    params: { ...params, accountId },
    body: { values: { appId: 'wx0123456789abcdef', appSecret: PLANTED.appSecret } },
  })
  const { realName, phone, idNumber } = PLANTED
  const party = await shop.owner.call('console.createParty', {
    params,
    body: { kind: 'creator', legal: 'person', name: '带货人', realName, phone, idNumber },
  })
  partyId = party.id
  await shop.owner.call('console.setPartyAccount', {
    params: { ...params, partyId },
    body: { account: { kind: 'openid', value: PLANTED.openid }, version: party.version },
  })
  await agreeToTexts(buyer, shop.shopId)
  await shop.owner.call('console.setPayoutAccount', {
    params,
    body: { buyerId: buyer.buyerId, realName, version: 0 },
  })
  await sealElsewhere()
  totpSecret = (await shop.owner.call('staff.totpStart', { body: { password: PASSWORD } })).secret
  // Mistakes end in logs more often than successes.
  const asked = [
    [`/api/console/shops/${shop.shopId}/parties`, { kind: 'nonsense', ...PLANTED }],
    [
      `/api/console/shops/${shop.shopId}/accounts/${accountId}/credentials`,
      { values: { nonsense: PLANTED.appSecret } },
    ],
    ['/api/staff/me/step-up', { purpose: 'staff', proof: { means: 'password', password: [PASSWORD] } }],
  ] as const
  for (const [path, body] of asked)
    for (const method of ['POST', 'PUT']) answers.push((await shop.owner.ask(path, { method, body })).text)
})
afterAll(() => app?.close())

/** A sealed text in the tables that an ordinary purchase does not come to. */
async function sealElsewhere(): Promise<void> {
  const params = { shopId: shop.shopId }
  app.sim.topUp(10_000_000)
  await leaveDeliveryTraces(app, shop, buyer)
  await leaveShareTraces(app, shop, buyer)
  await buyer.call('buyer.copyOwnData')
  const account = { kind: 'openid', value: openidOf(app, buyer.person) } as const
  const party = await addParty(shop, { account, realName: PLANTED.realName })
  await owe(app, shop, party.id, 5_000)
  await buyer.call('buyer.withdrawShare', {
    params: { ...params, partyId: party.id },
    idempotencyKey: newKey(),
    body: { amountFen: 2_000 },
  })
  const order = await app.order(buyer, shop.shopId, [[skuId, 1]])
  await app.pay(buyer, order)
  await app.settle()
  const [template] = (await shop.owner.call('console.freightTemplates', { params })).items
  const free = { firstUnits: 1, firstFen: 0, moreUnits: 1, moreFen: 0 }
  await shop.owner.call('console.updateFreightTemplate', {
    params: { ...params, templateId: template!.id },
    body: {
      ...{ name: template!.name, isDefault: true, basis: 'piece', version: template!.version },
      rules: [
        { ...free, provinces: [] },
        { ...free, provinces: ['西藏自治区'], firstFen: 1800 },
      ],
    },
  })
  const address = { ...ADDRESS, province: '西藏自治区', city: '拉萨市', district: '城关区' }
  await buyer.call('orders.changeAddress', { params: { ...params, orderId: order.orderId }, body: { address } })
}
const answers: string[] = []

/** Every text of every row of every table, with where it stands. */
async function* everyRow(): AsyncGenerator<{ table: string; row: string }> {
  const client = new pg.Client({ connectionString: app.database.adminUrl })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`)
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
      for (const { row } of rows) yield { table: name, row }
    }
  } finally {
    await client.end()
  }
}

test('ACC-08 no row of any table, no log line and no error answer has a secret or payout account in it', async () => {
  const secrets = [...Object.values(PLANTED), totpSecret, PASSWORD, OLD]
  const cookie = shop.owner.cookies.get('zg_staff')!
  const found: string[] = []
  for await (const { table, row } of everyRow())
    for (const secret of [...secrets, cookie, buyer.token]) if (row.includes(secret)) found.push(`${table}: ${secret}`)
  expect(found).toEqual([])
  const said = app.logs.join('')
  expect(app.logs.length).toBeGreaterThan(20)
  for (const secret of [...secrets, cookie, buyer.token]) expect(said).not.toContain(secret)
  for (const secret of [...secrets, cookie]) for (const text of answers) expect(text).not.toContain(secret)
})

test('ACC-08 every sealed column is known to the command that rotates keys', async () => {
  const found = await app.app.db.read('system', (tx) =>
    tx.rows<{ name: string }>(sql`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and (column_name = 'sealed' or column_name like '%\\_sealed' or column_name like '%\\_cipher')`),
  )
  const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)
  expect(found.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([])
  expect(found.length).toBeGreaterThan(10)
})

const idOf = (key: string) => createVault(key).encrypt('').split('.').slice(0, 2).join('.')
const textsUnder = async (key: string): Promise<string[]> => {
  const found: string[] = []
  for await (const { table, row } of everyRow()) if (row.includes(`${idOf(key)}.`)) found.push(table)
  return found
}
const sum = (report: RotatedColumn[], part: 'resealed' | 'left') => report.reduce((all, row) => all + row[part], 0)

test('ACC-08 keys are rotated while orders come in: stopped and begun again, nothing is left under the old one', async () => {
  // A process that has not been started anew yet can read what one with the new key writes.
  const between = createVault([OLD, NEW, OLD])
  const vault = createVault([NEW, OLD])
  expect(between.decrypt(vault.encrypt('x', 'y'), 'y')).toBe('x')
  expect([between.phoneIndex(PLANTED.phone), vault.phoneIndex(PLANTED.phone)]).toEqual(
    Array(2).fill(createVault(OLD).phoneIndex(PLANTED.phone)),
  )
  const tables = (await textsUnder(OLD)).map((name) => name.replace('public.', ''))
  expect(SEALED_COLUMNS.map(({ table }) => table).filter((table) => !tables.includes(table))).toEqual([])
  await expect(
    rotateKeys(app.app.db, vault, SEALED_COLUMNS, (column) => {
      if (column.table === 'parties') throw new Error('stopped')
    }),
  ).rejects.toThrow('stopped')
  const [report] = await Promise.all([
    rotateKeys(app.app.db, vault, SEALED_COLUMNS),
    app.order(buyer, shop.shopId, [[skuId, 1]]).catch(() => {}),
  ])
  expect(report.flatMap((row) => row.refused)).toEqual([])
  // What the old process wrote meanwhile is taken along by the next run.
  const last = await rotateKeys(app.app.db, vault, SEALED_COLUMNS)
  expect([sum(last, 'left'), await textsUnder(OLD)]).toEqual([0, []])
  expect(sum(await rotateKeys(app.app.db, vault, SEALED_COLUMNS), 'resealed')).toBe(0)
  const opened = await app.app.db.read('system', (tx) =>
    tx.one<{ account: string; phone: string }>(sql`
      select p.account_sealed as account, b.phone_cipher as phone from parties p, buyers b
      where p.id = ${partyId} and b.buyer_id = ${buyer.buyerId}`),
  )
  // Without the old key, as when it was taken away.
  const alone = createVault(NEW)
  expect([
    alone.decrypt(opened.account, `party-account:${shop.shopId}:${partyId}`),
    alone.decrypt(opened.phone),
  ]).toEqual([PLANTED.openid, PLANTED.phone])
})

test('ACC-08 a text that cannot be opened is left as it is and named', async () => {
  const other = createVault([randomBytes(32).toString('hex')])
  const sealed = other.encrypt('lost', `party-account:${shop.shopId}:${partyId}`)
  await app.app.db.tx('system', (tx) =>
    tx.exec(sql`update parties set account_sealed = ${sealed} where id = ${partyId}`),
  )
  const report = await rotateKeys(app.app.db, createVault([NEW, OLD]), SEALED_COLUMNS)
  expect(report.filter((row) => row.left > 0)).toMatchObject([
    { table: 'parties', column: 'account_sealed', resealed: 0, left: 1, refused: [`${shop.shopId}/${partyId}`] },
  ])
})
