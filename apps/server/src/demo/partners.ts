import type { ContractInput, PartyInput } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import type { z } from 'zod'
import { DAY_MS } from '../kernel/clock.ts'
import { ask } from './simulator.ts'

interface DemoPartner {
  party: z.input<typeof PartyInput>
  /** A person of the simulator by place, or one of its merchants by name. */
  paid: { person: number } | { merchant: string }
  contract: { name: string } & Pick<
    z.input<typeof ContractInput>,
    'rate' | 'base' | 'serviceLevel' | 'priority' | 'payBy'
  >
}

const PARTNERS: readonly DemoPartner[] = [
  {
    party: { kind: 'creator', legal: 'person', name: '小雨爱收纳', note: '视频号，主推家居' },
    paid: { person: 4 },
    contract: { name: '小雨 · 全店 8%', rate: { kind: 'bp', bp: 800 }, priority: 200 },
  },
  {
    party: { kind: 'creator', legal: 'person', name: '老杨喝茶', note: '茶和器皿' },
    paid: { person: 5 },
    contract: { name: '老杨 · 全店 5%', rate: { kind: 'bp', bp: 500 }, payBy: 'withdrawal', priority: 150 },
  },
  {
    party: { kind: 'agency', legal: 'company', name: '星汉文化传媒有限公司', realName: '星汉文化传媒有限公司' },
    paid: { merchant: '星汉文化传媒有限公司' },
    contract: {
      ...{ name: '星汉 · 达人分成的 20%', rate: { kind: 'bp', bp: 2000 }, base: 'share' },
      serviceLevel: '全案代运营',
    },
  },
  {
    party: { kind: 'supplier', legal: 'company', name: '海岳供应链有限公司', realName: '海岳供应链有限公司' },
    paid: { merchant: '海岳供应链有限公司' },
    contract: { name: '海岳 · 每件 1.5 元', rate: { kind: 'per-unit', fen: 150 }, priority: 100 },
  },
]

/**
 * Two creators, their agency and a supplier with contracts in force, before the demo's buyers order: what they buy is
 * shared, settled when it is received, and split by the simulator. Does nothing without it.
 */
export async function addPartners(
  client: Client,
  shopId: string,
  simulator: string | undefined,
  { appid, now }: { appid: string; now: number },
): Promise<void> {
  if (!simulator) return
  const params = { shopId }
  const known = (await client('console.parties', { params, query: { limit: 100 } })).items
  const { people } = await ask<{ people: { openids: Record<string, string> }[] }>(simulator, '/__sim/people')
  const { merchants } = await ask<{ merchants: { mchid: string; name: string }[] }>(simulator, '/__sim/merchants')
  for (const { party, paid, contract } of PARTNERS) {
    if (known.some(({ name }) => name === party.name)) continue
    const value =
      'person' in paid
        ? people[paid.person % people.length]?.openids[appid]
        : merchants.find(({ name }) => name === paid.merchant)?.mchid
    if (value === undefined) continue
    const { id: partyId, version } = await client('console.createParty', { params, body: party })
    const account = { kind: 'person' in paid ? ('openid' as const) : ('mchid' as const), value }
    await client('console.setPartyAccount', { params: { ...params, partyId }, body: { account, version } })
    const validFrom = new Date(now - DAY_MS).toISOString()
    // Nothing is held, so that there is something to see.
    const body = { ...contract, partyId, goods: { kind: 'all' as const }, holdDays: 0, validFrom }
    const made = await client('console.createContract', { params, body })
    await client('console.setContractState', {
      params: { ...params, contractId: made.id },
      body: { state: 'active', version: made.version },
    })
  }
}
