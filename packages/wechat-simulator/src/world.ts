import { Agenda } from './agenda.ts'
import { rfc3339 } from './beijing.ts'
import { SimulatorClock } from './clock.ts'
import { type KeyMaterial, loadKeyMaterial, newPlatformCertificate, saveKeyMaterial } from './credentials.ts'
import { Database } from './database.ts'
import { Parcels } from './express/parcels.ts'
import { Pushes } from './express/pushes.ts'
import { Messages } from './messages.ts'
import { MiniApps } from './open/apps.ts'
import { Shipments } from './open/shipments.ts'
import { SubscribeMessages } from './open/subscribe.ts'
import { Bills } from './pay/bills.ts'
import { Notifications } from './pay/notifications.ts'
import { Orders } from './pay/orders.ts'
import { RECEIVED_ACCOUNT, type Refund, Refunds } from './pay/refunds.ts'
import { PlatformSigner } from './pay/signer.ts'
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
  rotatePlatformCertificate(): Promise<string>
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
  const orders = new Orders(db, clock)
  const refunds = new Refunds(db, clock, settings, orders)
  const notifications = new Notifications(db, clock, settings, signer)
  const pushes = new Pushes(db, clock)
  const parcels: Parcels = new Parcels(db, clock, settings, (parcel) =>
    pushes.add(parcel, parcels.lines(parcel.number)),
  )
  const agenda = new Agenda(clock, [
    {
      nextDueMs: () => refunds.nextDueMs(),
      runDue: async () => {
        const refund = db.transaction(() => {
          const finished = refunds.finishOne()
          if (finished) announceRefund(world, finished)
          return finished
        })
        return refund ? 1 : 0
      },
    },
    { nextDueMs: () => notifications.nextDueMs(), runDue: () => notifications.deliverDue() },
    { nextDueMs: () => parcels.nextDueMs(), runDue: async () => parcels.runDue() },
    { nextDueMs: () => pushes.nextDueMs(), runDue: () => pushes.deliverDue() },
  ])
  for (const outbox of [notifications, pushes]) outbox.onChange(() => agenda.wake())
  const world: World = {
    ...{ material, db, clock, settings, people, messages, signer, orders, refunds, notifications, agenda },
    ...{ parcels, pushes },
    bills: new Bills(db, clock, settings, env.WECHAT_PAY_MCHID),
    apps: new MiniApps(db, clock, people, env),
    subscribe: new SubscribeMessages(db, settings, people, messages),
    shipments: new Shipments(db, clock, orders, env.WECHAT_PAY_MCHID),
    mchid: env.WECHAT_PAY_MCHID,
    publicUrl: '',
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

function announceRefund(world: World, refund: Refund): void {
  const order = world.orders.get(refund.out_trade_no)!
  if (refund.status === 'SUCCESS' && order.payer_id) {
    world.messages.add({
      person_id: order.payer_id,
      kind: 'refund',
      sender: '微信支付',
      title: '退款到账通知',
      fields: [
        { name: '退款金额', value: yuan(refund.amount) },
        { name: '商户', value: world.settings.get().merchant_name },
        { name: '退回到', value: RECEIVED_ACCOUNT.replace('支付用户', '') },
        ...(refund.reason ? [{ name: '退款原因', value: refund.reason }] : []),
        { name: '退款单号', value: refund.refund_id },
      ],
      page: null,
    })
  }
  if (!refund.notify_url) return
  const texts = { SUCCESS: '退款成功', CLOSED: '退款关闭', ABNORMAL: '退款异常', PROCESSING: '' }
  world.notifications.add({
    eventType: `REFUND.${refund.status}`,
    kind: 'refund',
    summary: texts[refund.status],
    subject: refund.out_refund_no,
    url: refund.notify_url,
    plain: {
      mchid: world.mchid,
      transaction_id: order.transaction_id,
      out_trade_no: order.out_trade_no,
      refund_id: refund.refund_id,
      out_refund_no: refund.out_refund_no,
      refund_status: refund.status,
      ...(refund.success_at !== null && { success_time: rfc3339(refund.success_at) }),
      user_received_account: RECEIVED_ACCOUNT,
      amount: {
        total: order.amount,
        refund: refund.amount,
        payer_total: order.amount,
        payer_refund: refund.amount,
      },
    },
  })
}
