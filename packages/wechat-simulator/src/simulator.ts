import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { controlPlugin } from './control/plugin.ts'
import { type SimulatorCredentials, saveKeyMaterial, withAddresses } from './credentials.ts'
import type { Course } from './express/journey.ts'
import type { Parcel, ParcelLine, Plan } from './express/parcels.ts'
import { expressPlugin } from './express/plugin.ts'
import type { Chaos, ChaosInput, FaultInput, FaultKind, Faults } from './faults.ts'
import type { Message } from './messages.ts'
import { openPlugin } from './open/plugin.ts'
import type { Template } from './open/subscribe.ts'
import { pagesPlugin } from './pages/plugin.ts'
import type { Flow, Merchant } from './pay/accounts.ts'
import type { Attempt, Notification } from './pay/notifications.ts'
import type { Order } from './pay/orders.ts'
import { confirmTransfer, type PayInput, payOnPhone } from './pay/phone-payment.ts'
import { payPlugin } from './pay/plugin.ts'
import type { Refund, RefundStatus } from './pay/refunds.ts'
import type { SplitReturn } from './pay/split-returns.ts'
import type { Split, SplitReceiver } from './pay/splits.ts'
import type { Transfer } from './pay/transfers.ts'
import type { Person } from './people.ts'
import type { Settings } from './settings.ts'
import { openWorld, type World } from './world.ts'

export interface SimulatorOptions {
  /** 0 (the default) takes any free port. */
  port?: number
  host?: string
  /** Where keys and state live; without it everything is in memory and gone at close. */
  data?: string
  /** The address others reach it by; default `http://<host>:<port>`. */
  publicUrl?: string
  /** The base clock, for tests that move their own. Default: the machine's. */
  now?: () => number
}

export interface Simulator {
  url: string
  /** `credentials.env` is what the shop is configured with. */
  credentials: SimulatorCredentials
  clock: { now(): number; date(): Date; advance(ms: number): Promise<void> }
  people: {
    list(): Person[]
    /** By id, phone, name or openid; throws when there is none. */
    get(key: string): Person
    create(input: { name: string; phone: string; avatar_color?: string }): Person
    /** What `wx.login` yields on this person's phone. */
    loginCode(key: string, appid?: string): string
    /** What the getPhoneNumber button yields. */
    phoneCode(key: string, appid?: string): string
    /** What a page gets back from `/connect/oauth2/authorize`. */
    oauthCode(key: string, scope?: 'snsapi_base' | 'snsapi_userinfo'): string
    /** Plays `wx.requestSubscribeMessage` with every template accepted. */
    subscribe(key: string, templateIds: string[]): void
  }
  /** Plays a person's decision; throws PhoneRefusal when a phone would not pay. Deliveries follow; see `settle`. */
  pay(input: PayInput): { result: 'ok' | 'cancel'; order: Order }
  /** Resolves when everything due was done: refunds finished, notifications answered. */
  settle(): Promise<void>
  order(outTradeNo: string): Order | undefined
  orders(): Order[]
  refund(outRefundNo: string): Refund | undefined
  refunds(): Refund[]
  /** How an open refund shall end. */
  decideRefund(outRefundNo: string, outcome: RefundStatus): boolean
  /** Merchants beside the shop's own; the key is a name or an mchid, and `get` throws when there is none. */
  merchants: {
    list(): Merchant[]
    get(key: string): Merchant
    create(name: string): Merchant
    change(key: string, part: Partial<Pick<Merchant, 'allows_returns' | 'max_ratio_bp'>>): Merchant
    /** What it did with its money elsewhere, or (negative) what it put in. */
    spend(key: string, fen: number): void
  }
  /** The shop's own account, or another merchant's. */
  account(mchid?: string): { balanceFen: number; frozenFen: number; availableFen: number }
  flows(mchid?: string): Flow[]
  /** Puts money into the shop's account, so that transfers have something to draw on; negative takes it out. */
  topUp(fen: number): void
  split(outOrderNo: string): (Split & { receivers: SplitReceiver[]; returns: SplitReturn[] }) | undefined
  splits(): Split[]
  /** How a receiver who is not done shall end; false when there is none. */
  decideSplit(outOrderNo: string, account: string, outcome: SplitReceiver['outcome'], reason?: string): boolean
  transfer(outBillNo: string): Transfer | undefined
  transfers(person?: string): Transfer[]
  /** Plays the receiver's decision; throws PhoneRefusal when there is nothing to confirm. */
  confirmTransfer(input: { package: string; person: string; action?: 'confirm' | 'refuse' }): Transfer
  decideTransfer(outBillNo: string, outcome: Transfer['outcome'], reason?: string): boolean
  messages(person?: string): Message[]
  notifications(subject?: string): Notification[]
  resend(notificationId: string): Promise<Attempt | undefined>
  /** Parcels that the shop has followed, or that were planned; `move` and `steer` answer false at the end of the way. */
  parcels: {
    list(): Parcel[]
    lines(number: string): ParcelLine[]
    plan(plan: Pick<Plan, 'number'> & Partial<Plan>): boolean
    move(number: string): boolean
    steer(number: string, course: Course): boolean
  }
  settings(change?: Partial<Settings>): Settings
  templates(): Template[]
  saveTemplate(template: Template): void
  fault(fault: FaultInput): void
  clearFaults(): void
  /** Random mode: faults drawn from a seed by their rates; null ends it. */
  chaos(input: ChaosInput | null): Chaos | null
  faultsPlayed(): { total: number; kinds: Partial<Record<FaultKind, number>> }
  rotatePlatformCertificate(): Promise<string>
  close(): Promise<void>
}

