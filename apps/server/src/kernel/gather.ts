/**
 * Puts questions that are asked at the same time into one: what arrives while the last reading is on its way is read
 * together by the next. For readings by key that a rush asks one by one.
 */
export function gather<K, V>(
  read: (keys: K[]) => Promise<ReadonlyMap<K, V>>,
  { most = 500, beside = 2 }: { most?: number; beside?: number } = {},
): (key: K) => Promise<V | undefined> {
  let waiting = new Map<K, PromiseWithResolvers<V | undefined>>()
  let running = 0
  let isDue = false
  const schedule = (): void => {
    if (isDue || waiting.size === 0 || running >= beside) return
    isDue = true
    setImmediate(start)
  }
  const start = (): void => {
    isDue = false
    while (waiting.size > 0 && running < beside) {
      const batch = waiting.size <= most ? waiting : new Map([...waiting].slice(0, most))
      waiting = batch === waiting ? new Map() : new Map([...waiting].slice(most))
      running++
      void answer(batch)
    }
  }
  const answer = async (batch: Map<K, PromiseWithResolvers<V | undefined>>): Promise<void> => {
    try {
      const found = await read([...batch.keys()])
      for (const [key, { resolve }] of batch) resolve(found.get(key))
    } catch (error) {
      for (const { reject } of batch.values()) reject(error)
    }
    running--
    schedule()
  }
  return (key) => {
    let asked = waiting.get(key)
    if (asked === undefined) {
      asked = Promise.withResolvers()
      waiting.set(key, asked)
      schedule()
    }
    return asked.promise
  }
}
