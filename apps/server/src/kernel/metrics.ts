import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { OutboxLag } from './outbox-store.ts'

/** One answered request. The route is its pattern, never the address, so that the number of series stays small. */
export interface HttpObservation {
  method: string
  route: string
  status: number
  durationMs: number
}

/** One batch that a lane has committed. */
export interface LaneObservation {
  lane: string
  commands: number
  refused: number
  durationMs: number
}

export interface Metrics {
  readonly registry: Registry
  observeHttp(observation: HttpObservation): void
  observeLane(observation: LaneObservation): void
  /** Calls `depth` at each scrape for the number of commands waiting in the lane. */
  watchLane(lane: string, depth: () => number): void
  /** Calls `stats` at each scrape for the connections of a pool. */
  watchPool(pool: string, stats: () => { total: number; idle: number; waiting: number }): void
  /** Calls `lag` at a scrape, at most every few seconds, for how far the subscribers are behind. */
  watchOutbox(lag: () => Promise<OutboxLag[]>, nowMs: () => number): void
  watchJobs(stats: () => Promise<{ name: string; waiting: number; active: number; failed: number }[]>): void
  watchRealtime(stats: () => { sockets: number; subscriptions: number }): void
  /** A counter of one's own, e.g. `ingest_events_total`. */
  counter<L extends string>(name: string, help: string, labels: readonly L[]): Counter<L>
  /** A gauge that is read at each scrape. */
  gauge(name: string, help: string, read: () => number): void
  /** What /metrics answers. */
  text(): Promise<{ contentType: string; body: string }>
}

const PREFIX = 'zhanggui_'
const SECONDS_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const SIZE_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500]
const MIN_QUERY_INTERVAL_MS = 5_000

/** The numbers of this process, in Prometheus' text format. */
export function createMetrics(options: { processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry, prefix: PREFIX })
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    collect?: (self: Gauge<L>) => void | Promise<void>,
  ) =>
    new Gauge<L>({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers,
      ...(collect
        ? {
            async collect() {
              this.reset()
              await collect(this)
            },
          }
        : {}),
    })
  const lanes = laneMetrics(registers)
  const pools = new Map<string, () => { total: number; idle: number; waiting: number }>()
  gauge('pool_connections', 'Connections of a pool', ['pool', 'state'], (self) => {
    for (const [pool, stats] of pools)
      for (const [state, count] of Object.entries(stats())) self.set({ pool, state: state as string }, count)
  })
  const depths = new Map<string, () => number>()
  gauge('lane_waiting', 'Commands waiting in a lane', ['lane'], (self) => {
    for (const [lane, depth] of depths) self.set({ lane }, depth())
  })
  return {
    registry,
    observeHttp: httpMetrics(registers),
    observeLane: lanes,
    watchLane: (lane, depth) => void depths.set(lane, depth),
    watchPool: (pool, stats) => void pools.set(pool, stats),
    watchOutbox: (lag, nowMs) => watchOutbox(gauge, lag, nowMs),
    watchJobs(stats) {
      const read = remembered(stats)
      gauge('jobs', 'Jobs in a queue', ['queue', 'state'], async (self) => {
        for (const { name: queue, ...counts } of await read())
          for (const [state, count] of Object.entries(counts)) self.set({ queue, state }, count)
      })
    },
    watchRealtime(stats) {
      gauge('realtime', 'Open sockets and their subscriptions', ['kind'], (self) => {
        for (const [kind, count] of Object.entries(stats())) self.set({ kind }, count)
      })
    },
    counter: (name, help, labels) => new Counter({ name: PREFIX + name, help, labelNames: [...labels], registers }),
    gauge: (name, help, read) => void gauge(name, help, [], (self) => self.set(read())),
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  }
}

type MakeGauge = <L extends string>(
  name: string,
  help: string,
  labels: readonly L[],
  collect: (self: Gauge<L>) => void | Promise<void>,
) => Gauge<L>

function httpMetrics(registers: Registry[]): Metrics['observeHttp'] {
  const durations = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS_BUCKETS,
    registers,
  })
  return ({ method, route, status, durationMs }) =>
    durations.observe({ method, route, status: String(status) }, durationMs / 1000)
}

function laneMetrics(registers: Registry[]): Metrics['observeLane'] {
  const labelNames = ['lane'] as const
  const durations = new Histogram({
    name: `${PREFIX}lane_batch_duration_seconds`,
    help: 'Time from taking a batch to its commit',
    labelNames,
    buckets: SECONDS_BUCKETS,
    registers,
  })
  const sizes = new Histogram({
    name: `${PREFIX}lane_batch_commands`,
    help: 'Commands decided together',
    labelNames,
    buckets: SIZE_BUCKETS,
    registers,
  })
  const decided = new Counter({
    name: `${PREFIX}lane_commands_total`,
    help: 'Commands decided, by outcome',
    labelNames: ['lane', 'outcome'],
    registers,
  })
  return ({ lane, commands, refused, durationMs }) => {
    durations.observe({ lane }, durationMs / 1000)
    sizes.observe({ lane }, commands)
    decided.inc({ lane, outcome: 'accepted' }, commands - refused)
    decided.inc({ lane, outcome: 'refused' }, refused)
  }
}

function watchOutbox(gauge: MakeGauge, lag: () => Promise<OutboxLag[]>, nowMs: () => number): void {
  const read = remembered(lag)
  gauge('outbox_waiting_events', 'Events a subscriber has not handled yet', ['subscriber'], async (self) => {
    for (const { subscriber, waiting } of await read()) self.set({ subscriber }, waiting)
  })
  gauge('outbox_lag_seconds', 'Age of the oldest event a subscriber has not handled', ['subscriber'], async (self) => {
    for (const { subscriber, oldestAt } of await read())
      self.set({ subscriber }, oldestAt === null ? 0 : Math.max(0, (nowMs() - new Date(oldestAt).getTime()) / 1000))
  })
  gauge('outbox_parked_events', 'Events parked because they could not be handled', ['subscriber'], async (self) => {
    for (const { subscriber, parked } of await read()) self.set({ subscriber }, parked)
  })
}

/** Asks at most every few seconds, once for all who want to know; when asking fails the last answer stands. */
function remembered<T>(ask: () => Promise<T[]>): () => Promise<T[]> {
  let answer: T[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<T[]> | undefined
  return () => {
    if (performance.now() - askedAt < MIN_QUERY_INTERVAL_MS && !asking) return Promise.resolve(answer)
    asking ??= ask()
      .then(
        (fresh) => {
          answer = fresh
          return fresh
        },
        () => answer,
      )
      .finally(() => {
        askedAt = performance.now()
        asking = undefined
      })
    return asking
  }
}
