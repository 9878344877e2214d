import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROUTES, type RouteId, type Routes } from '@zhanggui/contract'
import sharp from 'sharp'
import type { z } from 'zod'
import { createTestDatabase } from '../../../../../tests/support/database.ts'
import { TestClock } from '../../kernel/clock.ts'
import { Db } from '../../kernel/db.ts'
import { createFiles, createLocalStorage } from '../../kernel/files.ts'
import type { StaffCaller } from '../../kernel/http/caller.ts'
import type { Call, Handler, Handlers } from '../../kernel/http/mount.ts'
import { newId } from '../../kernel/ids.ts'
import { createJobs } from '../../kernel/jobs.ts'
import { createSettings } from '../../kernel/settings.ts'
import { createParties } from '../parties/index.ts'
import { type CatalogDeps, createCatalog, type StockPort } from './index.ts'

type Input<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? z.input<S> : undefined
type Output<R> = R extends { response: infer S extends z.ZodType } ? z.output<S> : unknown

/** Stock that only counts: what the catalogue sees of the stock module. */
export function countingStock(): StockPort & { units: Map<string, number> } {
  const units = new Map<string, number>()
  return {
    units,
    available: async (_tx, _shopId, skuIds) => new Map(skuIds.map((id) => [id, units.get(id) ?? 0])),
    async receive(tx, { lines }) {
      tx.afterCommit(() => {
        for (const { skuId, quantity } of lines) units.set(skuId, (units.get(skuId) ?? 0) + quantity)
      })
    },
  }
}

/** A shop with its catalogue on a database of its own. */
export async function openTestCatalog() {
  const database = await createTestDatabase()
  const db = new Db({ url: database.appUrl, maxConnections: 8 })
  const clock = new TestClock()
  const settings = createSettings(db, clock)
  const parties = createParties({ clock })
  const stock = countingStock()
  const folder = await mkdtemp(path.join(tmpdir(), 'zhanggui-catalog-'))
  const files = createFiles({ db, clock, storage: createLocalStorage(folder) })
  const jobs = createJobs({ db, clock })
  const deps: CatalogDeps = { db, clock, settings, files, jobs, stock, findShop: parties.findShop }
  const catalog = createCatalog(deps)
  catalog.registerJobs()
  await jobs.start({ work: false })
  // A schedule is due for the first time one period after it was first seen.
  await jobs.runDue()
  const openShop = async (slug: string) =>
    (await db.tx('system', (tx) => parties.openShop(tx, { slug, name: slug }))).id
  return {
    database,
    db,
    clock,
    settings,
    stock,
    files,
    jobs,
    deps,
    catalog,
    openShop,
    shopId: await openShop('test-shop'),
    async close() {
      await jobs.stop()
      await settings.close()
      await db.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const STAFF: StaffCaller = {
  kind: 'staff',
  staffId: newId(),
  sessionId: newId(),
  name: '王店长',
  permissions: new Set(),
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
