import type { Client } from '@zhanggui/contract/client'

const GROUP = { name: '林掌柜矩阵', owner: '林掌柜' }

/** Three accounts of one owner: two that talk to the same people, and one that does not. */
const ACCOUNTS = [
  {
    kind: 'channels' as const,
    ...{ name: '林掌柜的视频号', keeper: '林掌柜', positioning: '每周两条短视频，带一场直播' },
    ...{ track: '家居好物', audience: '租房的年轻人', tone: '轻松', pillars: ['收纳', '小户型', '开箱'] },
  },
  {
    kind: 'service' as const,
    ...{ name: '巷口生活铺', keeper: '小周', positioning: '老客复购，发上新和售后通知' },
    ...{ track: '家居好物', audience: '租房的年轻人', tone: '亲切', pillars: ['收纳', '上新', '售后'] },
  },
  {
    kind: 'wecom' as const,
    ...{ name: '巷口老客群', keeper: '小周', positioning: '企业微信群，服务买过三次以上的客人' },
    ...{ track: '厨房', audience: '常做饭的家庭', tone: '专业', pillars: ['食谱', '厨具保养'] },
  },
]

/** Which of them each of the demo's buyers came through, in turn. */
const CAME_BY = [[0, 1], [1, 0], [0, 1], [2], [0]] as const

/** The demo has few buyers: overlaps are judged from this many on. */
const LEAST_BUYERS = 2

/** Makes the matrix, as far as it is not there. Answers what each account's link says, in order. */
export async function addAccounts(client: Client, shopId: string): Promise<string[]> {
  const params = { shopId }
  const groups = (await client('console.channelGroups', { params })).items
  const group = groups[0] ?? (await client('console.createChannelGroup', { params, body: GROUP }))
  const existing = (await client('console.channelAccounts', { params })).items
  const codes: string[] = []
  for (const account of ACCOUNTS) {
    const body = { ...account, pillars: [...account.pillars], groupId: group.id }
    const { id } =
      existing.find((each) => each.name === account.name) ??
      (await client('console.createChannelAccount', { params, body }))
    const { url } = await client('console.accountLink', { params: { ...params, accountId: id } })
    codes.push(new URL(url).searchParams.get('from')!)
  }
  const name = 'accounts.overlap-least-buyers'
  const setting = (await client('console.settings', { params })).items.find((each) => each.name === name)
  if (setting && setting.value !== LEAST_BUYERS)
    await client('console.setSetting', {
      params: { ...params, name },
      body: { value: LEAST_BUYERS, version: setting.version },
    })
  return codes
}

/** A buyer of the demo comes through the accounts that are theirs. */
export async function arrive(buyer: Client, shopId: string, codes: readonly string[], index: number): Promise<void> {
  for (const account of CAME_BY[index % CAME_BY.length]!) {
    const code = codes[account]
    if (code !== undefined) await buyer('store.arrive', { params: { shopId }, body: { code } })
  }
}
