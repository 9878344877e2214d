import { createContext, useContext, useEffect, useState } from '@hooks'
import type { StoreShop } from '@zhanggui/contract'
import type { Client } from '@zhanggui/contract/client'
import type { Happening } from '@zhanggui/tracker'
import type { PageName } from './routes.ts'

/** A value that several parts of the page watch. */
export interface Cell<T> {
  get(): T
  set(value: T): void
  watch(onChange: () => void): () => void
}

/** A fresh cell; made per request on the server, so that nothing is shared between buyers. */
export function createCell<T>(initial: T): Cell<T> {
  let value = initial
  const watchers = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (next === value) return
      value = next
      for (const watcher of watchers) watcher()
    },
    watch(onChange) {
      watchers.add(onChange)
      return () => watchers.delete(onChange)
    },
  }
}

export function useCell<T>(cell: Cell<T>): T {
  const [value, set] = useState(cell.get())
  useEffect(() => {
    set(cell.get())
    return cell.watch(() => set(cell.get()))
  }, [cell])
  return value
}

/** What every part of a page can reach: the shop, the API, the tracker, the cart's count. */
export interface App {
  api: Client
  shop: StoreShop
  page: PageName
  /** '' for the default shop, `/s/<slug or id>` for another; meaningless in the mini program. */
  base: string
  cartCount: Cell<number>
  /** The server's clock in ms, as well as the last answers tell. */
  serverNow: () => number
  track: (event: Happening) => void
}

export const AppContext = createContext<App | undefined>(undefined)

/** The app around the calling component. Throws outside of a page. */
export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('A page is shown without its app')
  return app
}
