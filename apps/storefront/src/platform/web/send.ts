import type { WireRequest, WireResponse } from '@zhanggui/contract/client'
import { createCell } from '../../app.ts'

const TIMEOUT_MS = 15_000
/** After this long without an answer the buyer is told that the network is slow. */
const SLOW_MS = 3_000

/** Whether a request has been waiting for long. */
export const isSlow = createCell(false)
const late = new Set<WireRequest>()

function watch(request: WireRequest): () => void {
  const timer = setTimeout(() => {
    late.add(request)
    isSlow.set(true)
  }, SLOW_MS)
  return () => {
    clearTimeout(timer)
    late.delete(request)
    isSlow.set(late.size > 0)
  }
}

/** How far the server's clock is ahead of this one, in ms. */
let offsetMs = 0

/** The server's time, so that a countdown is right on a phone whose clock is not. */
export const serverNow = (): number => Date.now() + offsetMs
export const setServerNow = (serverMs: number, atMs: number): void => {
  offsetMs = serverMs - atMs
}

/** `fetch` with a time limit. Learns the server's clock from the Date header (whole seconds, cut off). */
export async function sendWithClock(request: WireRequest): Promise<WireResponse> {
  const startedAt = Date.now()
  const done = watch(request)
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    credentials: 'same-origin',
    signal: AbortSignal.timeout?.(TIMEOUT_MS) ?? null,
  }).finally(done)
  const date = Date.parse(response.headers.get('date') ?? '')
  const heard = date + 500 - (startedAt + Date.now()) / 2
  // a better guess than the last only when they differ by more than the header's own precision
  if (Number.isFinite(heard) && Math.abs(heard - offsetMs) > 1_000) offsetMs = heard
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, json: isJson ? await response.json() : undefined }
}
