import type { Contract, Party, RouteId } from '../../packages/contract/src/index.ts'
import type { TestShop } from './app.ts'
import { newKey } from './http.ts'
import type { Ids } from './matrix.ts'

const TERMS = { goods: { kind: 'all' }, rate: { kind: 'bp', bp: 1200 }, validFrom: '2026-11-01T00:00:00.000Z' } as const
const PARTY = { kind: 'creator', legal: 'person' } as const

/** Bodies that pass the schemas of the routes of parties, contracts and shares. */
export const sharingBodies = (ids: Ids): Partial<Record<RouteId, unknown>> => ({
  'console.createParty': { ...PARTY, name: newKey().slice(-12) },
  'console.updateParty': { ...PARTY, name: newKey().slice(-12), version: 1 },
  'console.setPartyAccount': { account: { kind: 'mchid', value: '1900000001' }, version: 1 },
  'console.createContract': { ...TERMS, partyId: ids.partyId, name: '合约' },
  'console.updateContract': { ...TERMS, name: '合约', version: 1 },
  'console.setContractState': { state: 'active', version: 1 },
})

let made = 0

export interface PartyWish {
  kind?: Party['kind']
  legal?: Party['legal']
  name?: string
  phone?: string
  realName?: string
  account?: { kind: 'openid' | 'mchid'; value: string }
}

/** A party with an account it is paid to. */
export async function addParty(shop: TestShop, wish: PartyWish = {}): Promise<Party> {
  const params = { shopId: shop.shopId }
  const { account = { kind: 'openid', value: `o${newKey().replaceAll('-', '').slice(0, 27)}` }, ...fields } = wish
  const body = { ...PARTY, name: `达人 ${++made}`, ...fields }
  const { id } = await shop.owner.call('console.createParty', { params, body })
  return shop.owner.call('console.setPartyAccount', {
    params: { ...params, partyId: id },
    body: { account, version: 1 },
  })
}

/** A contract in force since the beginning of the month. */
export async function sign(shop: TestShop, partyId: string, terms: object = {}): Promise<Contract> {
  const params = { shopId: shop.shopId }
  const body = { ...TERMS, partyId, name: `合约 ${++made}`, ...terms }
  const { id, version } = await shop.owner.call('console.createContract', { params, body })
  const at = { ...params, contractId: id }
  return shop.owner.call('console.setContractState', { params: at, body: { state: 'active', version } })
}

/** A row in every table of parties and contracts, that no order falls under. */
export async function leaveSharingTraces(shop: TestShop): Promise<{ partyId: string; contractId: string }> {
  const { id: partyId } = await addParty(shop, { phone: '13900001111', realName: '林小雨' })
  const params = { shopId: shop.shopId }
  const body = { ...TERMS, partyId, name: '草稿' }
  const { id: contractId } = await shop.owner.call('console.createContract', { params, body })
  return { partyId, contractId }
}
