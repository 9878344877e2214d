import type { Client } from '@zhanggui/contract/client'
import type { App } from '../app.ts'
import { setWhereDefault } from './settings.ts'

/** Templates of the simulator: with a real WeChat the shop picks its own. */
const TEMPLATES = {
  'notifications.order-shipped-template': 'sim-order-shipped',
  'notifications.parcel-news-template': 'sim-parcel-news',
  'notifications.pick-up-template': 'sim-pick-up',
  'notifications.order-news-template': 'sim-order-news',
  'notifications.review-wanted-template': 'sim-review',
  'notifications.refund-done-template': 'sim-refund-result',
  'notifications.aftersale-template': 'sim-aftersale',
  'notifications.restock-template': 'sim-restock',
}

/** Has the demo shop send subscribe messages, which arrive on the simulator's phone. */
export async function setUpNotices(app: App, client: Client, shopId: string): Promise<void> {
  if (app.config.WECHAT_SIMULATOR_URL === undefined) return
  await setWhereDefault(client, shopId, TEMPLATES)
}
