import type { RouteId } from '@zhanggui/contract'
import { useCallback, useMemo } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { type Input, type Output, useRead } from './api.ts'
import { type CursorStack, cursorOf, cursorStackFrom, FIRST_PAGE, nextPage, previousPage } from './cursor-stack.ts'

/** Routes that answer keyset pages. */
export type PageRoute = {
  [Id in RouteId]: Output<Id> extends { items: unknown[]; nextCursor: string | null } ? Id : never
}[RouteId]

export type RowOf<Id extends PageRoute> = Output<Id> extends { items: (infer Row)[] } ? Row : never

interface PageAnswer<Row> {
  items: Row[]
  nextCursor: string | null
}

export interface List<Row> {
  rows: Row[] | undefined
  error: unknown
  loading: boolean
  /** An answer is shown, and a newer one is on its way. */
  refreshing: boolean
  pageNumber: number
  next: (() => void) | undefined
  previous: (() => void) | undefined
  retry: () => void
}

/** The filters of a list, kept in the address, so that a list can be linked to and survives a reload. */
export function useFilters(): {
  filters: Record<string, string>
  setFilter: (name: string, value: string | undefined) => void
  clear: () => void
} {
  const [params, setParams] = useSearchParams()
  const filters = useMemo(() => Object.fromEntries(params), [params])
  const setFilter = useCallback(
    (name: string, value: string | undefined) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before)
          if (value === undefined || value === '') next.delete(name)
          else next.set(name, value)
          return next
        },
        { replace: true },
      ),
    [setParams],
  )
  const clear = useCallback(() => setParams({}, { replace: true }), [setParams])
  return { filters, setFilter, clear }
}

/** One page of a list. The cursors of the pages before it live in the browser's history, beside the address. */
export function useList<Id extends PageRoute>(id: Id, input: Input<Id>, limit: number): List<RowOf<Id>> {
  const location = useLocation()
  const navigate = useNavigate()
  const stack = cursorStackFrom((location.state as { cursors?: unknown } | null)?.cursors ?? FIRST_PAGE)
  const query = { ...(input as { query?: object }).query, limit, cursor: cursorOf(stack) }
  const read = useRead(id, { ...input, query } as Input<Id>, { keepPrevious: true })
  const answer = read.data as PageAnswer<RowOf<Id>> | undefined
  const goTo = (cursors: CursorStack) =>
    navigate({ pathname: location.pathname, search: location.search }, { state: { cursors } })
  return {
    rows: answer?.items,
    error: read.isError ? read.error : undefined,
    loading: read.isPending,
    refreshing: read.isFetching && read.isPlaceholderData,
    pageNumber: stack.length + 1,
    next: answer && answer.nextCursor !== null ? () => void goTo(nextPage(stack, answer.nextCursor)) : undefined,
    previous: stack.length > 0 ? () => void goTo(previousPage(stack)) : undefined,
    retry: () => void read.refetch(),
  }
}
