import { hash, randomFillSync } from 'node:crypto'

/** Ids of one millisecond are counted on from a random number below this, so that they are in order. */
const COUNTER_START = 1 << 25
const COUNTER_END = 1 << 26
/** Of a counter, the digits behind those that stand beside the version. */
const LOW_BITS = 14
const LOW_MASK = (1 << LOW_BITS) - 1
const VARIANT = 0x8000
const RANDOM_BYTES = 6
const IDS_AT_ONCE = 512
const HEX_3 = Array.from({ length: 1 << 12 }, (_, value) => value.toString(16).padStart(3, '0'))

/** Random bytes, each used once; drawn many at a time, which is cheaper than a call for each. */
const random = Buffer.alloc(RANDOM_BYTES * IDS_AT_ONCE)
let used = random.length
let millis = 0
let counter = 0
let prefix = ''

/** A new time-ordered identifier (UUIDv7). Rows written together lie together in their index. */
export function newId(): string {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const now = Date.now()
  counter++
  // A clock that stands, or goes back, does not put a later id before an earlier one.
  if (now > millis) begin(now, random.readUInt32BE(used) % COUNTER_START)
  else if (counter === COUNTER_END) begin(millis + 1, 0)
  used += RANDOM_BYTES
  const middle = (VARIANT | (counter & LOW_MASK)).toString(16)
  return `${prefix}${HEX_3[counter >>> LOW_BITS]}-${middle}-${random.toString('hex', used - RANDOM_BYTES, used)}`
}

function begin(at: number, count: number): void {
  millis = at
  counter = count
  prefix = prefixAt(at)
}

function prefixAt(at: number): string {
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7`
}

/** Before every id that is made from this moment on, in milliseconds since 1970 by the machine's clock. */
export const idBefore = (at: number): string => `${prefixAt(at)}000-8000-000000000000`

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
