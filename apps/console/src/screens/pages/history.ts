/** What can be taken back and done again. `key` names the field that was changed last: typing on is one step. */
export interface History<T> {
  past: readonly T[]
  present: T
  future: readonly T[]
  key: string | null
}

const MOST_STEPS = 100

export const startHistory = <T>(present: T): History<T> => ({ past: [], present, future: [], key: null })

/** A change. With the same key as the one before it, both are one step. */
export function change<T>(history: History<T>, present: T, key: string | null = null): History<T> {
  if (key !== null && key === history.key) return { ...history, present, future: [] }
  return { past: [...history.past, history.present].slice(-MOST_STEPS), present, future: [], key }
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1)
  if (history.past.length === 0) return history
  return {
    past: history.past.slice(0, -1),
    present: present as T,
    future: [history.present, ...history.future],
    key: null,
  }
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future
  if (history.future.length === 0) return history
  return { past: [...history.past, history.present], present: present as T, future, key: null }
}
