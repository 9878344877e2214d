/** One of several processes that place orders of one database, and tell the others by NOTIFY or by Redis. */
import { systemClock } from '../../apps/server/src/kernel/clock.ts'
import { announceEvents } from '../../apps/server/src/kernel/outbox-bell.ts'
import { createRedisNotifications } from '../../apps/server/src/kernel/redis.ts'
import { createWorld } from '../../apps/server/src/modules/orders/testing.ts'
import { serveOrders } from './serve-orders.ts'

const [appUrl, redisUrl] = process.argv.slice(2)
const world = await createWorld(appUrl!, systemClock, { maxConnections: 6 })
const redis = redisUrl ? createRedisNotifications(redisUrl) : undefined
announceEvents(world.db, redis ? { publish: redis.publish } : {})
const app = await serveOrders(world.orders.handlers)
process.on('disconnect', () => process.exit(0))
process.send!({ port: (app.server.address() as { port: number }).port })
