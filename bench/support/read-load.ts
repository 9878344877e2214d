/** Visitors in a process of their own who read one address again and again. */
import autocannon from 'autocannon'

export interface ReadInput {
  url: string
  path: string
  connections: number
  seconds: number
}

export interface ReadResult {
  perSecond: number
  p99Ms: number
  failed: number
}

process.on('message', ({ url, path, connections, seconds }: ReadInput) => {
  autocannon({ url, connections, duration: seconds, requests: [{ method: 'GET', path }] }).then(
    (result) => {
      const answer: ReadResult = {
        perSecond: Math.round(result['2xx'] / result.duration),
        p99Ms: result.latency.p99,
        failed: result.non2xx + result.errors + result.timeouts,
      }
      process.send!(answer)
    },
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
