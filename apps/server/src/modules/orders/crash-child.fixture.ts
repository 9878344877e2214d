import { newId } from '../../kernel/ids.ts'
import { createTestWorld, placeInput } from './testing.ts'

/** A process that places orders as fast as it can and reports each answer, until it is killed. */
export interface CrashSetup {
  url: string
  shopId: string
  skuId: string
  at: string
}

const BUYERS = 64

if (process.argv[2] !== undefined && process.send !== undefined) {
  const setup = JSON.parse(process.argv[2]) as CrashSetup
  const world = await createTestWorld(setup.url)
  world.clock.set(setup.at)
  const buy = async () => {
    for (;;) {
      const input = placeInput(setup.shopId, newId(), [[setup.skuId, 1]], 100)
      const { orderId } = await world.orders.placeOrder(input)
      process.send!([orderId])
    }
  }
  await Promise.all(Array.from({ length: BUYERS }, buy))
}
