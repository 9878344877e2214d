import { Agenda, type DueWork } from './agenda.ts'
import { SimulatorClock } from './clock.ts'
import { type KeyMaterial, loadKeyMaterial, newPlatformCertificate, saveKeyMaterial } from './credentials.ts'
import { Database } from './database.ts'
import { Parcels } from './express/parcels.ts'
import { Pushes } from './express/pushes.ts'
import { Faults } from './faults.ts'
import { Messages } from './messages.ts'
import { MiniApps } from './open/apps.ts'
import { Shipments } from './open/shipments.ts'
import { SubscribeMessages } from './open/subscribe.ts'
import { Accounts } from './pay/accounts.ts'
import { announceRefund, announceReturn, announceShare, announceTransfer } from './pay/announce.ts'
import { Bills } from './pay/bills.ts'
import { Combines } from './pay/combines.ts'
import { Notifications } from './pay/notifications.ts'
import { Orders } from './pay/orders.ts'
import { Receivers } from './pay/receivers.ts'
import { Refunds } from './pay/refunds.ts'
import { PlatformSigner } from './pay/signer.ts'
import { SplitBills } from './pay/split-bills.ts'
import { SplitReturns } from './pay/split-returns.ts'
import { Splits } from './pay/splits.ts'
import { Transfers } from './pay/transfers.ts'
import { People } from './people.ts'
import { SettingsStore } from './settings.ts'

/** Everything the simulated WeChat knows, without HTTP. */
export interface World {
  material: KeyMaterial
  db: Database
  clock: SimulatorClock
  settings: SettingsStore
  people: People
  messages: Messages
  signer: PlatformSigner
  orders: Orders
  refunds: Refunds
  faults: Faults
  accounts: Accounts
  receivers: Receivers
  splits: Splits
  splitReturns: SplitReturns
  splitBills: SplitBills
  transfers: Transfers
  combines: Combines
  notifications: Notifications
  bills: Bills
  apps: MiniApps
  subscribe: SubscribeMessages
  shipments: Shipments
  parcels: Parcels
  pushes: Pushes
  agenda: Agenda
  mchid: string
  /** Set once the port is known. */
  publicUrl: string
  advance(ms: number): Promise<void>
  /** Begins this far in the past; false once anything has happened. */
  begin(behindMs: number): boolean
  rotatePlatformCertificate(): Promise<string>
}

const MOST_AT_ONCE = 100

/** Work that ends things one by one, each with its announcement in one step, a bounded number in a turn. */
function finishing<T>(
  db: Database,
  work: { nextDueMs(): number | null },
  finishOne: () => T | undefined,
  announce: (finished: T) => void,
): DueWork {
  const one = () => {
    const finished = finishOne()
    if (finished !== undefined) announce(finished)
    return finished
  }
  return {
    nextDueMs: () => work.nextDueMs(),
    runDue: async () => {
      let done = 0
      while (done < MOST_AT_ONCE && db.transaction(one) !== undefined) done += 1
      return done
    },
  }
}

/** Opens (or creates) the world of a data folder; `folder` null keeps it in memory. */
export async function openWorld(folder: string | null, base: () => number): Promise<World> {
  const material = await loadKeyMaterial(folder, base())
  const env = material.credentials.env
  const db = new Database(folder)
  const settings = new SettingsStore(db)
  const clock = new SimulatorClock(base, settings.clockOffsetMs)
  const people = new People(db, clock, [env.WECHAT_MINI_APPID, env.WECHAT_MP_APPID])
  const messages = new Messages(db, clock)
  const signer = new PlatformSigner(material)
  const faults = new Faults()
  const accounts = new Accounts(db, clock, settings, env.WECHAT_PAY_MCHID)
  const orders = new Orders(db, clock, settings, accounts)
  const refunds = new Refunds({ db, clock, settings, orders, accounts, faults })
  const receivers = new Receivers(db, accounts, people)
  const sharing = { db, clock, settings, orders, accounts, receivers, faults }
  const splits = new Splits(sharing)
  const splitReturns = new SplitReturns(sharing, splits)
  const transfers = new Transfers({ db, clock, settings, people, accounts, faults })
  const bills = new Bills(db, clock, settings, accounts)
  const notifications = new Notifications({ db, clock, settings, signer, faults })
  const pushes = new Pushes(db, clock)
  const parcels: Parcels = new Parcels(db, clock, settings, (parcel) =>
    pushes.add(parcel, parcels.lines(parcel.number)),
  )
  const agenda = new Agenda(clock, [
    finishing(
      db,
      refunds,
      () => refunds.finishOne(),
      (refund) => announceRefund(world, refund),
    ),
    finishing(
      db,
      splits,
      () => splits.finishOne(),
      (done) => announceShare(world, done.split, done.receiver),
    ),
    finishing(
      db,
      splitReturns,
      () => splitReturns.finishOne(),
      (back) => announceReturn(world, back),
    ),
    finishing(
      db,
      transfers,
      () => transfers.stepOne(),
      (transfer) => announceTransfer(world, transfer),
    ),
    { nextDueMs: () => orders.nextThawMs(), runDue: async () => orders.thawDue() },
    { nextDueMs: () => notifications.nextDueMs(), runDue: () => notifications.deliverDue() },
    { nextDueMs: () => parcels.nextDueMs(), runDue: async () => parcels.runDue() },
    { nextDueMs: () => pushes.nextDueMs(), runDue: () => pushes.deliverDue() },
  ])
  for (const outbox of [notifications, pushes]) outbox.onChange(() => agenda.wake())
  const world: World = {
    ...{ material, db, clock, settings, people, messages, signer, orders, refunds, notifications, agenda },
    ...{ parcels, pushes, faults, accounts, receivers, splits, splitReturns, transfers, bills },
    splitBills: new SplitBills(db, bills, env.WECHAT_PAY_MCHID),
    combines: new Combines(db, clock, orders, accounts),
    apps: new MiniApps(db, clock, people, env),
    subscribe: new SubscribeMessages(db, settings, people, messages),
    shipments: new Shipments(db, clock, orders, env.WECHAT_PAY_MCHID),
    mchid: env.WECHAT_PAY_MCHID,
    publicUrl: '',
    begin(behindMs) {
      if (orders.list({ limit: 1 }).length > 0 || transfers.list({ limit: 1 }).length > 0) return false
      clock.begin(behindMs)
      settings.clockOffsetMs = clock.offsetMs
      return true
    },
    async advance(ms) {
      await agenda.advance(ms)
      settings.clockOffsetMs = clock.offsetMs
    },
    async rotatePlatformCertificate() {
      const certificate = await newPlatformCertificate(clock.now())
      material.platform.certificates.push(certificate)
      if (folder) saveKeyMaterial(folder, material)
      return certificate.serial
    },
  }
  agenda.wake()
  return world
}

export const yuan = (fen: number) => `¥${(fen / 100).toFixed(2)}`
