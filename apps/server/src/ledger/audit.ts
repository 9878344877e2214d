import type { Tx } from '../kernel/db.ts'

export interface AuditReport {
  balanced: boolean
  accounts: number
  transfers: number
  openPendings: number
  /** One row for each family of units (`CNY`, `points`, `sku:*`); sums as decimal strings. */
  units: {
    family: string
    shops: number
    units: number
    accounts: number
    debitsPosted: string
    creditsPosted: string
    debitsPending: string
    creditsPending: string
  }[]
  /** Every check with how many rows it found; more than 50 of one kind are counted as 50. */
  checks: { check: string; title: string; found: number }[]
  deviations: Deviation[]
}

export interface Deviation {
  check: string
  shopId: string
  /** The account, transfer, link or unit that is wrong. */
  subject: string
  detail: string
}

const MAX_FOUND = 50

/** What must hold in every book, as queries for the rows where it does not: shop_id, subject, detail. */
const CHECKS: readonly { check: string; title: string; text: string }[] = [
  {
    check: 'units-balance',
    title: 'debits equal credits in every unit of every shop',
    text: `
      select shop_id, unit as subject, format('posted %s/%s, pending %s/%s', sum(debits_posted), sum(credits_posted),
        sum(debits_pending), sum(credits_pending)) as detail
      from ledger_accounts group by shop_id, unit
      having sum(debits_posted) <> sum(credits_posted) or sum(debits_pending) <> sum(credits_pending)`,
  },
  {
    check: 'counters',
    title: 'the counters of every account equal the sums of its transfers',
    text: `
      with movements as (
        select t.shop_id, t.debit_account, t.credit_account,
          case when t.kind = 'pending' and r.id is null then t.amount else 0 end as pending,
          case when t.kind in ('posted', 'post') then t.amount else 0 end as posted
        from ledger_transfers t left join ledger_transfers r on r.shop_id = t.shop_id and r.pending_id = t.id
      ), sums as (
        select shop_id, id, sum(dp) as dp, sum(d) as d, sum(cp) as cp, sum(c) as c from (
          select shop_id, debit_account as id, pending as dp, posted as d, 0 as cp, 0 as c from movements
          union all
          select shop_id, credit_account, 0, 0, pending, posted from movements
        ) sides group by shop_id, id
      )
      select coalesce(a.shop_id, s.shop_id) as shop_id, coalesce(a.id, s.id)::text as subject,
        case when a.id is null then 'no such account' else format('%s: counters %s %s %s %s, transfers %s %s %s %s', a.code,
          a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted,
          coalesce(s.dp, 0), coalesce(s.d, 0), coalesce(s.cp, 0), coalesce(s.c, 0)) end as detail
      from ledger_accounts a full join sums s on s.shop_id = a.shop_id and s.id = a.id
      where a.id is null or (a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted)
        is distinct from (coalesce(s.dp, 0), coalesce(s.d, 0), coalesce(s.cp, 0), coalesce(s.c, 0))`,
  },
  {
    check: 'limits',
    title: 'no account is beyond its limits',
    text: `
      select shop_id, id::text as subject, format('%s: limits %s to %s', code, min_balance, max_balance) as detail
      from ledger_accounts
      where credits_posted - debits_posted - debits_pending < min_balance
        or credits_posted + credits_pending - debits_posted > max_balance
        or least(debits_pending, debits_posted, credits_pending, credits_posted) < 0`,
  },
  {
    check: 'units-match',
    title: 'every transfer has the unit of both its accounts',
    text: `
      select t.shop_id, t.id::text as subject, format('%s between %s and %s', t.unit, d.unit, c.unit) as detail
      from ledger_transfers t
      left join ledger_accounts d on d.shop_id = t.shop_id and d.id = t.debit_account
      left join ledger_accounts c on c.shop_id = t.shop_id and c.id = t.credit_account
      where t.unit is distinct from d.unit or t.unit is distinct from c.unit`,
  },
  {
    check: 'pendings-once',
    title: 'every pending transfer is either open or resolved, once',
    text: `
      select t.shop_id, t.id::text as subject,
        format('resolved %s times, %s', count(r.id), case when p.id is null then 'not open' else 'open' end) as detail
      from ledger_transfers t
      left join ledger_transfers r on r.shop_id = t.shop_id and r.pending_id = t.id
      left join ledger_pendings p on p.shop_id = t.shop_id and p.id = t.id
      where t.kind = 'pending'
      group by t.shop_id, t.id, p.id having count(r.id) + count(distinct p.id) <> 1
      union all
      select p.shop_id, p.id::text, 'open without a pending transfer, or with another time-out'
      from ledger_pendings p left join ledger_transfers t on t.shop_id = p.shop_id and t.id = p.id and t.kind = 'pending'
      where t.id is null or (t.expires_at, t.link_id) is distinct from (p.expires_at, p.link_id)`,
  },
  {
    check: 'resolutions',
    title: 'every post, void and expiry fits its pending transfer',
    text: `
      select r.shop_id, r.id::text as subject, format('%s of %s, pending %s', r.kind, r.amount, p.amount) as detail
      from ledger_transfers r
      left join ledger_transfers p on p.shop_id = r.shop_id and p.id = r.pending_id and p.kind = 'pending'
      where r.pending_id is not null and (p.id is null
        or (p.debit_account, p.credit_account, p.unit) <> (r.debit_account, r.credit_account, r.unit)
        or r.amount > p.amount or (r.kind <> 'post' and r.amount <> p.amount)
        or (r.kind = 'post' and r.created_at >= p.expires_at)
        or (r.kind = 'expire' and (p.expires_at is null or r.created_at < p.expires_at)))`,
  },
  {
    check: 'links-whole',
    title: 'linked transfers are complete',
    text: `
      select shop_id, link_id::text as subject, format('%s of %s', count(*), max(link_size)) as detail
      from ledger_transfers where link_id is not null
      group by shop_id, link_id
      having count(*) <> max(link_size) or min(link_size) <> max(link_size) or not bool_or(id = link_id)
        or min(created_at) <> max(created_at)`,
  },
]

