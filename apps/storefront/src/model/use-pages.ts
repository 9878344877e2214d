import { useEffect, useRef, useState } from '@hooks'
import { ApiError } from '@zhanggui/contract/client'

export interface ListPage<T> {
  items: T[]
  nextCursor: string | null
}

export interface PageList<T> {
  items: T[]
  hasMore: boolean
  isLoading: boolean
  error: string | undefined
  loadMore: () => void
}

/** What was loaded after a first page. Kept as long as that page lives, so that going back shows the same list. */
const grown = new WeakMap<object, ListPage<unknown>>()

/** A list that grows page by page from `first`. */
export function usePages<T extends { id: string }>(
  first: ListPage<T>,
  load: (cursor: string) => Promise<ListPage<T>>,
): PageList<T> {
  const [, redraw] = useState(0)
  const [state, setState] = useState<{ isLoading: boolean; error: string | undefined }>({
    isLoading: false,
    error: undefined,
  })
  const current = useRef(first)
  useEffect(() => {
    current.current = first
    setState({ isLoading: false, error: undefined })
  }, [first])
  const all = (grown.get(first) as ListPage<T> | undefined) ?? first
  const loadMore = () => {
    if (state.isLoading || all.nextCursor === null) return
    setState({ isLoading: true, error: undefined })
    load(all.nextCursor).then(
      (next) => {
        const known = new Set(all.items.map((item) => item.id))
        const items = [...all.items, ...next.items.filter((item) => !known.has(item.id))]
        grown.set(first, { items, nextCursor: next.nextCursor })
        // the answer of a list that was changed meanwhile is kept for it, but not shown
        if (current.current === first) setState({ isLoading: false, error: undefined })
        redraw((count) => count + 1)
      },
      (error: unknown) => {
        if (current.current === first)
          setState({ isLoading: false, error: error instanceof ApiError ? error.message : '加载失败' })
      },
    )
  }
  return { items: all.items, hasMore: all.nextCursor !== null, ...state, loadMore }
}
