import type { Permission } from '@zhanggui/contract'
import type { Clock } from '../../kernel/clock.ts'
import type { Db, Tx } from '../../kernel/db.ts'
import type { ListCall, ListReader } from '../../kernel/http/lists.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Todo } from '../../kernel/todo.ts'

/** One thing that was found: as the contract has it. */
export interface Hit {
  id: string
  title: string
  subtitle: string
  /** Behind `/console/s/<shop>/`. */
  to: string
  pictureUrl: string | null
}

/** A place that the search of the console looks in. */
export interface SearchSource {
  kind: string
  /** Undefined: everybody in the shop may. */
  permission?: Permission
  /** Finds at most `limit`; `lists` reads for the caller, so that nothing is found that they may not see. */
  find(lists: ListReader, call: ListCall, words: { q: string; language: 'zh' | 'en'; limit: number }): Promise<Hit[]>
}

/** A step of setting a shop up. */
export interface SetupStep {
  key: string
  /** Where it is done. */
  to: string
  done(tx: Tx, shopId: string): Promise<boolean>
}

/** Personal data in clear of the rows of a list, for exports of those who may see it. */
export interface PersonalColumns {
  columns: { field: string; zh: string; en: string }[]
  /** By row id, by field. */
  read(tx: Tx, shopId: string, rowIds: readonly string[]): Promise<Map<string, Record<string, string>>>
}

/** What a note may be about. */
export interface NoteSubject {
  read: Permission
  write: Permission
  exists(tx: Tx, shopId: string, entityId: string): Promise<boolean>
}

export interface WorkspaceDeps {
  db: Db
  clock: Clock
  settings: Settings
  lists: ListReader
  timeZoneOf(tx: Tx, shopId: string): Promise<string>
  todos: readonly Todo[]
  search: readonly SearchSource[]
  setup: readonly SetupStep[]
  /** By the list's route. */
  personal: Record<string, PersonalColumns>
  notes: Record<'order' | 'product' | 'buyer', NoteSubject | undefined>
  /** Active members of the shop, by name. */
  colleagues(shopId: string): Promise<{ id: string; name: string }[]>
}
