import { empty, sql, type Tx } from '../../kernel/db.ts'

export interface InvitationRow {
  shopId: string
  orderId: string
  buyerId: string
  orderNo: string
  receivedAt: string
}

const INVITATION = sql`shop_id, order_id, buyer_id, order_no, received_at`

/** An order was received; a second time changes nothing. */
export async function insertInvitation(
  tx: Tx,
  row: InvitationRow & { remindAt: string | null; defaultAt: string | null },
): Promise<void> {
  await tx.exec(sql`
    insert into review_invitations (shop_id, order_id, buyer_id, order_no, received_at, remind_at, default_at)
    values (${row.shopId}, ${row.orderId}, ${row.buyerId}, ${row.orderNo}, ${row.receivedAt}, ${row.remindAt},
      ${row.defaultAt})
    on conflict do nothing`)
}

export async function endInvitation(tx: Tx, shopId: string, orderId: string, at: string): Promise<void> {
  await tx.exec(sql`
    update review_invitations set done_at = ${at}
    where shop_id = ${shopId} and order_id = ${orderId} and done_at is null`)
}

export const openInvitations = (
  tx: Tx,
  shopId: string,
  buyerId: string,
  page: { since: string; before: { at: string; id: string } | undefined; limit: number },
): Promise<InvitationRow[]> =>
  tx.rows<InvitationRow>(sql`
    select ${INVITATION} from review_invitations
    where shop_id = ${shopId} and buyer_id = ${buyerId} and done_at is null and received_at >= ${page.since}
      ${page.before ? sql`and (received_at, order_id) < (${page.before.at}::timestamptz, ${page.before.id}::uuid)` : empty}
    order by received_at desc, order_id desc limit ${page.limit}`)

/** Locks invitations whose reminder is due; each is taken by one process. */
export const takeReminders = (tx: Tx, at: string, limit: number): Promise<InvitationRow[]> =>
  tx.rows<InvitationRow>(sql`
    with due as (
      select shop_id, order_id from review_invitations
      where done_at is null and reminded_at is null and remind_at <= ${at}
      order by remind_at limit ${limit} for update skip locked)
    update review_invitations i set reminded_at = ${at} from due d
    where i.shop_id = d.shop_id and i.order_id = d.order_id
    returning i.shop_id, i.order_id, i.buyer_id, i.order_no, i.received_at`)

export const takeDefaults = (tx: Tx, at: string, limit: number): Promise<InvitationRow[]> =>
  tx.rows<InvitationRow>(sql`
    with due as (
      select shop_id, order_id from review_invitations where done_at is null and default_at <= ${at}
      order by default_at limit ${limit} for update skip locked)
    update review_invitations i set done_at = ${at} from due d
    where i.shop_id = d.shop_id and i.order_id = d.order_id
    returning i.shop_id, i.order_id, i.buyer_id, i.order_no, i.received_at`)
