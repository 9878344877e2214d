import {
  CARRIERS,
  CHANNELS,
  type Channel,
  formatMoney,
  NO_BUYER_LEVEL,
  PRODUCT_ROLE_NAMES,
  type ProductRole,
  ROUTING_FIELDS,
  type RoutingCondition,
  type RoutingDecision,
  type RoutingEffects,
  type RoutingRule,
  SERVICE_LEVELS,
} from '@zhanggui/contract'
import type { Preference, RoutingFacts } from '../orders/index.ts'

/** A warehouse as routing sees it; lists of these are in the order in which warehouses serve. */
export interface RoutingWarehouse {
  id: string
  name: string
  kind: 'central' | 'front'
  /** Where it is, in words: a city, or province and city. */
  region: string
}

export interface RoutingCategory {
  name: string
  /** Ids from the category itself up to the root. */
  path: readonly string[]
}

export interface RoutingWorld {
  version: number
  rules: readonly RoutingRule[]
  /** The active ones. */
  warehouses: readonly RoutingWarehouse[]
  /** Categories by id with those above them; there when a rule looks at categories. */
  categories?: ReadonlyMap<string, RoutingCategory>
}

/** How an order is to be sent, and why. */
export interface Route extends Preference {
  /** The decision in words, now that its units have been placed. */
  decide(parts: readonly { warehouseId: string; quantity: number }[]): RoutingDecision
}

type Trace = RoutingDecision['rules'][number]

interface Verdict {
  holds: boolean
  /** What the condition looked at, in words. */
  because: string
}

