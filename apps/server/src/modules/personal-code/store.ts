import type { PersonalPaymentState, PersonalScheme } from '@zhanggui/contract'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface CodeRow {
  shopId: string
  id: string
  scheme: PersonalScheme
  label: string
  payee: string
  fileId: string
  singleLimitFen: number
  active: boolean
  version: number
  changedAt: string
  changedBy: string
}

export const codesOf = (tx: Tx, shopId: string) =>
  tx.rows<CodeRow>(sql`
    select shop_id, id, scheme, label, payee, file_id, single_limit_fen, active, version, changed_at, changed_by
    from personal_codes where shop_id = ${shopId} order by id limit 100`)

/** Compare-and-set on the version that was read, 0 for a new one. Answers whether it was still so. */
export async function saveCode(tx: Tx, row: CodeRow): Promise<boolean> {
  const { shopId, id, scheme, label, payee, fileId, singleLimitFen, active, version, changedAt, changedBy } = row
  if (version === 0)
    return (
      (await tx.exec(sql`
        insert into personal_codes (shop_id, id, scheme, label, payee, file_id, single_limit_fen, active, version, changed_at, changed_by)
        values (${shopId}, ${id}, ${scheme}, ${label}, ${payee}, ${fileId}, ${singleLimitFen}, ${active}, 1, ${changedAt}, ${changedBy})
        on conflict do nothing`)) === 1
    )
  return (
    (await tx.exec(sql`
      update personal_codes set scheme = ${scheme}, label = ${label}, payee = ${payee}, file_id = ${fileId},
        single_limit_fen = ${singleLimitFen}, active = ${active}, version = version + 1, changed_at = ${changedAt},
        changed_by = ${changedBy}
      where shop_id = ${shopId} and id = ${id} and version = ${version}`)) === 1
  )
}

export interface PersonalRow {
  shopId: string
  id: string
  orderId: string
  orderNo: string
  buyerId: string
  attempt: number
  codeId: string
  scheme: PersonalScheme
  codeLabel: string
  payee: string
  fileId: string
  state: PersonalPaymentState
  amountFen: number
  day: string
  note: string
  evidence: string[]
  openedAt: string
  claimedAt: string | null
  checkBefore: string | null
  receivedFen: number | null
  receivedAt: string | null
  transactionNo: string | null
  taken: boolean | null
  checkedAt: string | null
  checkedBy: string
  refuseReason: string
  staffEvidence: string[]
}

const COLUMNS = sql`p.shop_id, p.id, p.order_id, p.order_no, p.buyer_id, p.attempt, p.code_id, p.scheme, p.code_label, p.payee,
  p.file_id, p.state, p.amount_fen, p.day::text as day, p.note, p.evidence, p.opened_at, p.claimed_at, p.check_before,
  p.received_fen, p.received_at, p.transaction_no, p.taken, p.checked_at, p.checked_by, p.refuse_reason, p.staff_evidence`

export const findPersonal = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<PersonalRow>(sql`select ${COLUMNS} from personal_payments p where p.shop_id = ${shopId} and p.id = ${id}`)

/** Locked after its order. */
export const lockPersonal = (tx: Tx, shopId: string, id: string) =>
  tx.maybe<PersonalRow>(
    sql`select ${COLUMNS} from personal_payments p where p.shop_id = ${shopId} and p.id = ${id} for update`,
  )

/** Every attempt of an order, the latest first. */
export const personalOfOrder = (tx: Tx, shopId: string, orderId: string) =>
  tx.rows<PersonalRow>(sql`
    select ${COLUMNS} from personal_payments p where p.shop_id = ${shopId} and p.order_id = ${orderId}
    order by p.attempt desc`)

export const isPersonal = async (tx: Tx, shopId: string, id: string): Promise<boolean> =>
  (await tx.maybe(sql`select 1 from personal_payments where shop_id = ${shopId} and id = ${id}`)) !== undefined

export const isNumberTaken = async (tx: Tx, shopId: string, transactionNo: string): Promise<boolean> =>
  (await tx.maybe(sql`
    select 1 from personal_payments where shop_id = ${shopId} and transaction_no = ${transactionNo}`)) !== undefined