/**
 * Proves the books from their rows alone, in SQL, with nothing of the code that wrote them. Run it in `Db.read`, so that
 * all checks see one snapshot; with scope 'system' it covers every shop.
 */
export async function auditLedger(tx: Tx): Promise<AuditReport> {
  const [counts] = await tx.prepared<{ accounts: number; transfers: number; openPendings: number }>(
    'ledger-audit-counts',
    `select (select count(*) from ledger_accounts) as accounts, (select count(*) from ledger_transfers) as transfers,
      (select count(*) from ledger_pendings) as open_pendings`,
    [],
  )
  const units = await tx.prepared<AuditReport['units'][number]>('ledger-audit-units', UNITS, [])
  const checks: AuditReport['checks'] = []
  const deviations: Deviation[] = []
  // Every check reads whole tables, so rows are matched by hashing all of their keys, whatever the statistics of a rush
  // say: merging by the shop alone, as if a shop had few transfers, takes the square of them.
  await joinByHashing(tx, true)
  for (const { check, title, text } of CHECKS) {
    const found = await tx.prepared<Omit<Deviation, 'check'>>(
      `ledger-audit-${check}`,
      `select * from (${text}) found limit ${MAX_FOUND}`,
      [],
    )
    checks.push({ check, title, found: found.length })
    for (const deviation of found) deviations.push({ check, ...deviation })
  }
  await joinByHashing(tx, false)
  return { balanced: deviations.length === 0, ...counts!, units, checks, deviations }
}

async function joinByHashing(tx: Tx, only: boolean): Promise<void> {
  const text = `select set_config('enable_nestloop', $1, true), set_config('enable_mergejoin', $1, true)`
  await tx.prepared('ledger-audit-joins', text, [only ? 'off' : 'on'])
}

const UNITS = `
  select regexp_replace(unit, ':.*', ':*') as family, count(distinct shop_id) as shops, count(distinct unit) as units,
    count(*) as accounts, sum(debits_posted)::text as debits_posted, sum(credits_posted)::text as credits_posted,
    sum(debits_pending)::text as debits_pending, sum(credits_pending)::text as credits_pending
  from ledger_accounts group by 1 order by 1`
