import type { Mention, Permission, StaffNote } from '@zhanggui/contract'
import { z } from 'zod'
import { withDataScopes } from '../../kernel/data-scope.ts'
import { AppError } from '../../kernel/errors.ts'
import { type StaffCaller, scopesFor } from '../../kernel/http/caller.ts'
import { once } from '../../kernel/idempotency.ts'
import { newId } from '../../kernel/ids.ts'
import { decodeCursor, keysetPage, type Page } from '../../kernel/page.ts'
import type { NoteSubject, WorkspaceDeps } from './deps.ts'
import {
  countUnread,
  type Entity,
  insertNote,
  markRead,
  mentionsOf,
  type NoteRow,
  noteById,
  notesAbout,
} from './store-notes.ts'

interface About {
  entity: Entity
  entityId: string
}

interface Paging {
  cursor?: string | undefined
  limit: number
}

const NAMES: Record<Entity, string> = { order: '订单', product: '商品', buyer: '买家' }
const Cursor = z.uuid()

/** Notes of the staff about orders, products and buyers: added, never changed, and told to whom they name. */
export function createNotes(deps: WorkspaceDeps) {
  const { db, clock } = deps
  const subject = (entity: Entity, caller: StaffCaller, right: 'read' | 'write'): NoteSubject => {
    const found = deps.notes[entity]
    if (!found) throw new AppError('NOT_FOUND', { values: { what: `${NAMES[entity]}备注` } })
    const permission: Permission = found[right]
    if (!caller.permissions.has(permission)) throw new AppError('FORBIDDEN', { values: { permission } })
    return found
  }
  return {
    /** @throws AppError FORBIDDEN without the right to read what it is about */
    async list(shopId: string, caller: StaffCaller, about: About, page: Paging): Promise<Page<StaffNote>> {
      const { read, exists } = subject(about.entity, caller, 'read')
      const beforeId = decodeCursor(page.cursor, Cursor)
      const rows = await withDataScopes(scopesFor(caller, read), () =>
        db.read({ shopId }, async (tx) => {
          if (!(await exists(tx, shopId, about.entityId))) return []
          return notesAbout(tx, shopId, { ...about, beforeId, limit: page.limit + 1 })
        }),
      )
      const { items, nextCursor } = keysetPage(rows, page.limit, (row) => row.id)
      return { items: items.map((row) => toNote(row, caller.staffId)), nextCursor }
    },

    /** Whoever is named and no longer works here is not told. @throws AppError FORBIDDEN, NOT_FOUND */
    async add(
      shopId: string,
      caller: StaffCaller,
      input: About & { text: string; mentions: string[] },
      idempotencyKey: string,
    ): Promise<StaffNote> {
      const about = subject(input.entity, caller, 'write')
      const { staffId: callerId } = caller
      const colleagues = await deps.colleagues(shopId)
      const key = {
        shopId,
        callerId,
        route: 'console.addNote',
        key: idempotencyKey,
        request: input,
        at: clock.instant(),
      }
      return withDataScopes(scopesFor(caller, about.write), () =>
        db.tx({ shopId }, async (tx) => {
          // Only the id is kept with the key: what notes say about people is kept in one place.
          const { id } = await once(tx, key, async () => {
            if (!(await about.exists(tx, shopId, input.entityId)))
              throw new AppError('NOT_FOUND', { values: { what: NAMES[input.entity] } })
            const note: NoteRow = {
              id: newId(),
              entity: input.entity,
              entityId: input.entityId,
              authorId: callerId,
              authorName: caller.name.slice(0, 200),
              text: input.text,
              mentions: colleagues.filter(({ id }) => input.mentions.includes(id)),
              at: clock.instant(),
            }
            await insertNote(tx, shopId, note)
            return { id: note.id }
          })
          return toNote(await noteById(tx, shopId, id), callerId)
        }),
      )
    },

    async mentions(shopId: string, staffId: string, page: Paging): Promise<Page<Mention> & { unread: number }> {
      const beforeId = decodeCursor(page.cursor, Cursor)
      return db.read({ shopId }, async (tx) => {
        const rows = await mentionsOf(tx, shopId, { staffId, beforeId, limit: page.limit + 1 })
        const { items, nextCursor } = keysetPage(rows, page.limit, (row) => row.id)
        const unread = await countUnread(tx, shopId, staffId)
        return { items: items.map(toMention), nextCursor, unread }
      })
    },

    readAll: (shopId: string, staffId: string): Promise<number> =>
      db.tx({ shopId }, (tx) => markRead(tx, shopId, staffId, clock.instant())),
  }
}

const toNote = (row: NoteRow, readerId: string): StaffNote => {
  const { id, at, authorName, text, mentions } = row
  return { id, at, authorName, text, mentions, mine: row.authorId === readerId }
}

const toMention = (row: NoteRow & { readAt: string | null }): Mention => {
  const { id: noteId, at, authorName, text, entity, entityId } = row
  return { noteId, at, authorName, text, entity, entityId, read: row.readAt !== null }
}
