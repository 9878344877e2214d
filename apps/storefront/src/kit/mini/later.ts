import { Children, type ReactNode, useEffect, useState } from 'react'

/**
 * Draws the first items at once and the others a moment later: what a page hands to WeChat in one go stays small, and
 * the first screen is there sooner.
 */
export function useLater(children: unknown, first: number, delayMs: number): ReactNode[] {
  const [isLater, setLater] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  const all = Children.toArray(children as ReactNode)
  return isLater ? all : all.slice(0, first)
}
