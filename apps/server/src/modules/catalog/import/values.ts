import { MAX_TAG_VALUES, PRODUCT_ROLE_NAMES, PRODUCT_ROLES, type ProductRole, parseYuan } from '@zhanggui/contract'
import type { Attribute, ProductOption } from '../types.ts'

/** A value that cannot be read, with the reason in words. */
export class BadValue extends Error {}

const MAX_PRICE_FEN = 10_000_000_00
const MAX_STOCK = 1_000_000
const MAX_WEIGHT_GRAMS = 1_000_000
const MAX_ATTRIBUTES = 60
const MAX_ATTRIBUTE_VALUE = 200
const JOINER = '、'
const MAX_IMAGES = 30

/** Yuan as people write them, in fen. */
export function readPrice(text: string): number {
  const amount = parseYuan(text)
  if (amount === undefined) throw new BadValue('金额格式不对，请填数字，最多两位小数')
  if (amount < 0) throw new BadValue('金额不能为负数')
  if (amount > MAX_PRICE_FEN) throw new BadValue('金额超过上限 1000 万元')
  return amount
}

export function readStock(text: string): number {
  const plain = text.normalize('NFKC').replace(/[,\s]|件$/g, '')
  if (!/^\d{1,9}(\.0+)?$/.test(plain)) throw new BadValue('库存请填 0 或正整数')
  const units = Number(plain)
  if (units > MAX_STOCK) throw new BadValue(`库存超过上限 ${MAX_STOCK}`)
  return units
}

/** Grams; `0.5kg`, `1.2 千克` and `3斤` are understood. `inKilograms` when the column's name says so. */
export function readWeight(text: string, inKilograms: boolean): number {
  const match = /^(\d{1,9}(?:\.\d+)?)\s*(kg|千克|公斤|斤|g|克)?$/i.exec(text.normalize('NFKC').replace(/,/g, '').trim())
  if (!match) throw new BadValue('不是有效的重量（克）')
  const unit = match[2]?.toLowerCase() ?? (inKilograms ? 'kg' : 'g')
  const factor = unit === 'g' || unit === '克' ? 1 : unit === '斤' ? 500 : 1000
  const grams = Math.round(Number(match[1]) * factor)
  if (grams > MAX_WEIGHT_GRAMS) throw new BadValue('重量超过上限 1000 千克')
  return grams
}

/** A code or barcode; spreadsheet programs turn long numbers into 6.9E+12, which has lost digits. */
export function readCode(text: string, max: number): string {
  if (/^\d(\.\d+)?e\+?\d{1,3}$/i.test(text))
    throw new BadValue('被表格软件变成了科学计数法，请将该列设为文本后重新填写')
  return readText(text, max)
}

export function readText(text: string, max: number): string {
  if (text.length > max) throw new BadValue(`超过 ${max} 个字符（现有 ${text.length} 个）`)
  return text
}

/** Names of categories from the root: `服饰 > 女装`, and the second column below it. */
export function readCategory(category: string, subcategory: string): string[] {
  const names = [category, subcategory]
    .flatMap((text) => text.split(/[>＞›»]/))
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (names.length > 3) throw new BadValue('类目最多 3 级')
  const long = names.find((name) => name.length > 30)
  if (long !== undefined) throw new BadValue(`类目「${long.slice(0, 40)}」超过 30 个字符`)
  return names
}

