/** Buyers in a process of their own: they order one random SKU each, or read their orders. */
import { newId } from '../../apps/server/src/kernel/ids.ts'
import { driveLoad, type LoadResult } from './http-load.ts'

export type { LoadResult } from './http-load.ts'

export interface LoadInput {
  /** Connections are spread over them. */
  ports: number[]
  path: string
  connections: number
  seconds: number
  skuIds: string[]
  priceFen: number
}

/** Buyers who look at their orders. */
export interface ListInput extends Omit<LoadInput, 'skuIds' | 'priceFen'> {
  buyerIds: string[]
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

/** All requests are alike but for SKU, buyer and key, which are ids of the same length: the rest is made once. */
function requestMaker({ path, skuIds, priceFen }: LoadInput): () => string {
  const [mark, expectedTotalFen] = [newId(), priceFen]
  const body = JSON.stringify({ lines: [{ skuId: mark, quantity: 1 }], address: ADDRESS, expectedTotalFen })
  const [before, after] = Buffer.from(body).toString('latin1').split(mark) as [string, string]
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nauthorization: Bearer `
  return () => {
    const skuId = skuIds[Math.floor(Math.random() * skuIds.length)]!
    return `${head}${newId()}\r\nidempotency-key: ${newId()}\r\n\r\n${before}${skuId}${after}`
  }
}

function listMaker({ path, buyerIds }: ListInput): () => string {
  const head = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer `
  return () => `${head}${buyerIds[Math.floor(Math.random() * buyerIds.length)]}\r\n\r\n`
}

process.on('message', (input: LoadInput | ListInput) => {
  const { ports, connections, seconds } = input
  const request = 'buyerIds' in input ? listMaker(input) : requestMaker(input)
  driveLoad({ ports, connections, seconds, request }).then(
    (result: LoadResult) => process.send!(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
