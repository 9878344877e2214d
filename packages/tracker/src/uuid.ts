/** Fills the array with random bytes; the browser's own generator where there is one. */
export type RandomBytes = (target: Uint8Array<ArrayBuffer>) => void

/** Mini programs have no synchronous `crypto`; ids of events need to differ, not to be secret. */
export const randomBytes: RandomBytes = (target) => {
  if (globalThis.crypto?.getRandomValues) globalThis.crypto.getRandomValues(target)
  else for (let i = 0; i < target.length; i++) target[i] = Math.random() * 256
}

/** UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then random bits, so that ids sort by time. */
export function uuidv7(nowMs: number, fill: RandomBytes = randomBytes): string {
  const bytes = new Uint8Array(16)
  fill(bytes)
  for (let i = 5, rest = nowMs; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