const CITY_ENDING = /(市|地区|自治州|盟)$/
const PROVINCE_ENDING = /(壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$/
const DISTRICT_ENDING = /(区|县|市|旗)$/

const bare = (name: string, ending: RegExp): string => {
  const text = name.replace(/\s/g, '')
  const short = text.replace(ending, '')
  return short.length < 2 ? text : short
}

/** Front warehouses in the city of the address. */
export function sameCityWarehouses(city: string, warehouses: readonly RoutingWarehouse[]): RoutingWarehouse[] {
  const wanted = bare(city, CITY_ENDING)
  if (wanted === '') return []
  return warehouses.filter(({ kind, region }) => kind === 'front' && region.replace(/\s/g, '').includes(wanted))
}

/**
 * Decides how an order is sent. Pure. Rules are looked at from top to bottom; of each thing to decide the first rule
 * that names it wins, packing notes add up, `stop` ends the search.
 */
export function route(world: RoutingWorld, facts: RoutingFacts): Route {
  const chosen: RoutingEffects = {}
  const decidedBy = new Map<keyof RoutingEffects, Trace>()
  const packingNotes: string[] = []
  const traces: Trace[] = []
  let preferred: RoutingWarehouse[] = []
  let stopped = false
  for (const rule of world.rules) {
    const head = { ruleId: rule.id, name: rule.name, overruled: [] as string[] }
    if (stopped || !rule.enabled) {
      traces.push({ ...head, outcome: rule.enabled ? 'not-reached' : 'disabled', because: '' })
      continue
    }
    const verdict = judge(rule, facts, world)
    const trace: Trace = { ...head, outcome: verdict.holds ? 'matched' : 'not-matched', because: verdict.because }
    traces.push(trace)
    if (!verdict.holds) continue
    stopped = rule.stop
    const { packingNote, ...effects } = rule.effects
    if (packingNote !== undefined) packingNotes.push(packingNote)
    for (const [name, effect] of Object.entries(effects) as [keyof typeof effects, never][]) {
      if (effect === undefined) continue
      if (decidedBy.has(name)) {
        trace.overruled.push(effectText({ [name]: effect } as RoutingEffects, world))
        continue
      }
      if (name === 'warehouse') {
        const found = warehousesOf(rule.effects.warehouse!, facts, world.warehouses)
        if (found.length === 0) {
          trace.overruled.push(`${effectText({ warehouse: effect }, world)}（没有这样的启用中的仓库）`)
          continue
        }
        preferred = found
      }
      chosen[name] = effect
      decidedBy.set(name, trace)
    }
  }
  const decision: Omit<RoutingDecision, 'parts' | 'sentences'> = {
    version: world.version,
    warehouseIds: preferred.map((warehouse) => warehouse.id),
    split: chosen.split ?? 'together',
    carrier: chosen.carrier ?? null,
    service: chosen.service ?? null,
    prePack: chosen.prePack ?? false,
    packingNotes,
    channel: facts.channel ?? null,
    buyerLevel: facts.buyerLevel ?? null,
    rules: traces,
  }
  return {
    warehouseIds: decision.warehouseIds,
    split: decision.split,
    decide: (parts) => {
      const units = new Map<string, number>()
      for (const part of parts) units.set(part.warehouseId, (units.get(part.warehouseId) ?? 0) + part.quantity)
      return {
        ...decision,
        parts: [...units].map(([warehouseId, count]) => ({ warehouseId, units: count })),
        sentences: sentencesOf(world, decision, decidedBy, [...units.keys()]),
      }
    },
  }
}

function judge(rule: RoutingRule, facts: RoutingFacts, world: RoutingWorld): Verdict {
  const verdicts = rule.conditions.map((condition) => check(condition, facts, world))
  const words = (list: readonly Verdict[]) => list.map((each) => each.because).join('；')
  if (rule.match === 'all') {
    const failed = verdicts.filter((each) => !each.holds)
    return failed.length === 0
      ? { holds: true, because: words(verdicts) }
      : { holds: false, because: words(failed.slice(0, 3)) }
  }
  const met = verdicts.filter((each) => each.holds)
  return met.length > 0
    ? { holds: true, because: words(met.slice(0, 3)) }
    : { holds: false, because: words(verdicts.slice(0, 3)) }
}

/** Whether one condition holds, and what it saw. */
export function check(condition: RoutingCondition, facts: RoutingFacts, world: RoutingWorld): Verdict {
  const { field } = condition
  const label = ROUTING_FIELDS[field].zh
  switch (condition.field) {
    case 'same-city': {
      const found = sameCityWarehouses(facts.city, world.warehouses)
      const because = found.length > 0 ? `收货城市是${facts.city}` : `${facts.city}没有前置仓`
      return { holds: found.length > 0 === condition.value, because }
    }
    case 'promotion':
      return { holds: facts.promotion === condition.value, because: facts.promotion ? '享受了优惠' : '没有享受优惠' }
    case 'total-fen':
      return compare(condition, facts.totalFen, label, formatMoney)
    case 'weight-grams':
      return compare(
        condition,
        sum(facts, (line) => line.weightGrams * line.quantity),
        label,
        (n) => `${n} 克`,
      )
    case 'units':
      return compare(
        condition,
        sum(facts, (line) => line.quantity),
        label,
        (n) => `${n} 件`,
      )
    default:
      return among(condition, known(condition.field, facts, world), label, (word) => wordText(condition, word, world))
  }
}

/** A word as people say it: categories, channels and roles are kept by id. */
function wordText({ field }: WordCondition, word: string, world: RoutingWorld): string {
  if (field === 'category') return world.categories?.get(word)?.name ?? word
  if (field === 'channel') return CHANNELS[word as Channel]?.zh ?? word
  if (field === 'buyer-level') return word === NO_BUYER_LEVEL ? '无' : word
  return field === 'role' ? (PRODUCT_ROLE_NAMES[word as ProductRole]?.zh ?? word) : word
}

type WordCondition = Extract<RoutingCondition, { operator: 'in' | 'not-in' }>
type NumberCondition = Extract<RoutingCondition, { operator: 'at-least' | 'below' }>

const sum = ({ lines }: RoutingFacts, of: (line: RoutingFacts['lines'][number]) => number): number =>
  lines.reduce((total, line) => total + of(line), 0)

/** The words that a field has in this order; null when it is not known. */
function known(field: WordCondition['field'], facts: RoutingFacts, world: RoutingWorld): readonly string[] | null {
  const one = (text: string | undefined) => (text === undefined || text === '' ? null : [text])
  switch (field) {
    case 'province':
      return one(facts.province)
    case 'city':
      return one(facts.city)
    case 'district':
      return one(facts.district)
    case 'channel':
      return one(facts.channel)
    case 'buyer-level':
      return one(facts.buyerLevel)
    case 'campaign':
      return facts.campaigns
    case 'tag':
      return [...new Set(facts.lines.flatMap((line) => line.tags))]
    case 'role': {
      const roles = facts.lines.flatMap((line) => line.role ?? [])
      return roles.length === 0 ? null : [...new Set(roles)]
    }
    case 'sku':
      return facts.lines.map((line) => line.skuCode)
    case 'category':
      return facts.lines.flatMap(({ categoryId }) =>
        categoryId === null ? [] : (world.categories?.get(categoryId)?.path ?? [categoryId]),
      )
  }
}

/** What an order has several of. */
const LISTS: ReadonlySet<WordCondition['field']> = new Set(['campaign', 'tag', 'sku', 'category'])

const ENDINGS: Partial<Record<WordCondition['field'], RegExp>> = {
  province: PROVINCE_ENDING,
  city: CITY_ENDING,
  district: DISTRICT_ENDING,
}

function among(
  condition: WordCondition,
  words: readonly string[] | null,
  label: string,
  say: (word: string) => string,
): Verdict {
  if (words === null) return { holds: false, because: `${label}未知` }
  const ending = ENDINGS[condition.field]
  const same = (text: string) => (ending === undefined ? text.trim().toLowerCase() : bare(text, ending))
  const wanted = new Set(condition.values.map(same))
  const hits = words.filter((word) => wanted.has(same(word)))
  const isIn = hits.length > 0
  const seen = hits[0] ?? words[0]
  const list = condition.values.slice(0, 5).map(say).join('、')
  if (seen === undefined) return { holds: condition.operator === 'not-in', because: `没有${label}` }
  const has = LISTS.has(condition.field) ? '含' : '是'
  const because = `${label}${has}${say(seen)}${isIn ? '' : `，不在「${list}」之内`}`
  return { holds: isIn === (condition.operator === 'in'), because }
}

function compare(condition: NumberCondition, value: number, label: string, say: (value: number) => string): Verdict {
  const isAtLeast = value >= condition.value
  const because = `${label} ${say(value)}，${isAtLeast ? '满' : '不满'} ${say(condition.value)}`
  return { holds: isAtLeast === (condition.operator === 'at-least'), because }
}

function warehousesOf(
  effect: NonNullable<RoutingEffects['warehouse']>,
  facts: RoutingFacts,
  warehouses: readonly RoutingWarehouse[],
): RoutingWarehouse[] {
  switch (effect.by) {
    case 'same-city':
      return sameCityWarehouses(facts.city, warehouses)
    case 'kind':
      return warehouses.filter((warehouse) => warehouse.kind === effect.kind)
    case 'id':
      return effect.warehouseIds.flatMap((id) => warehouses.find((warehouse) => warehouse.id === id) ?? [])
  }
}

/** What a rule does, in words. */
export function effectText(effects: RoutingEffects, world: Pick<RoutingWorld, 'warehouses'>): string {
  const { warehouse, split, carrier, service, prePack, packingNote } = effects
  const parts: string[] = []
  if (warehouse?.by === 'same-city') parts.push('同城前置仓优先')
  if (warehouse?.by === 'kind') parts.push(`${warehouse.kind === 'front' ? '前置仓' : '中心仓'}优先`)
  if (warehouse?.by === 'id') parts.push(`${namesOf(warehouse.warehouseIds, world)}优先`)
  if (split) parts.push(split === 'together' ? '尽量一个包裹' : '按仓拆单')
  if (carrier) parts.push(`用${CARRIERS[carrier]}`)
  if (service) parts.push(SERVICE_LEVELS[service].zh)
  if (prePack) parts.push('提前打包')
  if (packingNote) parts.push(`打包备注「${packingNote}」`)
  return parts.join('，')
}

const namesOf = (ids: readonly string[], world: Pick<RoutingWorld, 'warehouses'>): string =>
  ids.map((id) => world.warehouses.find((warehouse) => warehouse.id === id)?.name ?? '已停用的仓库').join('、')

function sentencesOf(
  world: RoutingWorld,
  decision: Omit<RoutingDecision, 'parts' | 'sentences'>,
  decidedBy: ReadonlyMap<keyof RoutingEffects, Trace>,
  used: readonly string[],
): string[] {
  const sentences: string[] = []
  const why = (name: keyof RoutingEffects): string => {
    const trace = decidedBy.get(name)
    return trace ? `，因为${trace.because}（规则「${trace.name}」）` : ''
  }
  if (used.length > 0) sentences.push(placeSentence(world, decision.warehouseIds, used, why('warehouse')))
  if (decidedBy.has('split') && decision.split === 'by-warehouse') sentences.push(`按仓拆单${why('split')}`)
  if (decision.carrier) sentences.push(`用${CARRIERS[decision.carrier]}${why('carrier')}`)
  if (decision.service) sentences.push(`时效 ${SERVICE_LEVELS[decision.service].zh}${why('service')}`)
  if (decision.prePack) sentences.push(`提前打包${why('prePack')}`)
  for (const note of decision.packingNotes) sentences.push(`打包备注：${note}`)
  return sentences
}

function placeSentence(
  world: RoutingWorld,
  preferred: readonly string[],
  used: readonly string[],
  because: string,
): string {
  const names = namesOf(used, world)
  const how = used.length > 1 ? `分 ${used.length} 个仓发（${names}）` : `发${names}`
  if (preferred.length === 0) return `${how}，没有规则指定仓库，按仓库顺序选有货的`
  if (used.every((id) => preferred.includes(id))) return `${how}${because}`
  const first = namesOf(preferred, world)
  return used.some((id) => preferred.includes(id))
    ? `${how}，优先的${first}只够一部分${because}`
    : `${how}，优先的${first}没有足够的货${because}`
}
