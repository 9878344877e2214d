import { ROUTES, type RouteId, type Routes } from '@zhanggui/contract'
import sharp from 'sharp'
import type { z } from 'zod'
import { createTestDatabase } from '../../../../../tests/support/database.ts'
import { TestClock } from '../../kernel/clock.ts'
import type { StaffCaller } from '../../kernel/http/caller.ts'
import type { Call, Handler, Handlers } from '../../kernel/http/mount.ts'
import { newId } from '../../kernel/ids.ts'
import { composeCatalog } from './testing-world.ts'

type Input<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.input<S> : undefined
type Output<R> = R extends { response: infer S extends z.ZodType } ? z.output<S> : unknown

/** A shop with its catalogue on a database of its own, with a clock that is moved. */
export async function openTestCatalog() {
  const database = await createTestDatabase()
  const world = await composeCatalog(database.appUrl, new TestClock())
  // A schedule is due for the first time one period after it was first seen.
  await world.jobs.runDue()
  return {
    ...world,
    database,
    shopId: await world.openShop('test-shop'),
    async close() {
      await world.close()
      await database.drop()
    },
  }
}

const STAFF: StaffCaller = {
  kind: 'staff',
  staffId: newId(),
  sessionId: newId(),
  name: '王店长',
  permissions: new Set(),
  grants: [],
}

/** A picture of one colour; different numbers make different files. */
export const samplePicture = (number: number): Promise<Buffer> =>
  sharp({ create: { width: 20, height: 20, channels: 3, background: { r: number % 256, g: number >> 8, b: 90 } } })
    .png()
    .toBuffer()

/** Calls a handler as HTTP does, with input and answer checked against the contract, without a server. */
export async function callRoute<Id extends RouteId>(
  handlers: Handlers,
  id: Id,
  input: Partial<Record<'params' | 'query' | 'body', unknown>> & {
    params?: Input<Routes[Id], 'params'>
    query?: Input<Routes[Id], 'query'>
    body?: Input<Routes[Id], 'body'>
  },
): Promise<Output<Routes[Id]>> {
  const route = ROUTES[id] as { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType; response?: z.ZodType }
  const handler = handlers[id] as Handler<RouteId> | undefined
  if (!handler) throw new Error(`No handler of ${id}`)
  const answer = await handler({
    params: route.params?.parse(input.params),
    query: route.query?.parse(input.query ?? {}),
    body: route.body?.parse(input.body),
    caller: STAFF,
    idempotencyKey: '',
    ip: '127.0.0.1',
    requestId: 'test',
  } as unknown as Call)
  return (route.response ? route.response.parse(answer) : answer) as Output<Routes[Id]>
}
