import type { TestShop } from './app.ts'
import { newKey } from './http.ts'

export const VIEW_STATE = { filters: { state: 'shipped' }, look: { order: [], shown: {}, dense: false } }

/** Leaves a row in each table of the workspace. */
export async function leaveWorkspaceTraces({ shopId, owner }: TestShop, orderId: string): Promise<void> {
  const params = { shopId }
  const view = await owner.call('console.createView', {
    params,
    body: { list: 'orders', name: newKey().slice(0, 12), state: VIEW_STATE },
  })
  await owner.call('console.setDefaultView', { params, body: { list: 'orders', viewId: view.id } })
  await owner.call('console.startExport', {
    params,
    body: { route: 'console.orders', title: '订单', format: 'csv' },
  })
  await owner.call('console.setOnboarding', { params, body: { skip: { key: 'staff', skipped: true } } })
  const { items } = await owner.call('console.colleagues', { params })
  await owner.call('console.addNote', {
    params,
    idempotencyKey: newKey(),
    body: { entity: 'order', entityId: orderId, text: '请留意', mentions: [items[0]!.id] },
  })
}