/** As SQLite has it: whoever drives the simulator sees everything that happened. */
const ALL = -1
const MOST_BODY_BYTES = 1_048_576

async function listen(world: World, faults: Faults, options: SimulatorOptions): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: MOST_BODY_BYTES, forceCloseConnections: true })
  await app.register(payPlugin, { world, faults })
  await app.register(openPlugin, { world, faults })
  await app.register(expressPlugin, { world, faults })
  await app.register(controlPlugin, { world, faults })
  await app.register(pagesPlugin, { world })
  await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  return app
}

/** Starts a simulated WeChat. In a test: `const sim = await startSimulator()` … `await sim.close()`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const folder = options.data ?? null
  const world = await openWorld(folder, options.now ?? Date.now)
  const app = await listen(world, world.faults, options)
  const { port } = app.server.address() as AddressInfo
  const host = options.host && options.host !== '0.0.0.0' ? options.host : '127.0.0.1'
  world.publicUrl = (options.publicUrl ?? `http://${host}:${port}`).replace(/\/$/, '')
  world.material.credentials = withAddresses(world.material.credentials, world.publicUrl)
  if (folder) saveKeyMaterial(folder, world.material)
  return {
    ...handle(world, world.faults),
    url: world.publicUrl,
    credentials: world.material.credentials,
    async close() {
      await world.agenda.close()
      await app.close()
      world.db.close()
    },
  }
}

type MoneyHandle = Pick<
  Simulator,
  | 'merchants'
  | 'account'
  | 'flows'
  | 'topUp'
  | 'split'
  | 'splits'
  | 'decideSplit'
  | 'transfer'
  | 'transfers'
  | 'confirmTransfer'
  | 'decideTransfer'
>

function moneyHandle(world: World): MoneyHandle {
  const { accounts, splits, splitReturns, transfers } = world
  const merchant = (key: string): Merchant => {
    const found = accounts.merchant(key)
    if (!found) throw new Error(`the simulator knows no merchant called ${key}`)
    return found
  }
  const woken = <T>(result: T): T => {
    world.agenda.wake()
    return result
  }
  return {
    merchants: {
      list: () => accounts.merchants(),
      get: merchant,
      create: (name) => accounts.create(name),
      change(key, part) {
        accounts.change(merchant(key).mchid, part)
        return merchant(key)
      },
      spend: (key, fen) => accounts.move(merchant(key).mchid, -fen),
    },
    account: (mchid = world.mchid) => ({
      balanceFen: accounts.balance(mchid),
      frozenFen: accounts.frozen(mchid),
      availableFen: accounts.available(mchid),
    }),
    flows: (mchid = world.mchid) => accounts.flows(mchid, 0, Number.MAX_SAFE_INTEGER),
    topUp: (fen) => accounts.move(world.mchid, fen),
    split(outOrderNo) {
      const split = splits.get(outOrderNo)
      const receivers = splits.receiversOf(outOrderNo)
      return split && { ...split, receivers, returns: splitReturns.ofSplit(outOrderNo) }
    },
    splits: () => splits.list(ALL),
    decideSplit: (outOrderNo, account, outcome, reason = 'ACCOUNT_ABNORMAL') =>
      woken(splits.decide(outOrderNo, account, outcome, reason)),
    transfer: (outBillNo) => transfers.get(outBillNo),
    transfers: (person) => transfers.list({ person_id: person && personOf(world, person).id, limit: ALL }),
    confirmTransfer: (input) => confirmTransfer(world, { action: 'confirm', ...input }).transfer,
    decideTransfer: (outBillNo, outcome, reason = 'PAYEE_ACCOUNT_ABNORMAL') =>
      transfers.decide(outBillNo, outcome, reason),
  }
}

function personOf(world: World, key: string): Person {
  const person = world.people.find(key)
  if (!person) throw new Error(`the simulator knows nobody called ${key}`)
  return person
}

function handle(world: World, faults: Faults): Omit<Simulator, 'url' | 'credentials' | 'close'> {
  const { people, clock, apps } = world
  const get = (key: string): Person => personOf(world, key)
  return {
    clock: { now: () => clock.now(), date: () => new Date(clock.now()), advance: (ms) => world.advance(ms) },
    people: {
      list: () => people.list(),
      get,
      create: (input) => people.create(input),
      loginCode: (key, appid = apps.miniAppid) => people.newCode('login', get(key).id, appid),
      phoneCode: (key, appid = apps.miniAppid) => people.newCode('phone', get(key).id, appid),
      oauthCode: (key, scope = 'snsapi_userinfo') => people.newCode('oauth', get(key).id, apps.mpAppid, scope),
      subscribe: (key, templateIds) => world.subscribe.grant(get(key), apps.miniAppid, templateIds),
    },
    pay: (input) => payOnPhone(world, input),
    settle: () => world.agenda.settle(),
    order: (outTradeNo) => world.orders.get(outTradeNo),
    orders: () => world.orders.list({ limit: ALL }),
    refund: (outRefundNo) => world.refunds.get(outRefundNo),
    refunds: () => world.refunds.list(ALL),
    decideRefund: (outRefundNo, outcome) => world.refunds.decide(outRefundNo, outcome),
    ...moneyHandle(world),
    messages: (person) => world.messages.list({ person_id: person && get(person).id, limit: ALL }),
    notifications: (subject) => world.notifications.list({ subject, limit: ALL }),
    resend: (notificationId) => world.notifications.resend(notificationId),
    parcels: {
      list: () => world.parcels.list(ALL),
      lines: (number) => world.parcels.lines(number),
      plan: (plan) => world.parcels.plan({ course: 'delivered', from: '', to: '', ageHours: 0, ...plan }),
      move: (number) => world.parcels.move(number),
      steer: (number, course) => world.parcels.steer(number, course),
    },
    settings: (change) => (change ? world.settings.change(change) : world.settings.get()),
    templates: () => world.subscribe.templates(),
    saveTemplate: (template) => world.subscribe.saveTemplate(template),
    fault: (fault) => {
      faults.add(fault)
    },
    clearFaults: () => faults.clear(),
    chaos: (input) => faults.setChaos(input),
    faultsPlayed: () => faults.played(),
    rotatePlatformCertificate: () => world.rotatePlatformCertificate(),
  }
}
