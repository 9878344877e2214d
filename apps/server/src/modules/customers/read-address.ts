import { divisions, type Place } from './divisions.ts'

export interface AddressRead {
  name: string
  phone: string
  province: string
  city: string
  district: string
  street: string
  detail: string
}

const MAX_CHARS = 300
const LABELS =
  /(收货人|收件人|联系人|姓名|名字|手机号码|手机号|手机|联系电话|电话|所在地区|所在地|地区|详细地址|收货地址|收件地址|地址)\s*[:：]?/g
const PHONE = /(?:^|[^\d])(?:\+?86[-\s]?)?(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)/
const NAME = /^(?:[\p{Script=Han}·]{2,5}|[A-Za-z][A-Za-z .]{1,28})$/u
const PLACE_END =
  /(省|市|区|县|州|旗|盟|镇|乡|村|路|街|道|巷|弄|号|栋|幢|室|楼|苑|园|城|小区|大厦|广场|公寓|花园|学校|大学)$/
const TITLES = /(先生|女士|小姐|同学|老师)$/
const STREET = /^[\p{Script=Han}]{1,8}?(?:街道|镇|乡|苏木)/u

interface Match {
  path: string[]
  rest: string
  /** More is better: levels first, then characters that names took. */
  score: number
}

/**
 * Reads name, phone and the four levels of the place out of a text that people paste from a chat. Best effort: what is
 * not found is empty, and the buyer sees and corrects every field. (UX-02)
 */
export async function readAddress(text: string): Promise<AddressRead> {
  const provinces = await divisions()
  const plain = text.slice(0, MAX_CHARS).normalize('NFKC').replace(LABELS, ' ')
  const phone = PHONE.exec(plain)
  const parts = plain
    .replace(PHONE, ' ')
    .split(/[\s,，;；、。|/]+/)
    .filter((part) => part !== '')
  // a place may be written in several parts: each is read with what follows it
  const matches = parts.map((_, index) => best(parts.slice(index).join(' '), provinces))
  const start = matches.reduce((top, match, index) => (match.score > (matches[top]?.score ?? 0) ? index : top), 0)
  const isPlace = (matches[start]?.score ?? 0) > 0
  const alone = parts.map((part) => best(part, provinces))
  const nameAt = findName(parts, alone, isPlace ? start : -1)
  const name = nameAt < 0 ? '' : parts[nameAt]!
  const kept = parts.map((part, index) => ({ part, index })).filter(({ index }) => index !== nameAt)
  const from = isPlace ? kept.filter(({ index }) => index >= start) : kept
  const before = isPlace ? kept.filter(({ index }) => index < start).map(({ part }) => part) : []
  const found = best(from.map(({ part }) => part).join(' '), provinces)
  return { name, phone: phone ? phone.slice(1).join('') : '', ...fields(found, before) }
}

function fields({ path, rest }: Match, before: readonly string[]) {
  const [province = '', city = '', district = '', known = ''] = path
  let [street, detail] = [known, rest.trim()]
  if (street === '' && city !== '') {
    street = STREET.exec(detail)?.[0] ?? ''
    detail = detail.slice(street.length)
  }
  const all = [detail.trim(), ...before].filter((part) => part !== '').join(' ')
  return { province, city, district, street, detail: all.replace(/\s+/g, ' ') }
}

/** A short part that is no place: the likeliest is the one that stands first or last. */
function findName(parts: readonly string[], matches: readonly Match[], start: number): number {
  const can = parts.flatMap((part, index) => {
    const isName = NAME.test(part) && (TITLES.test(part) || !PLACE_END.test(part)) && index !== start
    return isName && (matches[index]!.score === 0 || start >= 0) && !isWholePlace(part, matches[index]!) ? [index] : []
  })
  return can.find((index) => index < start) ?? can.at(-1) ?? -1
}

const isWholePlace = (part: string, match: Match): boolean =>
  match.path.length > 0 && match.rest === '' && part.length > 3

/** The reading of a text's beginning that goes deepest. */
function best(text: string, provinces: readonly Place[]): Match {
  const whole: Match = { path: [], rest: text, score: 0 }
  const found = [whole]
  for (const province of provinces) {
    const rest = after(text, province)
    if (rest !== undefined) found.push(...below(rest, [province], text.length))
    // whoever leaves the province out begins with the city or the district
    else for (const city of province.children) found.push(...without(text, province, city))
  }
  return found.reduce((top, match) => (match.score > top.score ? match : top), whole)
}

function without(text: string, province: Place, city: Place): Match[] {
  const rest = after(text, city)
  if (rest !== undefined) return below(rest, [province, city], text.length)
  return city.children.flatMap((district) => {
    // only its whole name: short ones are everywhere
    const left =
      text.startsWith(district.name) && district.name.length > 2
        ? text.slice(district.name.length).trimStart()
        : undefined
    return left === undefined ? [] : below(left, [province, city, district], text.length)
  })
}

const LEVELS = 4

/** Goes on below a place; a level may be left out when the one below it is named. */
function below(text: string, path: Place[], length: number): Match[] {
  const here = path.at(-1)!
  // 北京北京市朝阳区, 上海市上海市
  const again =
    path.length <= 2 && here.children.length === 1 && here.children[0]!.name === here.name
      ? here.children[0]
      : undefined
  if (again) return below(after(text, again) ?? text.replace(/^市辖区/, ''), [...path, again], length)
  const found: Match[] = [matchOf(path, text, length)]
  if (path.length >= LEVELS) return found
  for (const child of here.children) {
    const rest = after(text, child)
    if (rest !== undefined) found.push(...below(rest, [...path, child], length))
    else if (path.length < LEVELS - 1)
      for (const deeper of child.children) {
        const left = after(text, deeper)
        // one level left out counts a little less than none
        if (left !== undefined)
          found.push(
            ...below(left, [...path, child, deeper], length).map((match) => ({ ...match, score: match.score - 60 })),
          )
      }
  }
  return found
}

function matchOf(path: readonly Place[], rest: string, length: number): Match {
  const names = path.map(({ name }) => name)
  // a city without districts has its streets where districts are
  const isFlat = path.length === 3 && path[1]!.children.includes(path[2]!) && /(?:街道|镇|乡)$/.test(names[2]!)
  const shown = isFlat ? [names[0]!, names[1]!, '', names[2]!] : names
  return { path: shown, rest: rest.trim(), score: path.length * 100 + (length - rest.length) }
}

/** What is left of a text that begins with a place, by its name or as people shorten it. */
function after(text: string, place: Place): string | undefined {
  if (text.startsWith(place.name)) return text.slice(place.name.length).trimStart()
  if (!text.startsWith(place.short)) return undefined
  // 恩施州 for 恩施土家族苗族自治州
  const rest = text.slice(place.short.length).replace(/自治州$/.test(place.name) ? /^州/ : /^$/, '')
  // 南山路 is no district, 朝阳大街 neither
  if (/^(?:东|西|南|北|中)?(?:路|大道|大街|街(?!道)|巷|弄|号|站|小区|花园|大厦|广场|村)/.test(rest)) return undefined
  return rest.trimStart()
}
