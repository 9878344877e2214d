import { useEffect, useRef } from '@hooks'
import { useApp } from '../app.ts'

const LEAST_MS = 1_000
/** Longer timers overflow; a page is looked at again much sooner than that. */
const MOST_MS = 6 * 3_600_000

/** Loads again at the instant at which a price that is shown changes, by the server's clock. */
export function usePriceChange(instants: readonly (string | null | undefined)[], reload: () => unknown): void {
  const { serverNow } = useApp()
  const latest = useRef(reload)
  latest.current = reload
  const next = instants.filter((each) => typeof each === 'string').sort()[0]
  useEffect(() => {
    if (next === undefined) return
    const leftMs = Date.parse(next) - serverNow()
    if (leftMs > MOST_MS) return
    const timer = setTimeout(() => void latest.current(), Math.max(leftMs, LEAST_MS))
    return () => clearTimeout(timer)
  }, [next, instants.length])
}
