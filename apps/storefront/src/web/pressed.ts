import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

const compress = promisify(brotliCompress)

/** Slow enough to be worth keeping, a tenth smaller than what answers are compressed with on their way. */
const QUALITY = 9

export type Press = (key: string, text: string) => Promise<Buffer>

/**
 * Compresses texts and keeps the newest, `maxBytes` in all, under their keys: what many ask for is compressed once, and
 * by one of those who ask at the same time.
 */
export function createPress(maxBytes: number): Press {
  const kept = new Map<string, { pressed: Promise<Buffer>; bytes: number }>()
  let total = 0
  const drop = (key: string) => {
    total -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
  }
  return (key, text) => {
    const known = kept.get(key)
    if (known) {
      // the newest is last
      kept.delete(key)
      kept.set(key, known)
      return known.pressed
    }
    const pressed = compress(text, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
      },
    })
    const entry = { pressed, bytes: 0 }
    kept.set(key, entry)
    pressed.then(
      ({ length }) => {
        if (kept.get(key) !== entry) return
        entry.bytes = length
        total += length
        for (const oldest of kept.keys()) {
          if (total <= maxBytes || oldest === key) break
          drop(oldest)
        }
      },
      () => kept.delete(key),
    )
    return pressed
  }
}
