import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { BelowProps } from '../types.ts'

/** The first page comes drawn by the server, whole; from the second one on we draw. */
let isFirstPage = true

/** The first page lives: what is drawn from now on is drawn by us. */
export function firstPageLives(): void {
  isFirstPage = false
}

/**
 * Whether the part of a page that is not seen at first is drawn yet: at once on the page that the server drew, one
 * frame later on those that the buyer goes to by a tap.
 */
export function useDrawnWhole(): boolean {
  const [isWhole, setWhole] = useState(isFirstPage)
  useEffect(() => {
    if (isWhole) return
    // effects run after a frame; one more lets it be seen
    const frame = requestAnimationFrame(() => setWhole(true))
    return () => cancelAnimationFrame(frame)
  }, [])
  return isWhole
}

/**
 * What lies below the first screen. On a page that the buyer has gone to by a tap it is drawn after the first frame, so
 * that the tap is answered sooner; meanwhile there is room for it, so that one who comes back stands where he stood.
 */
export function Below({ children }: BelowProps): JSX.Element {
  const isShown = useDrawnWhole()
  return <div class={isShown ? undefined : 'zg-below-room'}>{isShown && children}</div>
}
