/** Buyers in a process of their own: POSTs orders of one random SKU each and reports how many were answered. */
import autocannon from 'autocannon'
import { newId } from '../../apps/server/src/kernel/ids.ts'

export interface LoadInput {
  url: string
  path: string
  connections: number
  seconds: number
  skuIds: string[]
  priceFen: number
}

export interface LoadResult {
  perSecond: number
  answered: number
  p50Ms: number
  p99Ms: number
  refused: number
  errors: number
}

const ADDRESS = {
  name: '张三',
  phone: '13800000000',
  province: '广东省',
  city: '深圳市',
  district: '南山区',
  street: '粤海街道',
  detail: '科技园 1 号楼 203',
}

async function load(input: LoadInput): Promise<LoadResult> {
  const { url, path, connections, seconds, skuIds, priceFen } = input
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          method: 'POST',
          path,
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${newId()}`,
            'idempotency-key': newId(),
          },
          body: JSON.stringify({
            lines: [{ skuId: skuIds[Math.floor(Math.random() * skuIds.length)], quantity: 1 }],
            address: ADDRESS,
            expectedTotalFen: priceFen,
          }),
        }),
      },
    ],
  })
  return {
    perSecond: Math.round(result['2xx'] / result.duration),
    answered: result['2xx'],
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    refused: result.non2xx,
    errors: result.errors + result.timeouts,
  }
}

process.on('message', (input: LoadInput) => {
  load(input).then(
    (result) => process.send!(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
