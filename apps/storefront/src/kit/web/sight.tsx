import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { BoxProps } from '../types.ts'

/** A list item that tells once when at least half of it has been seen for half a second. */
export function Seen({
  onSeen,
  className,
  testId,
  children,
}: Pick<BoxProps, 'className' | 'testId' | 'children'> & { onSeen: () => void }): JSX.Element {
  const ref = useRef<HTMLLIElement>(null)
  const latest = useRef(onSeen)
  latest.current = onSeen
  useEffect(() => {
    const box = ref.current
    if (!box || !('IntersectionObserver' in window)) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const observer = new IntersectionObserver(
      ([entry]) => {
        clearTimeout(timer)
        if (!entry?.isIntersecting) return
        timer = setTimeout(() => {
          observer.disconnect()
          latest.current()
        }, 500)
      },
      { threshold: 0.5 },
    )
    observer.observe(box)
    return () => {
      clearTimeout(timer)
      observer.disconnect()
    }
  }, [])
  return (
    <li ref={ref} class={className} data-testid={testId}>
      {children}
    </li>
  )
}

/** Calls back when the element comes near the visible part of the page. */
export function useInSight(onSight: () => void, margin: string) {
  const ref = useRef<HTMLDivElement>(null)
  const latest = useRef(onSight)
  latest.current = onSight
  useEffect(() => {
    if (!ref.current || !('IntersectionObserver' in window)) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && latest.current(),
      { rootMargin: margin },
    )
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [margin])
  return ref
}
