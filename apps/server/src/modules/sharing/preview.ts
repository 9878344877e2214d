import type { ContractInput, SharePreview } from '@zhanggui/contract'
import type { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { maxShareBp } from '../parties/index.ts'
import { FEE_BP } from '../payments/index.ts'
import type { SharingDeps } from './deps.ts'
import { computeShares, feeOf } from './rules.ts'
import { toExplained, wordsOf } from './views.ts'

export interface PreviewWish {
  productId: string
  quantity: number
  payTotalFen: number
  accountId: string | null
  contract?: ContractInput | undefined
  contractId?: string | undefined
}

/**
 * What an order would share now, by the very rules that freeze shares; a contract that is being written counts as if it
 * were in force, in the place of the one it changes. @throws AppError NOT_FOUND
 */
export async function previewShares(
  tx: Tx,
  deps: SharingDeps,
  shopId: string,
  wish: PreviewWish,
): Promise<z.input<typeof SharePreview>> {
  const now = deps.clock.instant()
  const contracts = (await deps.contracts.contractsInForce(tx, shopId, now)).filter(
    ({ contractId }) => contractId !== wish.contractId,
  )
  if (wish.contract) {
    const { partyId, name, ...terms } = wish.contract
    const party = await deps.contracts.findParty(tx, shopId, partyId)
    if (party === undefined) throw new AppError('NOT_FOUND', { values: { what: '合作方' }, field: 'partyId' })
    const contractId = wish.contractId ?? newId()
    contracts.push({
      ...{
        shopId,
        contractId,
        version: 1,
        partyId,
        partyKind: party.kind,
        partyName: party.name,
        name,
        terms,
        at: now,
      },
    })
  }
  const { productId, quantity, payTotalFen } = wish
  const categoryIds = (await deps.categoriesOf(tx, shopId, [productId])).get(productId) ?? []
  const feeFen = feeOf(payTotalFen, await deps.settings.get(FEE_BP.mini, { shopId }, tx))
  const shares = computeShares(
    { lines: [{ line: 1, title: '', productId, categoryIds, quantity, payTotalFen }], accountId: wish.accountId },
    contracts,
    { maxSplitBp: await deps.settings.get(maxShareBp, { shopId }, tx), feeFen },
  )
  const words = await wordsOf(
    tx,
    deps,
    shopId,
    shares.map(({ partyId }) => partyId),
  )
  return {
    shares: shares.map(({ rate, ...share }) =>
      toExplained({ ...share, rateKind: rate.kind, rate: rate.kind === 'bp' ? rate.bp : rate.fen }, now, words),
    ),
    ...{ paidFen: payTotalFen, feeFen },
    merchantFen: payTotalFen - feeFen - shares.reduce((sum, { shareFen }) => sum + shareFen, 0),
  }
}
