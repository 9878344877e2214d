import { type Fen, formatYuan, parseYuan } from '@zhanggui/contract/money'

/** What a text in a money field means: an amount, nothing, or something that is no amount. */
export type MoneyReading = { kind: 'amount'; fen: Fen } | { kind: 'empty' } | { kind: 'invalid' }

/** Reads what was typed or pasted ("12", "¥1,234.50", "１２．５", "12元"). */
export function readMoney(text: string): MoneyReading {
  if (text.trim() === '') return { kind: 'empty' }
  const amount = parseYuan(text)
  return amount === undefined ? { kind: 'invalid' } : { kind: 'amount', fen: amount }
}

/** What a money field shows for an amount: no currency sign, no ".00" on whole yuan. */
export function moneyFieldText(amount: number | null | undefined): string {
  if (amount === null || amount === undefined || Number.isNaN(amount)) return ''
  return formatYuan(amount).replace(/\.00$/, '')
}
