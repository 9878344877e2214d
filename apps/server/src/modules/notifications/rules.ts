import type { NoticeKind } from '@zhanggui/contract'

/** What can be said in a message of each kind, by the words that the settings use. */
export const FACTS = {
  'order-shipped': ['订单号', '商品名称', '件数', '快递公司', '快递单号', '发货时间', '备注'],
  'parcel-news': ['订单号', '商品名称', '状态', '说明', '时间'],
  'pick-up': ['订单号', '商品名称', '状态', '说明', '时间'],
  'order-news': ['订单号', '商品名称', '状态', '说明', '时间'],
  'review-wanted': ['订单号', '商品名称', '备注', '时间'],
  'refund-done': ['订单号', '商品名称', '退款金额', '退款状态', '退款时间', '备注'],
  aftersale: ['订单号', '售后单号', '商品名称', '退款金额', '状态', '说明', '时间'],
  restock: ['商品名称', '规格', '价格', '到货时间', '备注'],
} as const satisfies Record<NoticeKind, readonly string[]>

/** The words of a template beside the keys that WeChat gave them, e.g. `thing1` → `商品名称`. */
export type Fields = Readonly<Record<string, string>>

const FIELD = /^([a-z_]+\d{1,2})[=:：](\S+)$/

/**
 * Reads `character_string1=订单号 thing2=商品名称`. Answers the fields, or what is wrong in the shopkeeper's words.
 */
export function readFields(kind: NoticeKind, text: string): Fields | string {
  const fields: Record<string, string> = {}
  for (const part of text.split(/[\s,，;；]+/).filter(Boolean)) {
    const [, key, word] = FIELD.exec(part) ?? []
    if (!key || !word) return `「${part}」应写成 thing1=商品名称 的样子`
    if (!(FACTS[kind] as readonly string[]).includes(word)) return `「${word}」不可用，可选：${FACTS[kind].join('、')}`
    if (key in fields) return `「${key}」写了两次`
    fields[key] = word
  }
  return Object.keys(fields).length === 0 ? '至少填写一项' : fields
}

const cut = (value: string, length: number): string => {
  const characters = [...value]
  return characters.length <= length ? value : `${characters.slice(0, length - 1).join('')}…`
}
const digits = (value: string, length: number) => value.replace(/[^\d.-]/g, '').slice(0, length) || '0'
const ascii = (value: string, length: number) =>
  value
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, length) || '-'

/** How a value must look, by the kind its key begins with: longer ones are cut, for WeChat refuses them (facts §2.3). */
const KINDS: Record<string, (value: string) => string> = {
  thing: (value) => cut(value, 20) || '无',
  character_string: (value) => ascii(value, 32),
  letter: (value) => value.replace(/[^A-Za-z]/g, '').slice(0, 32) || 'A',
  number: (value) => digits(value, 32),
  symbol: (value) => cut(value, 5) || '-',
  phrase: (value) => [...value.replace(/[^\p{Script=Han}]/gu, '')].slice(0, 5).join('') || '无',
  amount: (value) => `¥${digits(value, 13)}`,
  name: (value) => cut(value.replace(/\s/g, ''), 10) || '无',
}

/** The data of a message: each field as WeChat takes it. Times are given as they are. */
export function messageData(fields: Fields, facts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, word]) => {
      const value = facts[word] ?? ''
      const fit = KINDS[key.replace(/\d+$/, '')]
      return [key, fit ? fit(value) : value]
    }),
  )
}

/** `2026年11月25日 18:05` in the shop's time zone: WeChat's form of a time. */
export function timeWords(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('zh-CN', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at))
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}年${part('month')}月${part('day')}日 ${part('hour')}:${part('minute')}`
}

/** Goods of an order in few words. */
export function goodsWords(titles: readonly string[]): string {
  const [first = '', ...rest] = titles
  return rest.length === 0 ? first : `${cut(first, 14)}等${titles.length}种`
}

/** Where a message leads: pages of the mini program (`apps/storefront/src/platform/mini/places.ts`). */
export const PLACES = {
  order: (orderId: string) => `trade/order/index?order=${orderId}`,
  aftersale: (caseId: string) => `more/aftersale/index?id=${caseId}`,
  review: (orderId: string) => `more/review/index?order=${orderId}`,
  product: (productId: string) => `pages/detail/index?id=${productId}`,
}

const KIND_OF_TOPIC: Readonly<Record<string, NoticeKind>> = {
  'parcel-delivering': 'parcel-news',
  'parcel-signed': 'parcel-news',
  'parcel-stalled': 'parcel-news',
  'rider-left': 'parcel-news',
  'pick-up-ready': 'pick-up',
  'pick-up-reminder': 'pick-up',
  'pick-up-expired': 'pick-up',
}

/** The kind of message that what the shop wrote to a buyer is sent as; what is not about the way is news of the order. */
export const kindOfTopic = (topic: string): NoticeKind => KIND_OF_TOPIC[topic] ?? 'order-news'

const FIRST_PAUSE_SECONDS = 30
const LONGEST_PAUSE_SECONDS = 3600

/** Seconds until the next try after `attempts` that came to nothing. */
export const pauseSeconds = (attempts: number): number =>
  Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.max(0, attempts - 1), LONGEST_PAUSE_SECONDS)
