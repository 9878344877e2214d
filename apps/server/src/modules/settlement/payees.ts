import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { SettlementDeps } from './deps.ts'
import { findPayout } from './store-withdrawals.ts'
import type { Payee } from './withdraw.ts'

const refused = (reason: string) => new AppError('WITHDRAWAL_REFUSED', { values: { reason } })

/** Whom the shop's withdrawals go to. @throws AppError WITHDRAWAL_REFUSED */
export async function shopPayee(tx: Tx, deps: SettlementDeps, shopId: string): Promise<Payee> {
  const account = await findPayout(tx, shopId)
  if (!account) throw refused('还没有设置收款账户')
  if (account.usableFrom > deps.clock.instant()) throw refused('收款账户刚换过，保护期过后才能提现')
  const { name: ownerName } = await deps.parties.requireShop(tx, shopId)
  const open = (field: string, sealed: string) => deps.vault.decrypt(sealed, `payout:${shopId}:${field}`)
  return {
    ...{ ownerName, buyerId: account.buyerId, app: account.app, realNameMasked: account.realNameMasked },
    openid: open('openid', account.openidSealed),
    realName: open('name', account.realNameSealed),
  }
}

/**
 * A party that the buyer is, by the WeChat account it is paid to. @throws AppError NOT_FOUND for anybody else,
 * WITHDRAWAL_REFUSED while the party is paused
 */
export async function partyPayee(
  tx: Tx,
  deps: SettlementDeps,
  { shopId, partyId, buyerId }: { shopId: string; partyId: string; buyerId: string },
): Promise<Payee> {
  const { mini, mp } = await deps.openidsOf(tx, buyerId)
  const openids = [mini, mp].filter((openid) => openid !== null)
  const own = await deps.contracts.partiesOfPerson(tx, { openids, phoneHash: null })
  const party = own.find((each) => each.shopId === shopId && each.id === partyId)
  if (party?.accountKind !== 'openid' || party.accountSealed === null)
    throw new AppError('NOT_FOUND', { values: { what: '分成账户' } })
  if (party.state !== 'active') throw refused('合作已暂停，请联系店铺')
  const openid = deps.contracts.openAccount({ shopId, partyId, accountSealed: party.accountSealed })
  return {
    ...{ ownerName: party.name, buyerId, openid, realName: deps.contracts.realNameOf(party) },
    app: openid === mini ? 'mini' : 'mp',
    realNameMasked: party.realNameMasked,
  }
}
