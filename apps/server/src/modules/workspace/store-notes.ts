import { empty, sql, type Tx } from '../../kernel/db.ts'

export type Entity = 'order' | 'product' | 'buyer'

export interface NoteRow {
  id: string
  entity: Entity
  entityId: string
  authorId: string
  authorName: string
  text: string
  mentions: { id: string; name: string }[]
  at: string
}

const COLUMNS = sql`n.id, n.entity, n.entity_id, n.author_id, n.author_name, n.text, n.mentions, n.at`

export async function insertNote(tx: Tx, shopId: string, note: NoteRow): Promise<void> {
  await tx.exec(sql`
    insert into staff_notes (shop_id, id, entity, entity_id, author_id, author_name, text, mentions, at)
    values (${shopId}, ${note.id}, ${note.entity}, ${note.entityId}, ${note.authorId}, ${note.authorName}, ${note.text},
      ${JSON.stringify(note.mentions)}, ${note.at})`)
  await tx.exec(sql`
    insert into staff_note_mentions (shop_id, staff_id, note_id)
    select ${shopId}, staff_id, ${note.id} from unnest(${note.mentions.map(({ id }) => id)}::uuid[]) as staff_id`)
}

export const noteById = (tx: Tx, shopId: string, id: string): Promise<NoteRow> =>
  tx.one<NoteRow>(sql`select ${COLUMNS} from staff_notes n where n.shop_id = ${shopId} and n.id = ${id}`)

/** Newest first. */
export const notesAbout = (
  tx: Tx,
  shopId: string,
  about: { entity: Entity; entityId: string; beforeId?: string | undefined; limit: number },
) =>
  tx.rows<NoteRow>(sql`
    select ${COLUMNS} from staff_notes n
    where n.shop_id = ${shopId} and n.entity = ${about.entity} and n.entity_id = ${about.entityId}
      ${about.beforeId === undefined ? empty : sql`and n.id < ${about.beforeId}`}
    order by n.id desc limit ${about.limit}`)

/** Notes that name somebody, newest first. */
export const mentionsOf = (
  tx: Tx,
  shopId: string,
  who: { staffId: string; beforeId?: string | undefined; limit: number },
) =>
  tx.rows<NoteRow & { readAt: string | null }>(sql`
    select ${COLUMNS}, m.read_at from staff_note_mentions m
    join staff_notes n on n.shop_id = m.shop_id and n.id = m.note_id
    where m.shop_id = ${shopId} and m.staff_id = ${who.staffId}
      ${who.beforeId === undefined ? empty : sql`and m.note_id < ${who.beforeId}`}
    order by m.note_id desc limit ${who.limit}`)

export const countUnread = async (tx: Tx, shopId: string, staffId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(sql`
      select count(*) as count from staff_note_mentions
      where shop_id = ${shopId} and staff_id = ${staffId} and read_at is null`)
  ).count

export const markRead = (tx: Tx, shopId: string, staffId: string, at: string) =>
  tx.exec(sql`
    update staff_note_mentions set read_at = ${at}
    where shop_id = ${shopId} and staff_id = ${staffId} and read_at is null`)

export async function moveBuyerNotes(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`
    update staff_notes set entity_id = ${buyerId} where entity = 'buyer' and entity_id = ${fromBuyerId}`)
}
