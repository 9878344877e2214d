import { useEffect, useMemo, useRef } from 'react'

/** Runs `work` at once, and during the next `ms` at most once more, at their end. */
export function useThrottled(work: () => void, ms: number): () => void {
  const latest = useRef(work)
  latest.current = work
  const throttle = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let again = false
    const run = () => {
      if (timer !== undefined) {
        again = true
        return
      }
      latest.current()
      timer = setTimeout(() => {
        timer = undefined
        if (again) {
          again = false
          run()
        }
      }, ms)
    }
    return { run, stop: () => clearTimeout(timer) }
  }, [ms])
  useEffect(() => throttle.stop, [throttle])
  return throttle.run
}
