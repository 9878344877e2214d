import { useEffect, useState } from '@hooks'

/** Once the page has come to rest, what may be wanted next is fetched without being asked for. */
const REST_MS = 1_500

/**
 * A part of a page whose code the first screen can do without: fetched when it is wanted, or before that when the
 * page has been resting. Undefined until it is there; `onMissing` is called when it is wanted and cannot be fetched.
 */
export function useLate<T>(load: () => Promise<T>, isWanted: boolean, onMissing?: () => void): T | undefined {
  const [found, setFound] = useState<{ part: T } | undefined>(undefined)
  useEffect(() => {
    if (found) return
    let isOver = false
    const fetchPart = () =>
      load().then(
        (part) => {
          if (!isOver) setFound({ part })
        },
        () => {
          if (!isOver && isWanted) onMissing?.()
        },
      )
    const timer = setTimeout(fetchPart, isWanted ? 0 : REST_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [found, isWanted])
  return found?.part
}
