import { formatMoney, type PartyKind } from '@zhanggui/contract'

/** What a share is explained by. */
export interface Explained {
  partyKind: PartyKind
  quantity: number
  baseFen: number
  rateKind: 'bp' | 'per-unit'
  rate: number
  ofPartyName: string | null
  serviceLevel: string
  contractName: string
  cutFen: number
  passedFen: number
  /** The order's time, as the shop's clocks show it. */
  placedAt: string
}

const KINDS: Record<PartyKind, { zh: string; en: string }> = {
  creator: { zh: '达人', en: 'creator' },
  agency: { zh: '机构', en: 'agency' },
  supplier: { zh: '供货商', en: 'supplier' },
  platform: { zh: '平台', en: 'platform' },
  merchant: { zh: '商家', en: 'merchant' },
}

const percent = (bp: number): string => `${bp / 100} %`

/** Says in words how a share came about: "达人 12 %，按实付 ¥86.00 的 2 件计算，合约「…」冻结于 …". */
export function explain(share: Explained): { zh: string; en: string } {
  const { zh, en } = KINDS[share.partyKind]
  const base = formatMoney(share.baseFen)
  const level =
    share.serviceLevel === '' ? { zh: '', en: '' } : { zh: `（${share.serviceLevel}）`, en: ` (${share.serviceLevel})` }
  const rate =
    share.rateKind === 'bp'
      ? { zh: percent(share.rate), en: percent(share.rate) }
      : { zh: `每件 ${formatMoney(share.rate)}`, en: `${formatMoney(share.rate)} a unit` }
  const of =
    share.ofPartyName === null
      ? { zh: `按实付 ${base} 的 ${share.quantity} 件计算`, en: `of ${base} paid for ${share.quantity} unit(s)` }
      : { zh: `从「${share.ofPartyName}」的分成 ${base} 中`, en: `of the ${base} of “${share.ofPartyName}”` }
  const cut =
    share.cutFen === 0
      ? { zh: '', en: '' }
      : {
          zh: `，超出分成上限减 ${formatMoney(share.cutFen)}`,
          en: `, less ${formatMoney(share.cutFen)} beyond the limit`,
        }
  const passed =
    share.passedFen === 0
      ? { zh: '', en: '' }
      : {
          zh: `，其中 ${formatMoney(share.passedFen)} 归机构`,
          en: `, of which ${formatMoney(share.passedFen)} goes to an agency`,
        }
  return {
    zh: `${zh}${level.zh} ${rate.zh}，${of.zh}${cut.zh}${passed.zh}，合约「${share.contractName}」冻结于 ${share.placedAt}`,
    en: `${en}${level.en} ${rate.en} ${of.en}${cut.en}${passed.en}; contract “${share.contractName}”, frozen on ${share.placedAt}`,
  }
}
