import { startTestApp, type TestApp } from '../app.ts'
import { runningClock } from '../clock.ts'
import { type Books, readBooks } from './books.ts'
import { type DrillWorld, type Load, startLoad } from './load.ts'

export interface DrillReport extends Books {
  drill: string
  /** From the moment the cause was gone until an order was acknowledged again; the longest, where it came more than once. */
  recoveryMs: number
  /** From the fault until an order was acknowledged again. */
  outageMs: number
  longestAnswerMs: number
  /** Times that a buyer was asked to come back, by the code he saw. */
  notNow: Record<string, number>
  /** A sentence for each thing that should not have been. */
  wrong: string[]
}

export interface DrillOptions {
  /** How many times the fault comes. */
  times: number
  /** Orders acknowledged before each fault, and after the last. */
  orders: number
}

/** How long a fault was, and how long until an order was acknowledged once it was over. */
export interface Fault {
  recoveryMs: number
  outageMs: number
}

export type Strike = (load: Load) => Promise<Fault>

export const RECOVERED_ORDERS = 5

export async function withApp<T>(
  options: Parameters<typeof startTestApp>[0],
  work: (app: TestApp) => Promise<T>,
): Promise<T> {
  const app = await startTestApp({ clickhouse: false, clock: runningClock(), ...options })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}

/** Load, fault, load again, as often as asked; then the books. */
export async function drill(
  name: string,
  world: DrillWorld,
  url: string,
  { times, orders }: DrillOptions,
  strike: Strike,
  ended: () => Promise<void> = async () => {},
): Promise<DrillReport> {
  const load = startLoad(world, url)
  const faults: Fault[] = []
  try {
    for (let time = 0; time < times; time++) {
      await load.more(orders)
      faults.push(await strike(load))
    }
    await load.more(orders)
  } finally {
    await load.stop().finally(ended)
  }
  return {
    drill: name,
    ...(await readBooks(world, load)),
    recoveryMs: Math.round(Math.max(...faults.map((fault) => fault.recoveryMs))),
    outageMs: Math.round(Math.max(...faults.map((fault) => fault.outageMs))),
    longestAnswerMs: Math.round(load.longestAnswerMs),
    notNow: Object.fromEntries(load.notNow),
    wrong: load.wrong,
  }
}

/** Measures from when `cause` begins and ends until orders are acknowledged. */
export async function measure(load: Load, cause: () => Promise<void>): Promise<Fault> {
  const beganAt = performance.now()
  await cause()
  const overAt = performance.now()
  const acknowledgedAt = await load.more(RECOVERED_ORDERS)
  return { recoveryMs: Math.max(0, acknowledgedAt - overAt), outageMs: acknowledgedAt - beganAt }
}
