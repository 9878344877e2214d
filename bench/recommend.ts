/**
 * `npm run bench -- recommend`: what visitors look at next, predicted from what they looked at before, on a log of real
 * behaviour (`BEHAVIOUR_DATA` names the file: user, item, category, kind, second), split by time. Hit rate among the
 * first 10 and 20, with the rules that the shop uses, against the most popular items. Skipped without the log.
 */
import { existsSync, readFileSync } from 'node:fs'
import {
  heatOf,
  interestOf,
  PAIRS_FIRST,
  type Pair,
  pairsOf,
  type Touch,
  tasteOf,
} from '../apps/server/src/modules/recommendation/rules.ts'

const TRAIN_SHARE = 0.8
const HEAT_HALF_LIFE_MS = 3_600_000
const LAST_VIEWED = 20
const WEIGHTS: Record<string, number> = { pv: 1, cart: 3, fav: 3, buy: 5 }

const file = process.env.BEHAVIOUR_DATA
if (file === undefined || !existsSync(file)) {
  console.log('skipped: BEHAVIOUR_DATA names no log of behaviour')
  console.log(JSON.stringify({ bench: 'recommend', bars: [] }))
  process.exit(0)
}

const categoryOf = new Map<string, string>()
const touches = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line): Touch => {
    const [who, productId, category, kind, second] = line.split(',') as [string, string, string, string, string]
    categoryOf.set(productId, category)
    return { who, productId, atMs: Number(second) * 1000, weight: WEIGHTS[kind] ?? 1 }
  })
  .sort((a, b) => a.atMs - b.atMs)
const splitMs = touches[Math.floor(touches.length * TRAIN_SHARE)]!.atMs
const before = touches.filter(({ atMs }) => atMs < splitMs)
const after = touches.filter(({ atMs }) => atMs >= splitMs)

const pairs = Map.groupBy(pairsOf(before), ({ productId }) => productId)
const heat = heatOf(before, splitMs, HEAT_HALF_LIFE_MS)
const hottest = [...heat].sort((a, b) => b[1] - a[1]).map(([id]) => id)
// What is wanted, by category: the shop's list is short, this one is not.
const heatIn = Map.groupBy(heat, ([id]) => categoryOf.get(id)!)
const historyOf = Map.groupBy(before, ({ who }) => who)

const hits = { interest: { 10: 0, 20: 0 }, popular: { 10: 0, 20: 0 } }
let people = 0
for (const [who, later] of Map.groupBy(after, (touch) => touch.who)) {
  const history = historyOf.get(who)
  if (!history) continue
  const known = new Set(history.map(({ productId }) => productId))
  const next = new Set(later.map(({ productId }) => productId).filter((id) => !known.has(id)))
  if (next.size === 0) continue
  people++
  const viewed = [...new Set(history.map(({ productId }) => productId).reverse())].slice(0, LAST_VIEWED)
  const own: Pair[] = viewed.flatMap((id) => pairs.get(id) ?? [])
  const popular = hottest.filter((id) => !known.has(id)).slice(0, 20)
  const categories = new Set(viewed.map((id) => categoryOf.get(id)!))
  const near = new Map([...categories].flatMap((category) => heatIn.get(category) ?? []))
  const paired = interestOf(viewed, own)
  const all = [...paired.slice(0, PAIRS_FIRST), ...tasteOf(viewed, categoryOf, near), ...paired.slice(PAIRS_FIRST)]
  const interest = [...new Set([...all.map(({ productId }) => productId), ...popular])]
  for (const most of [10, 20] as const) {
    if (interest.slice(0, most).some((id) => next.has(id))) hits.interest[most]++
    if (popular.slice(0, most).some((id) => next.has(id))) hits.popular[most]++
  }
}

const rate = (count: number) => Math.round((count / people) * 10_000) / 10_000
console.table({
  'for you': { people, 'hit rate@10': rate(hits.interest[10]), 'hit rate@20': rate(hits.interest[20]) },
  popularity: { people, 'hit rate@10': rate(hits.popular[10]), 'hit rate@20': rate(hits.popular[20]) },
})
const bars = ([10, 20] as const).map((most) => ({
  name: `hit rate@${most}`,
  value: rate(hits.interest[most]),
  limit: rate(hits.popular[most]),
  ok: hits.interest[most] > hits.popular[most],
}))
console.log(JSON.stringify({ bench: 'recommend', people, bars }))
process.exit(bars.every(({ ok }) => ok) ? 0 : 1)
