import type { FastifyInstance } from 'fastify'
import { composeModules, type Modules } from './compose.ts'
import { loadDemo, loadDemoPast } from './demo/load.ts'
import { type Engines, openEngines } from './engines.ts'
import { keepForVisitors } from './kept.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import { type Config, hasRole } from './kernel/config.ts'
import type { Db } from './kernel/db.ts'
import { lanesCheck } from './kernel/health.ts'
import { createAdmission } from './kernel/http/admission.ts'
import { mountRoutes } from './kernel/http/mount.ts'
import { buildHttp } from './kernel/http/server.ts'
import { createLogger, type Logger } from './kernel/log.ts'
import { createRelay, type Relay } from './kernel/outbox-relay.ts'
import { createConsoleHub } from './realtime-topics.ts'
import { mountWeb } from './web.ts'

/** Requests that are on their way when the process stops have this long. */
const STOP_TIMEOUT_MS = 15_000
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024

export interface App extends Modules {
  config: Config
  db: Db
  engines: Engines
  http: FastifyInstance
  relay: Relay
  /** Listens, and does the work of this process's roles. Resolves when the shop is ready. */
  start(): Promise<void>
  /** Finishes or refuses what was accepted, then stops. */
  close(): Promise<void>
}

export interface AppOptions {
  /** A `LaggingClock` where a demo is to live through a month before it opens. */
  clock?: Clock
  log?: Logger
}

/**
 * The whole program of one process: engines, modules, HTTP. Nothing runs until `start`; tests may use `http.inject`,
 * `relay.drain` and the sweepers without it.
 */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const clock = options.clock ?? systemClock
  const log = options.log ?? createLogger({ level: config.LOG_LEVEL })
  const engines = await openEngines(config, clock, log)
  const modules = composeModules(config, engines, log)
  const admission = createAdmission({
    secret: engines.vault.hmac('admission', ''),
    ticks: () => clock.ticks(),
    millis: () => clock.millis(),
    perAddress: { perSecond: config.REQUESTS_PER_ADDRESS, burst: config.REQUESTS_PER_ADDRESS_BURST },
    ordersPerBuyer: { perSecond: config.ORDERS_PER_BUYER, burst: config.ORDERS_PER_BUYER_BURST },
    ...(engines.takeToken ? { shared: engines.takeToken } : {}),
  })
  const laneStats = () => [...modules.orders.laneStats(), ...modules.payments.laneStats()]
  engines.health.add(
    'lanes',
    lanesCheck(laneStats, () => clock.ticks()),
  )
  engines.health.add('open', async () => {
    if (admission.isDraining) throw new Error('The process is stopping')
  })
  const http = await buildHttp({
    logger: log,
    https: config.publicUrl.startsWith('https:'),
    trustedOrigins: trustedOrigins(config),
    maxConnections: config.HTTP_MAX_CONNECTIONS,
    admission,
    trustedProxies: config.TRUSTED_PROXIES,
    observe: (route, method, status, seconds) =>
      engines.metrics.observeHttp({ route, method, status, durationMs: seconds * 1000 }),
  })
  const kept = keepForVisitors(engines)
  mountRoutes(http, modules.handlers, {
    authenticator: modules.identity.authenticator,
    publicUrl: config.publicUrl,
    requireConsent: modules.approvals.require,
    limitOrders: admission.limitOrders,
    checkAnswers: true,
    maxUploadBytes: MAX_UPLOAD_BYTES,
    kept: kept.answers,
    serves: (id) => hasRole(config, 'api') || (id === 'events.send' && hasRole(config, 'ingest')),
  })
  const relay = createRelay({
    db: engines.db,
    clock,
    listener: engines.eventListener,
    subscribers: modules.subscribers,
    onError: (subscriber, error) => log.error({ err: error, subscriber }, 'a subscriber failed'),
  })
  const hub = createConsoleHub({
    db: engines.db,
    clock,
    listener: engines.eventListener,
    identity: modules.identity,
    onError: (error) => log.error({ err: error }, 'live messages stopped'),
  })
  engines.metrics.watchOutbox(
    () => relay.lag(),
    () => clock.millis(),
  )
  for (const { name } of laneStats())
    engines.metrics.watchLane(name, () => laneStats().find((lane) => lane.name === name)?.depth ?? 0)
  for (const { name } of admission.stats()) {
    const of = (field: 'inside' | 'limit' | 'refused') => () =>
      admission.stats().find((each) => each.name === name)![field]
    engines.metrics.gauge(`admission_inside_${name}`, `Requests inside, of the class ${name}`, of('inside'))
    engines.metrics.gauge(
      `admission_refused_${name}`,
      `Requests that were turned away, of the class ${name}`,
      of('refused'),
    )
  }
  engines.metrics.gauge('kept_answers_bytes', 'Answers kept for visitors', () => kept.answers.stats().bytes)
  engines.metrics.gauge('kept_answers_hits', 'Questions answered from there', () => kept.answers.stats().hits)
  engines.metrics.watchJobs(() => engines.jobs.stats())
  engines.metrics.watchRealtime(() => hub.stats())
  await mountWeb(http, { config, engines, modules, hub, log, pages: kept.pages, innerHeaders: admission.innerHeaders })
  let today: Promise<void> | undefined
  const app: App = { ...modules, config, db: engines.db, engines, http, relay, start, close }
  return app

  async function start(): Promise<void> {
    const isWorker = hasRole(config, 'worker')
    // Not ready before there is a shop; WeChat's news reaches it while it is loaded.
    let isReady = !config.ZHANGGUI_DEMO
    engines.health.add('demo', async () => {
      if (!isReady) throw new Error('The demo shop is being loaded')
    })
    const listen = () => http.listen({ host: config.HOST, port: config.PORT })
    kept.start()
    await engines.jobs.start({ work: isWorker && 'later' })
    const isTold = config.ZHANGGUI_DEMO && (await loadDemoPast(app, () => Promise.all([listen(), relay.start()])))
    if (isWorker) await engines.jobs.start({ work: true })
    if (isWorker && !isTold) await relay.start()
    if (hasRole(config, 'realtime')) await hub.start()
    // A shop with a past opens with it; what happens today is seen happening.
    if (isTold) today = tellToday()
    else {
      if (config.ZHANGGUI_DEMO && (await loadDemo(app))) log.info('the demo shop was loaded')
      await listen()
    }
    isReady = true
  }

  async function tellToday(): Promise<void> {
    try {
      if (await loadDemo(app)) log.info('the demo shop was loaded')
    } catch (error) {
      log.error({ err: error }, 'the demo shop was not loaded to its end; the next start goes on')
    }
  }

  async function close(): Promise<void> {
    admission.drain()
    await hub.stop()
    // Nobody who is slow with a request or its answer keeps the others waiting for ever.
    const impatience = setTimeout(() => http.server.closeAllConnections(), STOP_TIMEOUT_MS)
    await http.close()
    clearTimeout(impatience)
    await today
    kept.stop()
    await relay.stop()
    await engines.jobs.stop()
    await modules.close()
    await engines.close()
  }
}

/** Origins of pictures and forms beside our own: the object store, and WeChat's pages. */
function trustedOrigins(config: Config): string[] {
  return [config.S3_PUBLIC_URL, config.WECHAT_SIMULATOR_URL].flatMap((url) =>
    url === undefined ? [] : [new URL(url).origin],
  )
}
