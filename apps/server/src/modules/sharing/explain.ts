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

const percent = (bp: number): string => `${bp / 100}%`

/** Says in words how a share came about: "达人 12%，按 2 件实付 ¥86.00 计算；合约「…」，以下单时（…）为准". */
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
      ? { zh: `按 ${share.quantity} 件实付 ${base} 计算`, en: `of ${base} paid for ${share.quantity} unit(s)` }
      : { zh: `从「${share.ofPartyName}」的分成 ${base} 中计算`, en: `of the ${base} of “${share.ofPartyName}”` }
  const cut =
    share.cutFen === 0
      ? { zh: '', en: '' }
      : {
          zh: `，超出分成上限，减 ${formatMoney(share.cutFen)}`,
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
    zh: `${zh}${level.zh} ${rate.zh}，${of.zh}${cut.zh}${passed.zh}；合约「${share.contractName}」，以下单时（${share.placedAt}）为准`,
    en: `${en}${level.en} ${rate.en} ${of.en}${cut.en}${passed.en}; contract “${share.contractName}” as it was when ordered (${share.placedAt})`,
  }
}
