import { z } from 'zod'
import { Id, Instant, MobilePhone, Ok, optionalText, PageQuery, page, ShopParams, shopParams, text } from './common.ts'
import { routes } from './route.ts'

export const PARTY_KINDS = ['creator', 'agency', 'supplier', 'platform', 'merchant'] as const
export type PartyKind = (typeof PARTY_KINDS)[number]
export const PARTY_ACCOUNT_KINDS = ['openid', 'mchid'] as const
export type PartyAccountKind = (typeof PARTY_ACCOUNT_KINDS)[number]

export const CONTRACT_STATES = ['draft', 'active', 'paused', 'ended'] as const
export type ContractState = (typeof CONTRACT_STATES)[number]
/** By WeChat's profit sharing out of each order, or collected and paid out when the party asks for it. */
export const PAY_WAYS = ['split', 'withdrawal'] as const
export type PayWay = (typeof PAY_WAYS)[number]

/** At most this many parties, and contracts of a shop that are not over. */
export const MAX_PARTIES = 2000
export const MAX_CONTRACTS = 2000
const MAX_NAMED = 200

/** Somebody the shop has contracts with. What identifies them is sealed and shown masked only. */
export const Party = z
  .object({
    id: Id,
    kind: z.enum(PARTY_KINDS),
    legal: z.enum(['person', 'company']),
    name: z.string(),
    /** The name that WeChat checks a payment against. */
    realNameMasked: z.string(),
    phoneMasked: z.string(),
    idNumberMasked: z.string(),
    /** Where their money goes: a WeChat user, or a merchant account. */
    account: z
      .object({ kind: z.enum(PARTY_ACCOUNT_KINDS), masked: z.string(), setAt: Instant, setBy: z.string() })
      .nullable(),
    note: z.string(),
    state: z.enum(['active', 'paused']),
    version: z.int(),
    createdAt: Instant,
    /** Contracts that are in force or will be. */
    activeContracts: z.int(),
  })
  .meta({ id: 'Party' })
export type Party = z.infer<typeof Party>

const Sealed = z.object({
  /** Left out: stays as it is. Empty: taken away. */
  realName: z.string().trim().max(60).optional(),
  phone: MobilePhone.or(z.literal('')).optional(),
  idNumber: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z]{0,30}$/, '只能是字母和数字')
    .optional(),
})

export const PartyInput = Sealed.extend({
  kind: z.enum(PARTY_KINDS),
  legal: z.enum(['person', 'company']),
  name: text(40),
  note: optionalText(200),
  state: z.enum(['active', 'paused']).default('active'),
})
export type PartyInput = z.infer<typeof PartyInput>

export const PartyAccountInput = z.object({
  account: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('openid'), value: z.string().regex(/^[\w-]{10,64}$/, 'OpenID 不正确') }),
      z.object({ kind: z.literal('mchid'), value: z.string().regex(/^\d{8,12}$/, '商户号是 8–12 位数字') }),
    ])
    .nullable(),
  version: z.int(),
})

/** The goods a contract is about. */
export const ContractGoods = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('categories'), ids: z.array(Id).min(1).max(MAX_NAMED) }),
  z.object({ kind: z.literal('products'), ids: z.array(Id).min(1).max(MAX_NAMED) }),
])
export type ContractGoods = z.infer<typeof ContractGoods>

export const ContractRate = z.discriminatedUnion('kind', [
  /** Basis points of what was paid for the goods; of the creator's share for a contract that takes a part of it. */
  z.object({ kind: z.literal('bp'), bp: z.int().min(1).max(10_000) }),
  z.object({ kind: z.literal('per-unit'), fen: z.int().min(1).max(10_000_000) }),
])
export type ContractRate = z.infer<typeof ContractRate>

export const ContractTerms = z.object({
  goods: ContractGoods,
  /** Only orders that came through one of these channel accounts; empty: any order. */
  accountIds: z.array(Id).max(100).default([]),
  rate: ContractRate,
  /** `goods`: out of the order. `share`: out of the share of the creators named, or of all creators. */
  base: z.enum(['goods', 'share']).default('goods'),
  ofPartyIds: z.array(Id).max(MAX_NAMED).default([]),
  /** What an agency does for it, in a word. */
  serviceLevel: optionalText(20),
  payBy: z.enum(PAY_WAYS).default('split'),
  /** Days after receipt until the share is due; null: as the shop's settings say. */
  holdDays: z.int().min(0).max(60).nullable().default(null),
  /** Of several contracts of one party the highest counts; what does not fit the limit is cut from the lowest. */
  priority: z.int().min(0).max(999).default(100),
  validFrom: Instant,
  validUntil: Instant.nullable().default(null),
})
export type ContractTerms = z.infer<typeof ContractTerms>

const isInOrder = ({ validFrom, validUntil }: { validFrom: string; validUntil: string | null }) =>
  validUntil === null || Date.parse(validFrom) < Date.parse(validUntil)
const IN_ORDER = { path: ['validUntil'], message: '结束时间要晚于开始时间' }

export const ContractInput = ContractTerms.extend({ partyId: Id, name: text(40) }).refine(isInOrder, IN_ORDER)
export type ContractInput = z.infer<typeof ContractInput>

