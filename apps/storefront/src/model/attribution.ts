import type { Platform } from '../platform/port.ts'

const KEY = 'zg.from'
const CODE = /^[\w-]{1,40}$/
/** What happens this long after a share was opened still counts as having come by it; a newer share takes over. */
export const KEPT_MS = 7 * 24 * 3_600_000

type Storage = Pick<Platform['storage'], 'get' | 'set'>

/** Remembers by which share or channel the visitor came; addresses without one leave the last in force. (UX-05) */
export function keepShare(storage: Storage, from: string | undefined, nowMs: number): void {
  if (from !== undefined && CODE.test(from)) storage.set(KEY, `${from} ${nowMs}`)
}

/** The share or channel in force, or undefined. */
export function keptShare(storage: Storage, nowMs: number): string | undefined {
  const [code = '', at = ''] = (storage.get(KEY) ?? '').split(' ')
  const age = nowMs - Number(at)
  return CODE.test(code) && at !== '' && age >= 0 && age < KEPT_MS ? code : undefined
}
