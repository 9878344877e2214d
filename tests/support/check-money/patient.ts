import { setTimeout as delay } from 'node:timers/promises'
import { ApiError } from '../../../packages/contract/src/client.ts'

const TRIES = 150
const PAUSE_MS = 150
/** Codes of an answer that says nothing about what was asked for. */
const TRY_AGAIN = new Set(['IN_PROGRESS', 'RATE_LIMITED', 'TOO_MANY_REQUESTS'])

const saysNothing = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 500 || TRY_AGAIN.has(error.code))

/** Asks until there is an answer, as a buyer's phone does while the shop comes and goes. @throws ApiError refusals */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await ask()
    } catch (error) {
      if (!saysNothing(error) || tries >= TRIES) throw error
      await delay(PAUSE_MS * (0.5 + Math.random()))
    }
}

/** The answer, or the code of the refusal. */
export async function orRefusal<T>(ask: () => Promise<T>): Promise<T | { refused: string }> {
  try {
    return await patiently(ask)
  } catch (error) {
    if (error instanceof ApiError) return { refused: error.code }
    throw error
  }
}
