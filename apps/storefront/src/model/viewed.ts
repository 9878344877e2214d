const VIEWED_KEY = 'zg.viewed'
const MOST = 20

interface Store {
  get(key: string): string | null
  set(key: string, value: string): void
}

/** Products looked at last on this device, newest first; the list never leaves it but to ask what else may please. */
export const readViewed = (storage: Store): string[] =>
  (storage.get(VIEWED_KEY) ?? '')
    .split(',')
    .filter((id) => /^[0-9a-f-]{36}$/.test(id))
    .slice(0, MOST)

export const addViewed = (storage: Store, productId: string): void =>
  storage.set(VIEWED_KEY, [productId, ...readViewed(storage).filter((id) => id !== productId)].slice(0, MOST).join(','))
