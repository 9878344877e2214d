import type { InvoiceWish } from '@zhanggui/contract'
import { dayName } from '../kernel/days.ts'
import type { Month } from './month.ts'
import type { Deed } from './month-deeds.ts'
import { MONTH_ORDERS } from './month-story.ts'

const TIME_ZONE = 'Asia/Shanghai'
const PERSON: InvoiceWish = { kind: 'person', type: 'ordinary', title: '个人' }
/** A company that does not exist, with a tax number that is well formed. */
const COMPANY: InvoiceWish = {
  ...{ kind: 'company', type: 'ordinary', title: '厦门雅集文化创意有限公司', taxNo: '91350200MA2XK00017' },
}

/** Requests of the month's buyers: what was issued, refused, and what waits. */
const REQUESTS: readonly { key: string; wish: InvoiceWish; number?: string; reason?: string }[] = [
  { key: 'a2', wish: PERSON, number: '24612000000010000431' },
  { key: 'h2', wish: PERSON, number: '24332000000010000432' },
  { key: 'b2', wish: { ...PERSON, title: '食堂' }, reason: '抬头要写单位全称，请补上税号重新申请' },
  { key: 'g1', wish: COMPANY },
  { key: 'f1', wish: PERSON },
]

/** Buyers ask; the shop issues what it has got round to. */
export const askInvoices =
  (...keys: readonly string[]): Deed =>
  async (month) => {
    for (const request of REQUESTS) if (keys.includes(request.key)) await ask(month, request)
  }

async function ask(month: Month, { key, wish, number, reason }: (typeof REQUESTS)[number]): Promise<void> {
  const { app, owner, customers, shopId } = month
  const { client } = customers[MONTH_ORDERS.find((order) => order.key === key)!.buyer]!
  const at = { params: { shopId, orderId: month.orderId(key) } }
  // A morning that is told again finds them.
  if ((await client('invoices.ofOrder', at)).invoices.length > 0) return
  const { id: invoiceId, amountFen } = await client('invoices.ask', { ...at, body: wish })
  const one = { params: { shopId, invoiceId } }
  if (reason !== undefined) await owner('console.refuseInvoice', { ...one, body: { reason } })
  if (number === undefined) return
  const issuedOn = dayName(app.engines.clock.millis(), TIME_ZONE)
  const link = `https://dppt.chinatax.example/v/${number}`
  await owner('console.issueInvoice', { ...one, body: { number, issuedOn, amountFen, link, fileIds: [] } })
}
