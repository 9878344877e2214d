import type { SplitInput, TransferInput } from './port.ts'
import type { TestShop } from './test-shop.ts'

export const DAY_MS = 86_400_000
export const beijingDay = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)

/** For tests: what orders that are split, and transfers, begin with. */
export function moneyActs(get: () => TestShop) {
  let numbers = 0
  const newNo = (prefix: string) => `${prefix}${String(++numbers).padStart(6, '0')}`

  /** An order that may be split, of ¥100 unless told otherwise, paid a minute ago: 9,940 fen are frozen. */
  async function paidToSplit(amountFen = 10_000) {
    const { pay, sim, paid } = get()
    const order = await paid({ amountFen, profitSharing: true })
    await sim.clock.advance(60_000)
    const { transactionId } = await pay.queryByOutTradeNo(order.outTradeNo)
    return { order, transactionId: transactionId! }
  }

  /** A merchant and a person who may receive. */
  async function receivers() {
    const { pay, sim } = get()
    const appid = sim.credentials.env.WECHAT_MINI_APPID
    const agency = sim.merchants.get('星汉文化传媒有限公司')
    const creator = sim.people.get('苏婉清').openids[appid]!
    const relation = 'PARTNER' as const
    await pay.sharing.addReceiver({ appid, type: 'MERCHANT_ID', account: agency.mchid, name: agency.name, relation })
    await pay.sharing.addReceiver({ appid, type: 'PERSONAL_OPENID', account: creator, relation: 'DISTRIBUTOR' })
    return { appid, agency, creator }
  }

  /** ¥10 to the agency and ¥15 to the creator. */
  async function splitOf(transactionId: string, change: Partial<SplitInput> = {}): Promise<SplitInput> {
    const { appid, agency, creator } = await receivers()
    return {
      ...{ appid, transactionId, outOrderNo: newNo('SPLIT'), unfreezeUnsplit: false },
      receivers: [
        { type: 'MERCHANT_ID', account: agency.mchid, amountFen: 1000, description: '机构佣金' },
        { type: 'PERSONAL_OPENID', account: creator, name: '苏婉清', amountFen: 1500, description: '达人佣金' },
      ],
      ...change,
    }
  }

  function transferOf(change: Partial<TransferInput> = {}): TransferInput {
    const { sim, notifyUrl } = get()
    const appid = sim.credentials.env.WECHAT_MINI_APPID
    return {
      ...{ appid, outBillNo: newNo('T'), openid: sim.people.get('苏婉清').openids[appid]!, amountFen: 5000 },
      ...{ remark: '七月佣金', sceneId: '1005', perception: '劳务报酬', notifyUrl },
      reports: [
        { type: '岗位类型', content: '带货达人' },
        { type: '报酬说明', content: '七月佣金' },
      ],
      ...change,
    }
  }

  return { newNo, paidToSplit, receivers, splitOf, transferOf }
}
