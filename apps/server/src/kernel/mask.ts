/** `13812345678` → `138****5678`; with a country code the code stays. Too short to mask in part: all stars. */
export function maskPhone(phone: string): string {
  const match = /^(\+\d{1,3}[- ]?)?(\d[\d -]*)$/.exec(phone.trim())
  const digits = (match?.[2] ?? phone).replace(/\D/g, '')
  if (digits.length < 7) return '****'
  const local = digits.length > 11 ? digits.slice(-11) : digits
  return `${match?.[1] ?? ''}${local.slice(0, 3)}****${local.slice(-4)}`
}

/** `张三` → `张*`, `欧阳小明` → `欧**明`, `Ada Lovelace` → `A***`. The length of a long name is not told. */
export function maskName(name: string): string {
  const letters = [...name.trim()]
  if (letters.length === 0) return ''
  if (/^[\x20-\x7e]+$/.test(name)) return `${letters[0]}***`
  if (letters.length <= 2) return `${letters[0]}*`
  return letters.length === 3 ? `${letters[0]}*${letters[2]}` : `${letters[0]}**${letters.at(-1)}`
}

const REGION = /^(.{2,10}?(?:省|自治区|特别行政区))?(.{2,12}?(?:市|自治州|地区|盟))?(.{1,12}?(?:区|县|旗|市))?/u

/** Keeps province, city and district of an address: `广东省深圳市南山区科技园1号` → `广东省深圳市南山区****`. */
export function maskAddress(address: string): string {
  const text = address.trim()
  if (text === '') return ''
  return `${REGION.exec(text)?.[0] ?? ''}****`
}

/** `110101199003074514` → `1101**********4514`; anything short becomes all stars. */
export function maskNumber(number: string): string {
  const text = number.replace(/[\s-]/g, '')
  return text.length < 12 ? '****' : `${text.slice(0, 4)}${'*'.repeat(text.length - 8)}${text.slice(-4)}`
}

/** `ada@example.com` → `a***@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? '****' : `${email[0]}***${email.slice(at)}`
}
