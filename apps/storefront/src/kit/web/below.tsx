import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { BelowProps } from '../types.ts'

/** The first page comes drawn by the server, whole; from the second one on we draw. */
let isFirstPage = true

/**
 * What lies below the first screen. On a page that the buyer has gone to by a tap it is drawn after the first frame, so
 * that the tap is answered sooner; meanwhile there is room for it, so that one who comes back stands where he stood.
 */
export function Below({ children }: BelowProps): JSX.Element {
  const [isShown, setShown] = useState(isFirstPage)
  useEffect(() => {
    isFirstPage = false
    if (isShown) return
    // effects run after a frame; one more lets it be seen
    const frame = requestAnimationFrame(() => setShown(true))
    return () => cancelAnimationFrame(frame)
  }, [])
  return <div class={isShown ? undefined : 'zg-below-room'}>{isShown && children}</div>
}
