/** Buyers of a flash sale in a process of their own: one unit of a random product each time, and they see the answer. */
import { newId } from '../../apps/server/src/kernel/ids.ts'
import { driveLoad, type LoadResult } from './http-load.ts'

export interface FlashInput {
  port: number
  path: string
  connections: number
  attempts: number
  skuIds: string[]
  priceFen: number
  /** Attempts come from the buyers with these numbers: from 0 up to this. */
  buyers: number
  /** So many of the first buyers come again and again, with this share of all attempts. */
  hammering: number
  hammeringShare: number
}

export interface FlashResult {
  load: LoadResult
  seconds: number
  statuses: Record<string, number>
  /** Until the last order was acknowledged. */
  sellingSeconds: number
  /** Who got what: there are never more of them than units. */
  orders: { orderId: string; buyer: number }[]
}

/** The token of a simulated buyer: the database knows its hash. */
export const tokenOf = (buyer: number): string => `flash-sale-buyer-token-${buyer}`

const ADDRESS = {
  name: '张三',
  phone: '13800000000',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  street: '粤海街道',
  detail: '科技园 1 号楼 203',
}

async function storm(input: FlashInput): Promise<FlashResult> {
  const { port, path, connections, skuIds, priceFen, buyers, hammering, hammeringShare } = input
  const [mark, askedBy] = [newId(), new Int32Array(connections)]
  const body = JSON.stringify({ lines: [{ skuId: mark, quantity: 1 }], address: ADDRESS, expectedTotalFen: priceFen })
  const [before, after] = Buffer.from(body).toString('latin1').split(mark) as [string, string]
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nauthorization: Bearer `
  const statuses: Record<string, number> = {}
  const orders: FlashResult['orders'] = []
  let left = input.attempts
  const startedAt = performance.now()
  let lastOrderAt = startedAt
  const request = (connection: number) => {
    if (left-- <= 0) return undefined
    const buyer = Math.floor(Math.random() * (Math.random() < hammeringShare ? hammering : buyers))
    askedBy[connection] = buyer
    const skuId = skuIds[Math.floor(Math.random() * skuIds.length)]!
    return `${head}${tokenOf(buyer)}\r\nidempotency-key: ${newId()}\r\n\r\n${before}${skuId}${after}`
  }
  const answer = (connection: number, status: number, text: string) => {
    const what = status < 300 ? 'ordered' : `${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''}`
    statuses[what] = (statuses[what] ?? 0) + 1
    if (status >= 300) return
    const { orderId } = JSON.parse(text) as { orderId?: string }
    if (orderId) orders.push({ orderId, buyer: askedBy[connection]! })
    lastOrderAt = performance.now()
  }
  const load = await driveLoad({ ports: [port], connections, seconds: Number.POSITIVE_INFINITY, request, answer })
  const seconds = (performance.now() - startedAt) / 1000
  return { load, seconds, statuses, sellingSeconds: (lastOrderAt - startedAt) / 1000, orders }
}

// Also imported for its types and `tokenOf`; only a child has somebody to answer.
process.on('message', (input: FlashInput) => {
  storm(input).then(
    (result) => process.send!(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
