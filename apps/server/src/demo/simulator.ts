import { setTimeout as delay } from 'node:timers/promises'

const WAIT_MS = 15_000
const PAUSE_MS = 10

/** One of the simulator's people. */
export interface Person {
  id: string
  name: string
  phone: string
}

/** The simulator's control interface: reads without a body, writes with one. */
export async function ask<T>(base: string, path: string, body?: unknown, method = 'POST'): Promise<T> {
  const response = await fetch(
    base + path,
    body === undefined ? {} : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (!response.ok) throw new Error(`The simulator answered ${response.status} to ${path}: ${await response.text()}`)
  return (await response.json()) as T
}

/** Asks until it is so. @throws Error with `failure` when that takes too long */
export async function until(isThere: () => Promise<boolean>, failure: string): Promise<void> {
  for (let waited = 0; waited < WAIT_MS; waited += PAUSE_MS) {
    if (await isThere()) return
    await delay(PAUSE_MS)
  }
  throw new Error(failure)
}
