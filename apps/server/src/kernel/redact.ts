import { maskAddress, maskEmail, maskName, maskNumber, maskPhone } from './mask.ts'

/** What stands where a secret stood. */
export const REDACTED = '[redacted]'

const MAX_DEPTH = 12
const MAX_ITEMS = 1_000
const MAX_STRING = 20_000

type Rule = (text: string) => string
const hide: Rule = () => REDACTED

/** Rules by the name of a field, compared in lower case without `_` and `-`; the first that matches counts. */
const FIELD_RULES: readonly (readonly [RegExp, Rule])[] = [
  [/password|passwd|secret|privatekey|apikey|apiv3key|accesskey|encryptionkey|sessionkey|signingkey|vaultkey/, hide],
  [/token|authorization|cookie|credential|passphrase|totp|otpcode|smscode|verifycode|verificationcode/, hide],
  [/^(pwd|pass|key|pem|sign|signature|cvv|jscode|authcode|paysign|ticket)$/, hide],
  [/openid|unionid/, hide],
  [/phone|mobile(?!app)|^tel$|^telephone$|telno$/, maskPhone],
  [/idcard|identitycard|idnumber|idno$|passport|certno|licen[cs]enumber/, maskNumber],
  [/bankcard|bankaccount|cardno|cardnumber|accountnumber/, maskNumber],
  [/^e?mail$|emailaddress/, maskEmail],
  [/^(address|addr|street|detailaddress|addressdetail|addressline\d?|fulladdress|houseno|doorplate)$/, maskAddress],
  [/(receiver|recipient|shipping|consignee|delivery|home|contact|buyer)address/, maskAddress],
  [/^(realname|fullname|truename|legalname|personname|nickname|consignee|recipient|receiver)$/, maskName],
  [/(receiver|recipient|consignee|contact|buyer|customer|holder|member|payee|staff|actor|operator|user)name/, maskName],
]

/** Fields beside which a plain `name` is a person's. */
const PERSONAL = /phone|mobile|^tel$|idcard|idnumber|^addr|openid|realname|birthday|gender/

/** Patterns inside strings. Ids in hexadecimal come first, so that their digits are not taken for a number. */
const PATTERNS = new RegExp(
  [
    '(?<id>\\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\\b|\\b[0-9a-f]{32,128}\\b)',
    '(?<pem>-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))',
    '(?<bearer>\\b(?:Bearer|Basic|WECHATPAY2-SHA256-RSA2048)\\s+)[^\\s"\'<>][^"\'<>\\n]*',
    '\\b(?<jwt>eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)',
    '(?<userinfo>[a-z][a-z0-9+.-]{1,20}://[^\\s:/@]*:)[^\\s@/]+(?=@)',
    '(?<assign>\\b(?:access_token|refresh_token|session_key|js_code|app_?secret|secret|password|passwd|token|api_?key|signature|sign)["\']?\\s*[=:]\\s*["\']?)[^\\s&"\',;}]+',
    '(?<openid>\\bo[\\w-]{27}(?![\\w-]))',
    '(?<idcard>(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z]))',
    '(?<phone>(?<![0-9.])(?:(?:\\+|00)?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9]))',
    '(?<card>(?<![0-9.])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2,3}[ -]?[0-9]{1,4}(?![0-9]))',
    '(?<email>\\b[\\w.+-]{1,64}@(?:[\\w-]{1,63}\\.){1,4}[A-Za-z]{2,24}\\b)',
  ].join('|'),
  'gi',
)

/**
 * A copy of `value` that is fit for logs and the audit trail: personal data masked, secrets replaced, by the
 * names of fields and by patterns inside strings (mobile numbers, ID cards, bank cards, e-mail addresses,
 * openids, bearer tokens, JWTs, private keys, passwords in URLs). Cycles, depth and length are bounded.
 */
export function redact<T>(value: T): T {
  return copy(value, 0, new Set()) as T
}

/** The same for one text, without field names. */
export function redactText(text: string): string {
  const bounded = text.length > MAX_STRING ? `${text.slice(0, MAX_STRING)}…` : text
  return bounded.replace(PATTERNS, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>
    if (groups.id !== undefined) return match
    if (groups.pem !== undefined || groups.jwt !== undefined) return REDACTED
    if (groups.openid !== undefined) return looksRandom(match) ? REDACTED : match
    for (const prefix of [groups.bearer, groups.userinfo, groups.assign])
      if (prefix !== undefined) return prefix + REDACTED
    if (groups.idcard !== undefined) return maskNumber(match)
    if (groups.phone !== undefined) return maskPhone(match.replace(/\D/g, '').slice(-11))
    if (groups.email !== undefined) return maskEmail(match)
    return passesLuhn(match) ? maskNumber(match) : match
  })
}

/** The copy of one field's value, judged by the field's name and those beside it. */
export function redactField(name: string, value: unknown, siblings: readonly string[] = []): unknown {
  return copyField(name, value, siblings, 0, new Set())
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (above.has(value)) return '[circular]'
  if (depth >= MAX_DEPTH) return '[too deep]'
  const path = new Set(above).add(value)
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1, path))
    return value.length > MAX_ITEMS ? [...items, `[${value.length - MAX_ITEMS} more]`] : items
  }
  if (value instanceof Map) return copy(Object.fromEntries(value), depth, above)
  if (value instanceof Set) return copy([...value], depth, above)
  return copyObject(value, depth, path)
}

function copyObject(value: object, depth: number, path: Set<object>): Record<string, unknown> {
  const source = value as Record<string, unknown>
  const names = Object.keys(source).slice(0, MAX_ITEMS)
  const result: Record<string, unknown> = {}
  if (value instanceof Error) {
    result.type = value.name
    result.message = redactText(value.message)
    if (value.stack) result.stack = redactText(value.stack)
    if (value.cause !== undefined) result.cause = copy(value.cause, depth + 1, path)
  }
  for (const name of names) result[name] = copyField(name, source[name], names, depth, path)
  return result
}

function copyField(
  name: string,
  value: unknown,
  siblings: readonly string[],
  depth: number,
  path: Set<object>,
): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value
  const rule = ruleFor(name, siblings)
  if (!rule) return copy(value, depth + 1, path)
  if (rule === hide) return typeof value === 'string' && value === '' ? '' : REDACTED
  if (typeof value === 'string' || typeof value === 'number') return value === '' ? '' : rule(String(value))
  // A structure under a personal name (`address: {province, …}`) is judged field by field.
  if (Array.isArray(value))
    return value.slice(0, MAX_ITEMS).map((item) => copyField(name, item, siblings, depth + 1, path))
  return copy(value, depth + 1, path)
}

const plainNames = new Map<string, Rule | null>()
const MAX_REMEMBERED = 5_000

function ruleFor(name: string, siblings: readonly string[]): Rule | undefined {
  if (name === 'name' || name === '姓名') return siblings.some(isPersonal) || name === '姓名' ? maskName : undefined
  let rule = plainNames.get(name)
  if (rule === undefined) {
    const plain = plainName(name)
    rule = FIELD_RULES.find(([pattern]) => pattern.test(plain))?.[1] ?? null
    if (plainNames.size < MAX_REMEMBERED) plainNames.set(name, rule)
  }
  return rule ?? undefined
}

const plainName = (name: string): string => name.toLowerCase().replace(/[_\-\s]/g, '')
const isPersonal = (name: string): boolean => PERSONAL.test(plainName(name))
const looksRandom = (text: string): boolean => /[0-9]/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text)

function passesLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (digits.length < 15 || digits.length > 19) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i])
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2
    sum += digit
  }
  return sum % 10 === 0
}
