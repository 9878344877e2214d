import { hash } from 'node:crypto'
import { uuidv7 } from 'uuidv7'

/** A new time-ordered identifier (UUIDv7). Rows written together lie together in their index. */
export const newId = (): string => uuidv7()

/** The shop id under which rows of the platform itself stand. */
export const PLATFORM_SHOP_ID = '00000000-0000-0000-0000-000000000000'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const isUuid = (text: string): boolean => UUID.test(text)

/**
 * The identifier of something that is named by its parts (a ledger account by its code and owners, say):
 * a version 8 UUID from SHA-256, so that everybody computes the same id without a look-up.
 */
export function nameId(...parts: readonly string[]): string {
  const digest = hash('sha256', parts.join('\u001f'), 'buffer')
  digest[6] = (digest[6]! & 0x0f) | 0x80
  digest[8] = (digest[8]! & 0x3f) | 0x80
  const hex = digest.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
