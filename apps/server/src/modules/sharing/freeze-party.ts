import { audit } from '../../kernel/audit.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import { accountId, ensureAccounts, lockBalances, type TransferCommand, transferOrThrow } from '../../ledger/index.ts'
import { partyLock } from './book.ts'
import type { SharingDeps } from './deps.ts'
import { ofParty, partyAccounts } from './money.ts'
import { openFreezes } from './store.ts'

interface By {
  staffId: string
  name: string
  ip: string
  requestId: string
}

/**
 * Nothing of a party's shares is paid out until they are released: what is due is moved aside, what becomes due goes
 * there. What WeChat was asked to split already ends as it ends. @throws AppError NOT_FOUND, SHARES_FROZEN
 */
export async function freezeParty(
  tx: Tx,
  deps: SharingDeps,
  freeze: { shopId: string; partyId: string; reason: string; by: By },
): Promise<void> {
  const { shopId, partyId, reason, by } = freeze
  const party = await begin(tx, deps, shopId, partyId)
  if ((await openFreezes(tx, shopId, [partyId])).size > 0)
    throw new AppError('SHARES_FROZEN', { values: { name: party.name } })
  const id = newId()
  const at = deps.clock.instant()
  await tx.exec(sql`
    insert into share_freezes (shop_id, id, party_id, reason, frozen_at, frozen_by)
    values (${shopId}, ${id}, ${partyId}, ${reason}, ${at}, ${by.name})`)
  await moveAll(tx, deps, { shopId, partyId, id, from: 'share.payable', to: 'share.frozen', code: 'share.frozen' })
  await record(tx, deps, {
    shopId,
    partyId,
    by,
    action: 'sharing.freeze',
    summary: `冻结「${party.name}」的分成：${reason}`,
  })
}

/** @throws AppError NOT_FOUND when nothing is frozen */
export async function releaseParty(
  tx: Tx,
  deps: SharingDeps,
  release: { shopId: string; partyId: string; reason: string; by: By },
): Promise<void> {
  const { shopId, partyId, reason, by } = release
  const party = await begin(tx, deps, shopId, partyId)
  const at = deps.clock.instant()
  const ended = await tx.rows<{ id: string }>(sql`
    update share_freezes set released_at = ${at}, released_by = ${by.name}, release_reason = ${reason}
    where shop_id = ${shopId} and party_id = ${partyId} and released_at is null returning id`)
  if (ended.length === 0) throw new AppError('NOT_FOUND', { values: { what: '冻结' } })
  const id = `${ended[0]!.id}:released`
  await moveAll(tx, deps, { shopId, partyId, id, from: 'share.frozen', to: 'share.payable', code: 'share.released' })
  await tx.exec(sql`
    update order_money m set check_at = ${at} from order_party_shares s
    where s.shop_id = m.shop_id and s.order_id = m.order_id and m.shop_id = ${shopId} and s.party_id = ${partyId}
      and s.due_fen > 0 and m.state = 'due'`)
  tx.afterCommit(() => deps.wake('money'))
  await record(tx, deps, {
    shopId,
    partyId,
    by,
    action: 'sharing.release',
    summary: `解冻「${party.name}」的分成：${reason}`,
  })
}

async function begin(tx: Tx, deps: SharingDeps, shopId: string, partyId: string) {
  const party = await deps.contracts.findParty(tx, shopId, partyId)
  if (party === undefined) throw new AppError('NOT_FOUND', { values: { what: '合作方' } })
  await lockInOrder(tx, [partyLock(partyId)])
  await ensureAccounts(tx, deps.clock, partyAccounts(shopId, [partyId]))
  return party
}

async function moveAll(
  tx: Tx,
  deps: SharingDeps,
  move: {
    shopId: string
    partyId: string
    id: string
    from: 'share.payable' | 'share.frozen'
    to: 'share.payable' | 'share.frozen'
    code: string
  },
): Promise<void> {
  const { shopId, partyId, code } = move
  const [from, to] = [ofParty({ shopId }, partyId, move.from), ofParty({ shopId }, partyId, move.to)]
  const state = (await lockBalances(tx, shopId, [from, to])).get(from)
  const amount = state ? state.creditsPosted - state.debitsPosted - state.debitsPending : 0
  if (amount <= 0) return
  const transfer: TransferCommand = {
    ...{ kind: 'posted', id: accountId(code, move.id), code, debit: from, credit: to, amount, unit: 'CNY' },
    reference: { type: 'party', id: partyId },
  }
  await transferOrThrow(tx, deps.clock, { shopId, transfers: [transfer] })
}

async function record(
  tx: Tx,
  deps: SharingDeps,
  what: { shopId: string; partyId: string; by: By; action: string; summary: string },
): Promise<void> {
  const { shopId, partyId, by, action, summary } = what
  await audit(tx, deps.clock, {
    ...{ shopId, action, summary, entity: 'party', entityId: partyId, ip: by.ip, requestId: by.requestId },
    actor: { kind: 'staff', id: by.staffId, name: by.name },
  })
}
