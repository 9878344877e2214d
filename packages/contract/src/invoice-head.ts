/** Characters in the head of an invoice. */
export const MOST_TITLE = 100

const CODE_CHARS = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/**
 * Whether a unified social credit code 统一社会信用代码 is one: 17 characters without I, O, S, V, Z, and one that checks
 * them (GB 32100-2015: weights are powers of 3, modulo 31).
 */
export function isCreditCode(code: string): boolean {
  if (code.length !== 18) return false
  const values = [...code].map((char) => CODE_CHARS.indexOf(char))
  if (values.includes(-1)) return false
  const sum = values.slice(0, 17).reduce((total, value, index) => total + value * (3 ** index % 31), 0)
  return values[17] === (31 - (sum % 31)) % 31
}

const NAME = /(?:单位名称|公司名称|企业名称|发票抬头|名称|抬头)\s*[:：]?\s*([^\n\r,，;；]+)/
const TAX_NO = /(?:^|[^0-9A-Za-z])([0-9A-HJ-NPQRTUWXY]{18})(?![0-9A-Za-z])/i

/** A company's head for invoices out of what somebody pastes: labels, line ends and order do not matter. */
export function parseInvoiceTitle(pasted: string): { title: string; taxNo: string } {
  const taxNo = TAX_NO.exec(pasted)?.[1]?.toUpperCase() ?? ''
  const rest = taxNo === '' ? pasted : pasted.replace(new RegExp(taxNo, 'i'), '\n')
  const named = NAME.exec(rest)?.[1]
  const first = rest
    .split(/[\n\r,，;；]/)
    .map((line) => line.replace(/(?:纳税人识别号|统一社会信用代码|税号)\s*[:：]?/g, '').trim())
    .find((line) => line.length >= 4 && /[\u4e00-\u9fff]/.test(line) && !/^(?:地址|电话|开户|账号)/.test(line))
  const title = (named ?? first ?? '').replace(/(?:纳税人识别号|统一社会信用代码|税号).*$/, '').trim()
  return { title: title.slice(0, MOST_TITLE), taxNo }
}
