import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../apps/server/src/kernel/db.ts'
import { contractsInForce } from '../apps/server/src/modules/parties/store-contracts.ts'
import { startTestApp, type TestApp, type TestShop } from './support/app.ts'
import { addParty, sign } from './support/sharing.ts'

let app: TestApp
let shop: TestShop
let params: { shopId: string }
beforeAll(async () => {
  app = await startTestApp({ clickhouse: false })
  shop = await app.openTestShop()
  params = { shopId: shop.shopId }
})
afterAll(() => app?.close())

const HOUR_MS = 3_600_000
const inForce = (at = app.clock.instant()) => app.app.db.read('system', (tx) => contractsInForce(tx, shop.shopId, at))
const get = (contractId: string) => shop.owner.call('console.contract', { params: { ...params, contractId } })
const to = (contract: { id: string; version: number }, state: 'active' | 'paused' | 'ended') =>
  shop.owner.call('console.setContractState', {
    params: { ...params, contractId: contract.id },
    body: { state, version: contract.version },
  })

test('PAY-03 a party is kept with its payout account, phone and papers sealed, and shown masked', async () => {
  const account = { kind: 'openid', value: 'oSecretOpenid000000000001' } as const
  const party = await addParty(shop, { name: '小雨', phone: '13900002222', realName: '林小雨', account })
  expect(party).toMatchObject({
    ...{ phoneMasked: '139****2222', realNameMasked: '林*雨', activeContracts: 0 },
    account: { kind: 'openid', masked: 'oSec****0001', setBy: expect.any(String) },
  })
  const at = { ...params, partyId: party.id }
  const body = { kind: 'creator', legal: 'person', name: '小雨改名', version: party.version } as const
  const renamed = await shop.owner.call('console.updateParty', { params: at, body })
  expect(renamed).toMatchObject({ name: '小雨改名', phoneMasked: '139****2222', account: { masked: 'oSec****0001' } })
  await expect(shop.owner.call('console.updateParty', { params: at, body })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(addParty(shop, { name: '小雨改名' })).rejects.toMatchObject({ code: 'DUPLICATE' })
  const dump = await app.app.db.read('system', async (tx) => ({
    parties: await tx.rows(sql`select to_jsonb(p)::text as row from parties p`),
    audit: await tx.rows(sql`select to_jsonb(a)::text as row from audit_log a`),
  }))
  const text = JSON.stringify(dump) + app.logs.join()
  for (const secret of ['13900002222', '林小雨', account.value]) expect(text).not.toContain(secret)
})

test('PAY-03 a contract counts from its activation, every change is a new version, and the past stays as it was', async () => {
  const { id: partyId } = await addParty(shop)
  const contract = await sign(shop, partyId)
  const signedAt = app.clock.instant()
  await app.advance(HOUR_MS)
  const { id: _, partyId: __, partyName, partyKind, state, createdAt, updatedAt, ...terms } = contract
  const changed = await shop.owner.call('console.updateContract', {
    params: { ...params, contractId: contract.id },
    body: { ...terms, rate: { kind: 'bp', bp: 800 }, version: contract.version },
  })
  const mine = async (at?: string) => (await inForce(at)).find((each) => each.contractId === contract.id)
  expect(await mine()).toMatchObject({ version: 3, terms: { rate: { bp: 800 } } })
  expect(await mine(signedAt)).toMatchObject({ version: 2, terms: { rate: { bp: 1200 } } })
  await app.advance(HOUR_MS)
  const paused = await to(changed, 'paused')
  expect(await mine()).toBeUndefined()
  await app.advance(HOUR_MS)
  const again = await to(paused, 'active')
  expect(await mine()).toMatchObject({ version: 5 })
  await app.advance(HOUR_MS)
  const ended = await to(again, 'ended')
  await expect(to(ended, 'active')).rejects.toMatchObject({ code: 'CONTRACT_STATE' })
  await expect(to(again, 'ended')).rejects.toMatchObject({ code: 'CONTRACT_STATE' })
  expect(await mine(signedAt)).toMatchObject({ version: 2, terms: { rate: { bp: 1200 } } })
  expect((await get(contract.id)).versions.map((each) => each.state)).toEqual([
    ...['ended', 'active', 'paused', 'active', 'active', 'draft'],
  ])
})

test('PAY-03 a contract counts only between its dates, and while its party is not paused', async () => {
  const party = await addParty(shop)
  const from = new Date(app.clock.millis() + HOUR_MS).toISOString()
  const until = new Date(app.clock.millis() + 2 * HOUR_MS).toISOString()
  const { id } = await sign(shop, party.id, { validFrom: from, validUntil: until })
  const counts = async () => (await inForce()).some((each) => each.contractId === id)
  expect(await counts()).toBe(false)
  await app.advance(HOUR_MS)
  expect(await counts()).toBe(true)
  const body = { kind: 'creator', legal: 'person', name: party.name, state: 'paused', version: party.version } as const
  await shop.owner.call('console.updateParty', { params: { ...params, partyId: party.id }, body })
  expect(await counts()).toBe(false)
  await shop.owner.call('console.updateParty', {
    params: { ...params, partyId: party.id },
    body: { ...body, state: 'active', version: party.version + 1 },
  })
  expect(await counts()).toBe(true)
  await app.advance(HOUR_MS)
  expect(await counts()).toBe(false)
  await expect(sign(shop, party.id, { validFrom: until, validUntil: from })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  })
})

test('PAY-03 a rate beyond what WeChat splits, goods of nobody and a party without an account are refused', async () => {
  const party = await addParty(shop)
  const beyond = { rate: { kind: 'bp', bp: 3001 } }
  await expect(sign(shop, party.id, beyond)).rejects.toMatchObject({ code: 'SHARE_OVER_LIMIT' })
  expect(await sign(shop, party.id, { ...beyond, payBy: 'withdrawal' })).toMatchObject({ state: 'active' })
  const nobodys = { goods: { kind: 'products', ids: [party.id] } }
  await expect(sign(shop, party.id, nobodys)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const body = { kind: 'agency', legal: 'company', name: '无账户机构' } as const
  const poor = await shop.owner.call('console.createParty', { params, body })
  await expect(sign(shop, poor.id)).rejects.toMatchObject({ code: 'PARTY_ACCOUNT_NEEDED' })
  await sign(shop, party.id)
  const { version } = await shop.owner.call('console.party', { params: { ...params, partyId: party.id } })
  const none = { params: { ...params, partyId: party.id }, body: { account: null, version } }
  await expect(shop.owner.call('console.setPartyAccount', none)).rejects.toMatchObject({ code: 'PARTY_ACCOUNT_NEEDED' })
})

test('PAY-03 two who change one contract at once: one wins, and there is one version more', async () => {
  const { id: partyId } = await addParty(shop)
  const contract = await sign(shop, partyId)
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => to(contract, 'paused')))
  expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
  expect((await get(contract.id)).versions).toHaveLength(3)
})
