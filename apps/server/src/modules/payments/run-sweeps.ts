import { withDataScopes } from '../../kernel/data-scope.ts'

/** How much one round of a sweep takes at most: calls to WeChat that a lease easily outlasts. */
export const SWEEP_BATCH = 5

/** One round of a sweep. Answers how much it took; as much as `SWEEP_BATCH` means that there may be more. */
export type Sweep = () => Promise<number>

export interface Sweeps<K extends string> {
  /** Sweeps until nothing is due. While a sweep of this kind runs, it looks once more instead. Answers how much it took. */
  run(kind: K): Promise<number>
  /** Has a sweep run soon, without waiting for it. */
  wake(kind: K): void
  /** Something under way that `close` has to wait for; its failure is reported. */
  track(work: Promise<unknown>, kind: K): void
  /** Starts nothing more and waits for what runs. What is left is found by the next process. */
  close(): Promise<void>
}

/** Runs sweeps of this process, one of each kind at a time. Rounds go on while they are full and while somebody asks. */
export function createSweeps<K extends string>(
  sweeps: Readonly<Record<K, Sweep>>,
  onError: (kind: K, error: unknown) => void,
): Sweeps<K> {
  const running = new Map<K, { again: boolean; done: Promise<number> }>()
  const woken = new Set<K>()
  const tracked = new Set<Promise<unknown>>()
  let closed = false

  async function rounds(kind: K): Promise<number> {
    let total = 0
    try {
      for (;;) {
        const took = await sweeps[kind]()
        total += took
        const self = running.get(kind)!
        if (closed || (took < SWEEP_BATCH && !self.again)) return total
        self.again = false
      }
    } finally {
      running.delete(kind)
    }
  }
  function run(kind: K): Promise<number> {
    if (closed) return Promise.resolve(0)
    const current = running.get(kind)
    if (current) {
      current.again = true
      return current.done
    }
    const started = { again: false, done: Promise.resolve(0) }
    running.set(kind, started)
    // Whoever wakes a sweep, it works for everybody.
    started.done = withDataScopes(null, () => rounds(kind))
    return started.done
  }
  function track(work: Promise<unknown>, kind: K): void {
    const settled = work.catch((error: unknown) => onError(kind, error)).finally(() => tracked.delete(settled))
    tracked.add(settled)
  }
  return {
    run,
    track,
    wake(kind) {
      if (closed || woken.has(kind)) return
      woken.add(kind)
      setImmediate(() => {
        woken.delete(kind)
        track(run(kind), kind)
      })
    },
    async close() {
      closed = true
      await Promise.allSettled([...running.values()].map((each) => each.done))
      while (tracked.size > 0) await Promise.all(tracked)
    },
  }
}

/** Does one thing to each, side by side, and waits for all of them before it reports the first failure. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number> {
  const results = await Promise.allSettled(items.map(work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return items.length
}