export const Contract = ContractTerms.extend({
  id: Id,
  partyId: Id,
  partyName: z.string(),
  partyKind: z.enum(PARTY_KINDS),
  name: z.string(),
  state: z.enum(CONTRACT_STATES),
  version: z.int(),
  createdAt: Instant,
  updatedAt: Instant,
}).meta({ id: 'Contract' })
export type Contract = z.infer<typeof Contract>

export const ContractVersion = ContractTerms.extend({
  version: z.int(),
  name: z.string(),
  state: z.enum(CONTRACT_STATES),
  /** In force as written from here on, until the next version. */
  at: Instant,
  by: z.string(),
}).meta({ id: 'ContractVersion' })
export type ContractVersion = z.infer<typeof ContractVersion>

const PartyParams = shopParams({ partyId: Id })
const ContractParams = shopParams({ contractId: Id })

export const partyRoutes = routes({
  'console.parties': {
    method: 'GET',
    path: '/api/console/shops/:shopId/parties',
    summary: 'Whom the shop shares with: creators, agencies, suppliers, the platform; newest first',
    access: { audience: 'staff', permission: 'parties.read' },
    params: ShopParams,
    query: PageQuery.extend({ kind: z.enum(PARTY_KINDS).optional(), q: z.string().trim().max(40).optional() }),
    response: page(Party),
  },
  'console.party': {
    method: 'GET',
    path: '/api/console/shops/:shopId/parties/:partyId',
    summary: 'One party',
    access: { audience: 'staff', permission: 'parties.read' },
    params: PartyParams,
    response: Party,
    errors: ['NOT_FOUND'],
  },
  'console.createParty': {
    method: 'POST',
    path: '/api/console/shops/:shopId/parties',
    summary: 'Add a party',
    access: { audience: 'staff', permission: 'parties.write' },
    params: ShopParams,
    body: PartyInput,
    response: Party,
    errors: ['DUPLICATE', 'LIMIT_REACHED'],
  },
  'console.updateParty': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/parties/:partyId',
    summary: 'Change a party; sealed fields that are left out stay',
    access: { audience: 'staff', permission: 'parties.write' },
    params: PartyParams,
    body: PartyInput.extend({ version: z.int() }),
    response: Party,
    errors: ['CONFLICT', 'DUPLICATE', 'NOT_FOUND'],
  },
  'console.setPartyAccount': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/parties/:partyId/account',
    summary: 'Set where a party is paid, or take it away',
    access: { audience: 'staff', permission: 'parties.write' },
    stepUp: 'payout',
    params: PartyParams,
    body: PartyAccountInput,
    response: Party,
    errors: ['CONFLICT', 'NOT_FOUND', 'PARTY_ACCOUNT_NEEDED'],
  },
  'console.contracts': {
    method: 'GET',
    path: '/api/console/shops/:shopId/contracts',
    summary: 'Contracts, newest first',
    access: { audience: 'staff', permission: 'parties.read' },
    params: ShopParams,
    query: PageQuery.extend({ partyId: Id.optional(), state: z.enum(CONTRACT_STATES).optional() }),
    response: page(Contract),
  },
  'console.contract': {
    method: 'GET',
    path: '/api/console/shops/:shopId/contracts/:contractId',
    summary: 'One contract with every version it has had, newest first',
    access: { audience: 'staff', permission: 'parties.read' },
    params: ContractParams,
    response: z.object({ contract: Contract, versions: z.array(ContractVersion).max(200) }),
    errors: ['NOT_FOUND'],
  },
  'console.createContract': {
    method: 'POST',
    path: '/api/console/shops/:shopId/contracts',
    summary: 'Draw up a contract; it counts once it is activated',
    access: { audience: 'staff', permission: 'parties.write' },
    params: ShopParams,
    body: ContractInput,
    response: Contract,
    errors: ['NOT_FOUND', 'LIMIT_REACHED', 'SHARE_OVER_LIMIT'],
  },
  'console.updateContract': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/contracts/:contractId',
    summary: 'Change a contract: a new version, for orders placed from now on',
    access: { audience: 'staff', permission: 'parties.write' },
    params: ContractParams,
    body: ContractTerms.extend({ name: text(40), version: z.int() }).refine(isInOrder, IN_ORDER),
    response: Contract,
    errors: ['CONFLICT', 'CONTRACT_STATE', 'NOT_FOUND', 'SHARE_OVER_LIMIT'],
  },
  'console.setContractState': {
    method: 'PUT',
    path: '/api/console/shops/:shopId/contracts/:contractId/state',
    summary: 'Activate, pause or end a contract; one that has ended stays so',
    access: { audience: 'staff', permission: 'parties.write' },
    params: ContractParams,
    body: z.object({ state: z.enum(['active', 'paused', 'ended']), version: z.int() }),
    response: Contract,
    errors: ['CONFLICT', 'CONTRACT_STATE', 'NOT_FOUND', 'PARTY_ACCOUNT_NEEDED'],
  },
  'console.deleteContract': {
    method: 'DELETE',
    path: '/api/console/shops/:shopId/contracts/:contractId',
    summary: 'Throw away a draft',
    access: { audience: 'staff', permission: 'parties.write' },
    params: ContractParams,
    response: Ok,
    errors: ['CONTRACT_STATE', 'NOT_FOUND'],
  },
})