export async function insertPersonal(tx: Tx, row: PersonalRow): Promise<void> {
  await tx.exec(sql`
    insert into personal_payments (shop_id, id, order_id, order_no, buyer_id, attempt, code_id, scheme, code_label, payee,
      file_id, state, amount_fen, day, opened_at)
    values (${row.shopId}, ${row.id}, ${row.orderId}, ${row.orderNo}, ${row.buyerId}, ${row.attempt}, ${row.codeId},
      ${row.scheme}, ${row.codeLabel}, ${row.payee}, ${row.fileId}, ${row.state}, ${row.amountFen}, ${row.day}, ${row.openedAt})`)
}

/** Compare-and-set on the state that was read. Answers whether it was still so. */
export async function movePersonal(
  tx: Tx,
  row: PersonalRow,
  change: Partial<Omit<PersonalRow, 'shopId' | 'id'>>,
): Promise<boolean> {
  const next = { ...row, ...change }
  return (
    (await tx.exec(sql`
      update personal_payments set state = ${next.state}, day = ${next.day}, note = ${next.note},
        evidence = ${next.evidence}::uuid[], claimed_at = ${next.claimedAt}, check_before = ${next.checkBefore},
        received_fen = ${next.receivedFen}, received_at = ${next.receivedAt}, transaction_no = ${next.transactionNo},
        taken = ${next.taken}, checked_at = ${next.checkedAt}, checked_by = ${next.checkedBy},
        refuse_reason = ${next.refuseReason}, staff_evidence = ${next.staffEvidence}::uuid[]
      where shop_id = ${row.shopId} and id = ${row.id} and state = ${row.state}`)) === 1
  )
}

export interface PersonalFilter {
  state?: PersonalPaymentState | undefined
  day?: string | undefined
  q?: string | undefined
  before?: { at: string; id: string } | undefined
  limit: number
}

export function listPersonal(tx: Tx, shopId: string, { state, day, q, before, limit }: PersonalFilter) {
  const where: Sql[] = [sql`p.shop_id = ${shopId}`]
  if (state !== undefined) where.push(sql`p.state = ${state}`)
  if (day !== undefined) where.push(sql`p.day = ${day} and p.state in ('open', 'waiting', 'confirmed')`)
  if (q) where.push(sql`(p.order_no = ${q} or p.transaction_no = ${q.toUpperCase()})`)
  if (before) where.push(sql`(p.opened_at, p.id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return tx.rows<PersonalRow>(sql`
    select ${COLUMNS} from personal_payments p where ${join(where, ' and ')}
    order by p.opened_at desc, p.id desc limit ${limit}`)
}

export const countWaiting = async (tx: Tx, shopId: string): Promise<number> =>
  (
    await tx.one<{ count: number }>(
      sql`select count(*) as count from personal_payments where shop_id = ${shopId} and state = 'waiting'`,
    )
  ).count

export interface DayRow {
  day: string
  name: string
  count: number
  receivedFen: number
}

/** What was confirmed, by day and by whom; the latest days first. */
export const confirmedByDay = (tx: Tx, shopId: string, days: readonly string[]) =>
  tx.rows<DayRow>(sql`
    select day::text as day, checked_by as name, count(*) as count, sum(received_fen)::bigint as received_fen
    from personal_payments where shop_id = ${shopId} and state = 'confirmed' and day = any(${days as string[]}::date[])
    group by day, checked_by order by day desc, received_fen desc`)

/** Days on which something was received or paid back by hand, the latest first. `zone` is the shop's. */
export const daysWithMoney = async (
  tx: Tx,
  shopId: string,
  how: { zone: string; before: string | undefined; limit: number },
): Promise<string[]> =>
  (
    await tx.rows<{ day: string }>(sql`
      select day::text as day from (
        select day from personal_payments where shop_id = ${shopId} and state = 'confirmed'
        union select (paid_at at time zone ${how.zone})::date from personal_refunds
          where shop_id = ${shopId} and state = 'recorded') d
      where day < ${how.before ?? 'infinity'}::date order by day desc limit ${how.limit}`)
  ).map(({ day }) => day)

/** Everything that names a buyer goes over to another. Scope `system`. */
export async function moveBuyer(tx: Tx, fromBuyerId: string, buyerId: string): Promise<void> {
  await tx.exec(sql`update personal_payments set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
  await tx.exec(sql`update personal_refunds set buyer_id = ${buyerId} where buyer_id = ${fromBuyerId}`)
}
