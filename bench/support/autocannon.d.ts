/** What the benchmarks use of autocannon, which brings no types. */
declare module 'autocannon' {
  export interface RequestOptions {
    method: string
    path: string
    headers: Record<string, string>
    body?: string
  }
  export interface Options {
    url: string
    connections: number
    duration: number
    requests: (Partial<RequestOptions> & { setupRequest?: (request: RequestOptions) => RequestOptions })[]
  }
  export interface Result {
    '2xx': number
    non2xx: number
    errors: number
    timeouts: number
    /** Seconds. */
    duration: number
    latency: { p50: number; p99: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
