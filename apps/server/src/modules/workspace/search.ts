import type { SearchGroup } from '@zhanggui/contract'
import type { ListCall } from '../../kernel/http/lists.ts'
import type { Hit, SearchSource, WorkspaceDeps } from './deps.ts'
import { searchTimeoutMs } from './settings.ts'

const HITS_OF_A_KIND = 6

/** Looks in every place the caller may look in, all at once; what is late is left out and named. */
export async function searchAll(
  { lists, search, settings }: Pick<WorkspaceDeps, 'lists' | 'search' | 'settings'>,
  call: ListCall,
  words: { q: string; language: 'zh' | 'en' },
): Promise<{ groups: SearchGroup[]; late: string[] }> {
  const timeoutMs = await settings.get(searchTimeoutMs)
  const allowed = search.filter(({ permission }) => !permission || call.caller.permissions.has(permission))
  const answers = await Promise.all(
    allowed.map(async (source) => ({ kind: source.kind, items: await inTime(source, timeoutMs) })),
  )
  return {
    groups: answers.flatMap(({ kind, items }) => (items && items.length > 0 ? [{ kind, items }] : [])),
    late: answers.flatMap(({ kind, items }) => (items === undefined ? [kind] : [])),
  }

  /** Undefined when it took too long. A source that fails fails the search: it says what is wrong. */
  async function inTime(source: SearchSource, ms: number): Promise<Hit[] | undefined> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ms)
    })
    const found = source.find(lists, call, { ...words, limit: HITS_OF_A_KIND })
    // Nobody waits for it any more once it is late; it must not end the process when it fails then.
    found.catch(() => {})
    try {
      return await Promise.race([found, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