export function readTags(text: string): string[] {
  const tags = [
    ...new Set(
      text
        .split(/[,，、;；|\n]/)
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ]
  if (tags.length > 20) throw new BadValue('标签最多 20 个')
  for (const tag of tags) readText(tag, 20)
  return tags
}

const OPENBG_PAIR = '#;#'
const OPENBG_VALUE = '#:'

/**
 * `名称:值;名称:值` (full-width signs too, or one pair on each line), or `名称#:#值#;#名称#:#值`. Values of one name are
 * joined: a product has each attribute once.
 */
export function readAttributes(text: string): Attribute[] {
  const attributes = mergeAttributes(attributePairs(text).map(([name, value]) => ({ name, value })))
  if (attributes.length > MAX_ATTRIBUTES) throw new BadValue(`属性最多 ${MAX_ATTRIBUTES} 项`)
  for (const { name, value } of attributes) {
    readText(name, 30)
    readText(value, MAX_ATTRIBUTE_VALUE)
  }
  return attributes
}

/** Values of one name together; what does not fit into one attribute goes on in another of that name. */
export function mergeAttributes(attributes: readonly Attribute[]): Attribute[] {
  const merged = new Map<string, string[][]>()
  for (const { name, value } of attributes) {
    const parts = merged.get(name) ?? [[]]
    merged.set(name, parts)
    if (parts.some((values) => values.includes(value))) continue
    const last = parts.at(-1)!
    if (last.length > 0 && [...last, value].join(JOINER).length > MAX_ATTRIBUTE_VALUE) parts.push([value])
    else last.push(value)
  }
  return [...merged].flatMap(([name, parts]) => parts.map((values) => ({ name, value: values.join(JOINER) })))
}

function attributePairs(text: string): [string, string][] {
  const openbg = text.includes(OPENBG_VALUE)
  const exact = openbg ? exactPairs(text) : null
  if (exact !== null) return exact
  const parts = openbg ? text.split(OPENBG_PAIR) : text.split(/[;；\n]/)
  return parts.flatMap((part): [string, string][] => {
    const plain = part.trim().replace(/^#+|#+$/g, '')
    if (plain === '') return []
    const match = openbg ? /^(.*?)#:#?(.*)$/s.exec(plain) : /^(.*?)[:：](.*)$/s.exec(plain)
    if (!match?.[1]?.trim()) throw new BadValue(`属性「${plain.slice(0, 40)}」应写作 名称:值`)
    const value = match[2]!.trim()
    return value === '' ? [] : [[match[1].trim(), value]]
  })
}

/** `a#:#b#;#c#:#d` where no name or value holds a `#`: whatever else they hold, one way of reading it. Null otherwise. */
function exactPairs(text: string): [string, string][] | null {
  const pieces = text.split('#')
  const isExact =
    pieces.length % 4 === 3 &&
    pieces.every((piece, at) => (at % 2 === 0 ? piece.trim() !== '' : piece === (at % 4 === 1 ? ':' : ';')))
  if (!isExact) return null
  const pairs: [string, string][] = []
  for (let at = 0; at < pieces.length; at += 4) pairs.push([pieces[at]!.trim(), pieces[at + 2]!.trim()])
  return pairs
}

/** The other way round, in the form that keeps every character. */
export function attributesText(attributes: readonly Attribute[]): string {
  const plain = attributes.every(({ name, value }) => !/[;；:：\n#]/.test(name) && !/[;；\n#]/.test(value))
  const [inner, outer] = plain ? [':', ';'] : ['#:#', OPENBG_PAIR]
  return attributes.map(({ name, value }) => `${name}${inner}${value}`).join(outer)
}

const GENERIC_OPTION = /^(规格|销售属性|option|variant|列)/

/** `颜色:红`; or just `红` in a column called 颜色. */
export function readOption(text: string, column: string): { name: string; value: string } {
  const match = /^([^:：]{1,30})[:：](.+)$/s.exec(text)
  const plainColumn = column.replace(/[（(].*/, '').trim()
  const name = match ? match[1]!.trim() : GENERIC_OPTION.test(plainColumn) ? '规格' : plainColumn
  return { name: readText(name, 30), value: readText((match ? match[2]! : text).trim(), 60) }
}

export const optionText = (option: Pick<ProductOption, 'name'>, value: string): string => `${option.name}:${value}`

/** Addresses or file names. Addresses may hold commas, so only signs between two of them part them. */
export function readImages(text: string): string[] {
  const images = text
    .split(/[\n;；|]/)
    .flatMap((part) => (part.includes('://') ? part.split(/[,，\s]+(?=https?:\/\/)/i) : part.split(/[,，]/)))
    .map((image) => image.trim())
    .filter((image) => image !== '')
  if (images.length > MAX_IMAGES) throw new BadValue(`图片最多 ${MAX_IMAGES} 张`)
  for (const image of images) readText(image, 1000)
  return [...new Set(images)]
}

/** One address or file name. */
export function readVideo(text: string): string {
  const [video, ...more] = readImages(text)
  if (more.length > 0) throw new BadValue('一个商品只能有一个视频')
  return video!
}

const ROLES = new Map<string, ProductRole>(
  PRODUCT_ROLES.flatMap((role) => [[role, role] as const, [PRODUCT_ROLE_NAMES[role].zh, role] as const]),
)

/** A role by its Chinese name or its own. */
export function readRole(text: string): ProductRole {
  const role = ROLES.get(
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/(款|品)$/, ''),
  )
  if (role === undefined)
    throw new BadValue(`商品角色应为：${PRODUCT_ROLES.map((each) => PRODUCT_ROLE_NAMES[each].zh).join('、')}`)
  return role
}

const MAX_TAG_NAME = 60

/** `场景:露营、野餐;季节:夏`: values of the shop's tag dimensions, each once. */
export function readTagValues(text: string): { dimension: string; value: string }[] {
  const found = new Map<string, { dimension: string; value: string }>()
  const isOneEach = text.includes(OPENBG_VALUE)
  for (const [dimension, values] of attributePairs(text))
    for (const value of (isOneEach ? [values] : values.split(/[、,，]/)).map((each) => each.trim()))
      if (value !== '')
        found.set(`${dimension}\u001f${value}`, {
          dimension: readText(dimension, MAX_TAG_NAME),
          value: readText(value, MAX_TAG_NAME),
        })
  if (found.size > MAX_TAG_VALUES) throw new BadValue(`场景标签最多 ${MAX_TAG_VALUES} 个`)
  return [...found.values()]
}

/** The other way round, in the form that keeps every character. */
export function tagValuesText(tags: readonly { dimension: string; name: string }[]): string {
  if (tags.some(({ dimension, name }) => /[;；:：\n#、,，]/.test(dimension + name)))
    return tags.map(({ dimension, name }) => `${dimension}#:#${name}`).join(OPENBG_PAIR)
  const byDimension = Map.groupBy(tags, ({ dimension }) => dimension)
  return attributesText(
    [...byDimension].map(([name, values]) => ({ name, value: values.map((each) => each.name).join(JOINER) })),
  )
}
