import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { BoxProps } from '../types.ts'

/** One observer for everything that wants to know whether it is seen: a page shows dozens. */
const watched = new Map<Element, (isSeen: boolean) => void>()
let watcher: IntersectionObserver | undefined

function watch(element: Element, onChange: (isSeen: boolean) => void): () => void {
  watcher ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting)
    },
    { threshold: 0.5 },
  )
  watched.set(element, onChange)
  watcher.observe(element)
  return () => {
    watched.delete(element)
    watcher?.unobserve(element)
  }
}

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
    const stop = watch(box, (isSeen) => {
      clearTimeout(timer)
      if (!isSeen) return
      timer = setTimeout(() => {
        stop()
        latest.current()
      }, 500)
    })
    return () => {
      clearTimeout(timer)
      stop()
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
