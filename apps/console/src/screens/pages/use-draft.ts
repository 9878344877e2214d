import { type DesignedPage, LAYOUT_VERSION } from '@zhanggui/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, api, queryClient } from '../../kit/api.ts'
import { change, type History, redo, startHistory, undo } from './history.ts'
import type { PageContent } from './layout-edit.ts'

/** A draft is kept this long after the last change. */
const SAVE_MS = 500
const RETRY_MS = 5_000
/** Asking again for the same brings the same answer. */
const REFUSED: ReadonlySet<number> = new Set([403, 404, 409, 422])

export type SaveState =
  | { kind: 'saved' }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  /** It could not be kept; it is tried again. */
  | { kind: 'failed'; error: unknown }
  /** Somebody else has changed the draft meanwhile. */
  | { kind: 'conflict'; by: string; at: string }

export interface Draft {
  content: PageContent
  /** What the server says of the page: problems, schedule, pictures. */
  page: DesignedPage
  save: SaveState
  change: (content: PageContent, key?: string) => void
  undo: (() => void) | undefined
  redo: (() => void) | undefined
  /** The content at this moment, for whoever comes back to it later. */
  now: () => PageContent
  /** Keeps what is not kept yet. Answers the page as it is kept then; undefined when something could not be kept. */
  flush: () => Promise<DesignedPage | undefined>
  /** After a conflict: ours is the draft, theirs stays as a version. */
  keepOurs: () => Promise<void>
  /** Shows what the server answered after publishing, restoring and the like; `isContent`: its draft replaces ours. */
  take: (page: DesignedPage, isContent: boolean) => void
}

export const contentOf = ({ title, description, layout }: Pick<DesignedPage, 'title' | 'description' | 'layout'>) => ({
  title,
  description,
  blocks: layout.blocks,
})

/** Edits a page: history, and a draft that is kept by itself, one request after another. */
export function useDraft(loaded: DesignedPage, shopId: string): Draft {
  const [history, setHistory] = useState<History<PageContent>>(() => startHistory(contentOf(loaded)))
  const [page, setPage] = useState(loaded)
  const [save, setSave] = useState<SaveState>({ kind: 'saved' })
  const now = useRef({
    history,
    page,
    kept: history.present,
    /** What the server does not take as it is: sent again when it has changed. */
    refused: undefined as PageContent | undefined,
    running: undefined as Promise<boolean> | undefined,
  }).current
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const write = useCallback(
    (next: History<PageContent>) => {
      now.history = next
      setHistory(next)
    },
    [now],
  )

  const send = useCallback(
    async (keepTheirsAside: boolean): Promise<boolean> => {
      const content = now.history.present
      setSave({ kind: 'saving' })
      try {
        const answer = await api('console.savePageDraft', {
          params: { shopId, pageId: now.page.id },
          body: {
            title: content.title,
            description: content.description,
            layout: { version: LAYOUT_VERSION, blocks: content.blocks },
            revision: now.page.revision,
            keepTheirsAside,
          },
        })
        now.page = answer
        now.kept = content
        setPage(answer)
        void queryClient.invalidateQueries({ queryKey: ['console.pages'] })
        setSave({ kind: now.history.present === content ? 'saved' : 'waiting' })
        return true
      } catch (error) {
        const conflict = error instanceof ApiError && error.code === 'CONFLICT' ? error.body?.data : undefined
        if (conflict) setSave({ kind: 'conflict', by: String(conflict.by), at: String(conflict.at) })
        else setSave({ kind: 'failed', error })
        if (error instanceof ApiError && REFUSED.has(error.status)) now.refused = content
        return false
      }
    },
    [now, shopId],
  )

  const flush = useCallback(async (): Promise<DesignedPage | undefined> => {
    clearTimeout(timer.current)
    for (;;) {
      // two that are sent at once would be in each other's way
      while (now.running) await now.running
      if (now.history.present === now.kept) return now.page
      now.running = send(false).finally(() => {
        now.running = undefined
      })
      if (!(await now.running)) return undefined
    }
  }, [now, send])

  useEffect(() => {
    const { present } = history
    if (present === now.kept && save.kind === 'waiting') return setSave({ kind: 'saved' })
    if (present === now.kept || present === now.refused || save.kind === 'conflict' || save.kind === 'saving') return
    if (save.kind === 'saved') setSave({ kind: 'waiting' })
    timer.current = setTimeout(() => void flush(), save.kind === 'failed' ? RETRY_MS : SAVE_MS)
    return () => clearTimeout(timer.current)
  }, [history, save, flush, now])

  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent) => {
      if (now.history.present !== now.kept) event.preventDefault()
    }
    addEventListener('beforeunload', onUnload)
    return () => {
      removeEventListener('beforeunload', onUnload)
      if (now.history.present !== now.refused) void flush()
    }
  }, [now, flush])

  return {
    content: history.present,
    page,
    save,
    change: (content, key) => write(change(now.history, content, key ?? null)),
    undo: history.past.length === 0 ? undefined : () => write(undo(now.history)),
    redo: history.future.length === 0 ? undefined : () => write(redo(now.history)),
    now: () => now.history.present,
    flush,
    keepOurs: async () => {
      await send(true)
    },
    take: (answer, isContent) => {
      now.page = answer
      setPage(answer)
      if (!isContent) return
      const content = contentOf(answer)
      now.kept = content
      write(change(now.history, content))
      setSave({ kind: 'saved' })
    },
  }
}
