import { z } from 'zod'

/** One carrier: how WeChat and 快递100 call it, whom to ring, what its waybill numbers look like. */
export interface CarrierInfo {
  zh: string
  en: string
  /** 快递100's code; empty where it has none. */
  kuaidi100: string
  /** The carrier's own service number. */
  phone: string
  /** Waybill numbers of this carrier. */
  patterns: readonly RegExp[]
  /** Other names that people write into spreadsheets. */
  alsoCalled: readonly string[]
}

/** Every carrier, by the code that WeChat's shipping information takes. The one table of carriers. */
export const CARRIER_TABLE = {
  SF: {
    zh: '顺丰速运',
    en: 'SF Express',
    kuaidi100: 'shunfeng',
    phone: '95338',
    patterns: [/^SF\d{12,13}$/],
    alsoCalled: ['顺丰', '顺丰快递', 'shunfeng'],
  },
  ZTO: {
    zh: '中通快递',
    en: 'ZTO Express',
    kuaidi100: 'zhongtong',
    phone: '95311',
    patterns: [/^(7[3-9]|6[38])\d{12}$/, /^ZTO\d{10,13}$/],
    alsoCalled: ['中通', '中通速递'],
  },
  YTO: {
    zh: '圆通速递',
    en: 'YTO Express',
    kuaidi100: 'yuantong',
    phone: '95554',
    patterns: [/^YT\d{13}$/],
    alsoCalled: ['圆通', '圆通快递'],
  },
  YD: {
    zh: '韵达速递',
    en: 'Yunda Express',
    kuaidi100: 'yunda',
    phone: '95546',
    patterns: [/^(31|35|42|43|46)\d{11}$/, /^(31|43|46)\d{13}$/],
    alsoCalled: ['韵达', '韵达快递', 'yunda'],
  },
  STO: {
    zh: '申通快递',
    en: 'STO Express',
    kuaidi100: 'shentong',
    phone: '95543',
    patterns: [/^77\d{13}$/, /^STO\d{10,13}$/],
    alsoCalled: ['申通', '申通速递'],
  },
  JD: {
    zh: '京东快递',
    en: 'JD Logistics',
    kuaidi100: 'jd',
    phone: '950616',
    patterns: [/^JD[A-Z]{0,2}\d{10,15}$/],
    alsoCalled: ['京东', '京东物流', '京东速递'],
  },
  EMS: {
    zh: 'EMS',
    en: 'EMS',
    kuaidi100: 'ems',
    phone: '11183',
    patterns: [/^E[A-Z]\d{9}CN$/, /^1[0-3]\d{11}$/],
    alsoCalled: ['邮政EMS', 'EMS特快', '特快专递', '邮政特快'],
  },
  YZPY: {
    zh: '邮政快递包裹',
    en: 'China Post parcels',
    kuaidi100: 'youzhengguonei',
    phone: '11183',
    patterns: [/^9\d{12}$/, /^P[A-Z]\d{11}$/],
    alsoCalled: ['邮政', '中国邮政', '邮政包裹', '邮政小包'],
  },
  JTSD: {
    zh: '极兔速递',
    en: 'J&T Express',
    kuaidi100: 'jtexpress',
    phone: '956025',
    patterns: [/^JT\d{13}$/],
    alsoCalled: ['极兔', '极兔快递', 'J&T'],
  },
  DBL: {
    zh: '德邦快递',
    en: 'Deppon Express',
    kuaidi100: 'debangkuaidi',
    phone: '95353',
    patterns: [/^DPK\d{10,14}$/],
    alsoCalled: ['德邦', '德邦物流'],
  },
  KYSY: {
    zh: '跨越速运',
    en: 'KYE Express',
    kuaidi100: 'kuayue',
    phone: '95324',
    patterns: [/^KY\d{11,13}$/],
    alsoCalled: ['跨越', '跨越物流'],
  },
  OTHER: { zh: '其他', en: 'Other', kuaidi100: '', phone: '', patterns: [], alsoCalled: [] },
} as const satisfies Record<string, CarrierInfo>

export type CarrierCode = keyof typeof CARRIER_TABLE

const codes = Object.keys(CARRIER_TABLE) as [CarrierCode, ...CarrierCode[]]

/** A carrier's code, as WeChat writes it. */
export const Carrier = z.enum(codes)

/** Chinese names by code. */
export const CARRIERS = Object.fromEntries(codes.map((code) => [code, CARRIER_TABLE[code].zh])) as Record<
  CarrierCode,
  string
>

/** A waybill number: 6 to 40 letters, digits and hyphens; letters are kept in upper case. */
export const TrackingNo = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Za-z0-9-]{6,40}$/, '运单号为 6–40 位字母、数字')

/** The carriers whose numbers look like this; none or several means that the number alone does not tell. */
export function carriersByNumber(trackingNo: string): CarrierCode[] {
  const number = trackingNo.trim().toUpperCase()
  return codes.filter((code) => CARRIER_TABLE[code].patterns.some((pattern: RegExp) => pattern.test(number)))
}

const plain = (name: string): string => name.replace(/[\s（）()·-]/g, '').toLowerCase()

/** The carrier that goes by this code or name; undefined when nobody does. */
export function carrierByName(name: string): CarrierCode | undefined {
  const wanted = plain(name)
  if (wanted === '') return undefined
  return codes.find((code) => {
    const { zh, en, kuaidi100, alsoCalled } = CARRIER_TABLE[code] as CarrierInfo
    return [code, zh, en, kuaidi100, ...alsoCalled].some((each) => each !== '' && plain(each) === wanted)
  })
}
