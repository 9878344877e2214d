/** Provinces with their full names, as orders and freight rules have them. */
export const PROVINCES = [
  '北京市',
  '天津市',
  '河北省',
  '山西省',
  '内蒙古自治区',
  '辽宁省',
  '吉林省',
  '黑龙江省',
  '上海市',
  '江苏省',
  '浙江省',
  '安徽省',
  '福建省',
  '江西省',
  '山东省',
  '河南省',
  '湖北省',
  '湖南省',
  '广东省',
  '广西壮族自治区',
  '海南省',
  '重庆市',
  '四川省',
  '贵州省',
  '云南省',
  '西藏自治区',
  '陕西省',
  '甘肃省',
  '青海省',
  '宁夏回族自治区',
  '新疆维吾尔自治区',
  '台湾省',
  '香港特别行政区',
  '澳门特别行政区',
] as const

export interface PastedAddress {
  name: string
  phone: string
  province: string
  city: string
  district: string
  street: string
  detail: string
}

const shortName = (province: string) => province.replace(/(壮族|回族|维吾尔)?自治区|特别行政区|省|市$/, '')
const MUNICIPALITIES = new Set(['北京市', '天津市', '上海市', '重庆市'])
const LABELS =
  /(收货人|收件人|联系人|姓名|名字|手机号码|手机号|手机|联系电话|电话|所在地区|所在地|地区|详细地址|收货地址|收件地址|地址)\s*[:：]?/g
const PHONE = /(?:^|[^\d])(?:\+?86[-\s]?)?(1[3-9]\d)[-\s]?(\d{4})[-\s]?(\d{4})(?!\d)/

/**
 * Reads name, phone and address out of a text that people paste from a chat. Best effort: what is not found is
 * empty, and the buyer sees and corrects every field.
 */
export function parsePastedAddress(text: string): PastedAddress {
  const plain = text.slice(0, 300).normalize('NFKC').replace(LABELS, ' ')
  const phone = PHONE.exec(plain)
  const parts = plain
    .replace(PHONE, ' ')
    .split(/[\s,，;；、。|]+/)
    .filter((part) => part !== '')
  const name = takeName(parts)
  // whatever stands before the province is no part of the region
  const start = parts.findIndex((part) => PROVINCES.some((province) => part.startsWith(shortName(province))))
  if (start > 0) parts.push(...parts.splice(0, start))
  return { name, phone: phone ? phone.slice(1).join('') : '', ...splitRegion(parts.join(' ')) }
}

/** The name is the short part that does not look like a place; names before the address are likelier. */
function takeName(parts: string[]): string {
  const index = parts.findIndex(
    (part) => /^(?:[\p{Script=Han}·]{2,5}|[A-Za-z][A-Za-z .]{1,28})$/u.test(part) && !looksLikePlace(part),
  )
  return index < 0 ? '' : parts.splice(index, 1)[0]!
}

const looksLikePlace = (part: string) =>
  /(省|市|区|县|州|旗|盟|镇|乡|村|路|街|道|巷|弄|号|栋|幢|室|楼|苑|园|城|小区|大厦)$/.test(part) ||
  PROVINCES.some((province) => part.startsWith(shortName(province)))

function splitRegion(address: string): Omit<PastedAddress, 'name' | 'phone'> {
  let rest = address.trim()
  const take = (pattern: RegExp): string => {
    const found = pattern.exec(rest)?.[0]
    if (found === undefined) return ''
    rest = rest.slice(found.length).trimStart()
    return found
  }
  const province = PROVINCES.find((name) => rest.startsWith(name) || rest.startsWith(shortName(name))) ?? ''
  // a municipality may stand alone or twice: 北京市朝阳区…, 北京北京市朝阳区…
  if (province !== '')
    rest = rest.slice(rest.startsWith(province) ? province.length : shortName(province).length).trimStart()
  if (province !== '' && !MUNICIPALITIES.has(province)) take(/^(省|(?:壮族|回族|维吾尔)?自治区|特别行政区)/)
  const ownCity = MUNICIPALITIES.has(province)
  if (ownCity) take(new RegExp(`^(${province}|${shortName(province)}|市辖区|市)`))
  const city = ownCity ? province : take(/^[\p{Script=Han}]{2,8}?(?:自治州|地区|盟|市)/u)
  const district = take(/^[\p{Script=Han}]{1,8}?(?:自治县|自治旗|新区|区|县|旗|市)(?!场)/u)
  const street = take(/^[\p{Script=Han}]{1,8}?(?:街道|镇|乡|苏木)/u)
  return { province, city, district, street, detail: rest.replace(/\s+/g, ' ').trim() }
}

const PHONE_RULE = /^1[3-9]\d{9}$/
export type AddressErrors = Partial<Record<keyof PastedAddress, string>>

/** What is missing or wrong, per field, in the words shown under it. */
export function addressErrors(address: PastedAddress): AddressErrors {
  const errors: AddressErrors = {}
  if (address.name.trim() === '') errors.name = '请填写收货人姓名'
  if (!PHONE_RULE.test(address.phone.trim())) errors.phone = '请输入 11 位手机号'
  if (address.province === '') errors.province = '请选择省份'
  if (address.city.trim() === '') errors.city = '请填写城市'
  if (address.detail.trim() === '') errors.detail = '请填写街道门牌等详细地址'
  return errors
}
