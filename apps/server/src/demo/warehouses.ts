import type { Client } from '@zhanggui/contract/client'

/** The front warehouse stands in Shenzhen, so that the demo's orders from there show same-city routing. */
export async function placeFrontWarehouse(client: Client, shopId: string): Promise<void> {
  const { items } = await client('console.warehouses', { params: { shopId } })
  const front = items.find((warehouse) => warehouse.kind === 'front')
  if (front?.region !== '') return
  const { id: warehouseId, code, name, kind, active, priority } = front
  await client('console.updateWarehouse', {
    params: { shopId, warehouseId },
    body: { code, name, kind, active, priority, region: '广东省深圳市' },
  })
}
