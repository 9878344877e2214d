import { useEffect, useRef, useState } from 'react'

interface Listeners {
  open?: ((index: number) => void) | undefined
  toggle?: ((index: number) => void) | undefined
}

/** Where one is typing or a dialog is open, letters are letters. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, select, [contenteditable=true], [role=dialog], [role=listbox], [role=menu]') !== null

/** The tables on the screen; the last one that came has the keyboard. */
const tables: symbol[] = []

/**
 * Moves through the rows of a table without the mouse: `j`/`↓` and `k`/`↑` move, Enter opens, `x` selects.
 * Answers the row one is on, or -1.
 */
export function useRowKeys(count: number, listeners: Listeners): number {
  const [active, setActive] = useState(-1)
  const latest = useRef({ count, listeners, active })
  latest.current = { count, listeners, active }
  useEffect(() => {
    const me = Symbol('table')
    tables.push(me)
    const onKey = (event: KeyboardEvent) => {
      if (tables.at(-1) !== me || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const now = latest.current
      // On a button or link, Enter and arrows are its own.
      const onControl = event.target instanceof Element && event.target.closest('a, button, [tabindex="0"]') !== null
      if (event.key === 'j' || (event.key === 'ArrowDown' && !onControl && now.active >= 0))
        setActive(Math.min(now.count - 1, now.active + 1))
      else if (event.key === 'k' || (event.key === 'ArrowUp' && !onControl && now.active >= 0))
        setActive(Math.max(0, now.active - 1))
      else if (event.key === 'Enter' && now.active >= 0 && !onControl) now.listeners.open?.(now.active)
      else if (event.key === 'x' && now.active >= 0) now.listeners.toggle?.(now.active)
      else if (event.key === 'Escape' && now.active >= 0) setActive(-1)
      else return
      // One is on a row now: Enter is the row's and no longer that of the button one came from.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('keydown', onKey)
      tables.splice(tables.indexOf(me), 1)
    }
  }, [])
  const shown = active < count ? active : -1
  useEffect(() => {
    if (shown >= 0) document.querySelector('.active-row')?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  return shown
}
