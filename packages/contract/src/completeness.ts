import { z } from 'zod'

/** What the media and content standard asks of a product (CAT-03), in the order of the editor. */
export const COMPLETENESS_ITEMS = [
  'title',
  'picture-count',
  'white-first',
  'square',
  'scene',
  'material',
  'size',
  'video',
  'attributes',
  'detail',
] as const
export const CompletenessItem = z.enum(COMPLETENESS_ITEMS)
export type CompletenessItem = z.infer<typeof CompletenessItem>

/** What a picture shows. A picture that nobody has named is `main`. */
export const PICTURE_KINDS = ['main', 'white', 'scene', 'material', 'size'] as const
export const PictureKind = z.enum(PICTURE_KINDS)
export type PictureKind = z.infer<typeof PictureKind>

const Weight = z.int().min(0).max(100)

/** Weights relative to one another, and thresholds; settings of the shop. */
export const CompletenessRules = z
  .object({
    weights: z.record(CompletenessItem, Weight),
    minPictures: z.int(),
    /** Share of the border of the first picture that has to be white, in 1/100 %. */
    whiteEdgeBp: z.int(),
    /** Shortest side of a square picture. */
    squarePx: z.int(),
    minScenes: z.int(),
    minMaterials: z.int(),
    minAttributes: z.int(),
    /** Characters of text; a picture or a video in the detail counts as twenty. */
    minDetailCharacters: z.int(),
  })
  .meta({ id: 'CompletenessRules' })
export type CompletenessRules = z.infer<typeof CompletenessRules>

/** What is known of a product; the editor fills it from its fields, the server from what is stored. */
export interface CompletenessFacts {
  pictures: readonly {
    kind: PictureKind
    width: number | null
    height: number | null
    /** Share of white along the four edges in 1/100 %; null when it was not measured yet. */
    whiteEdgeBp: number | null
  }[]
  hasVideo: boolean
  /** The title keeps every rule of the title standard. */
  isTitleStandard: boolean
  attributes: number
  detail: { characters: number; media: number; hasTable: boolean }
}

export const CompletenessPart = z
  .object({
    item: CompletenessItem,
    /** Points of 100 that it is worth, and that the product has. */
    worth: z.int(),
    earned: z.int(),
    have: z.int(),
    need: z.int(),
  })
  .meta({ id: 'CompletenessPart' })
export type CompletenessPart = z.infer<typeof CompletenessPart>

export const Completeness = z
  .object({ score: z.int().min(0).max(100), parts: z.array(CompletenessPart).max(COMPLETENESS_ITEMS.length) })
  .meta({ id: 'Completeness' })
export type Completeness = z.infer<typeof Completeness>

const MEDIA_CHARACTERS = 20
/** Sides that differ by less than this share (1/100 %) make a square. */
const SQUARE_TOLERANCE_BP = 100

/**
 * How complete a product is, 0–100, and what each part is worth (CAT-03). Pure; the editor and the server ask the
 * same function. A part that is half there earns half, rounded down; 100 is reached only when nothing is missing.
 */
export function completenessOf(facts: CompletenessFacts, rules: CompletenessRules): Completeness {
  const worth = worths(rules.weights)
  const parts = COMPLETENESS_ITEMS.map((item): CompletenessPart => {
    const [have, need] = measures[item](facts, rules)
    const share = need <= 0 ? 1 : Math.min(have / need, 1)
    return { item, worth: worth[item], earned: Math.floor(worth[item] * share), have, need }
  }).filter((part) => part.worth > 0)
  return { score: parts.reduce((sum, part) => sum + part.earned, 0), parts }
}

type Measure = (facts: CompletenessFacts, rules: CompletenessRules) => [have: number, need: number]

const ofKind = (facts: CompletenessFacts, kind: PictureKind): number =>
  facts.pictures.filter((picture) => picture.kind === kind).length

const measures: Record<CompletenessItem, Measure> = {
  title: (facts) => [facts.isTitleStandard ? 1 : 0, 1],
  'picture-count': (facts, rules) => [facts.pictures.length, rules.minPictures],
  'white-first': (facts, rules) => [
    (facts.pictures[0]?.whiteEdgeBp ?? 0) >= rules.whiteEdgeBp && facts.pictures.length > 0 ? 1 : 0,
    1,
  ],
  square: (facts, rules) => [
    facts.pictures.filter((picture) => isSquare(picture, rules.squarePx)).length,
    Math.max(facts.pictures.length, 1),
  ],
  scene: (facts, rules) => [ofKind(facts, 'scene'), rules.minScenes],
  material: (facts, rules) => [ofKind(facts, 'material'), rules.minMaterials],
  size: (facts) => [ofKind(facts, 'size') > 0 || facts.detail.hasTable ? 1 : 0, 1],
  video: (facts) => [facts.hasVideo ? 1 : 0, 1],
  attributes: (facts, rules) => [facts.attributes, rules.minAttributes],
  detail: (facts, rules) => [
    facts.detail.characters + facts.detail.media * MEDIA_CHARACTERS,
    rules.minDetailCharacters,
  ],
}

/** Whether a picture is 1:1 and large enough for the shop and for Moments. */
export function isSquare(picture: { width: number | null; height: number | null }, squarePx: number): boolean {
  const { width, height } = picture
  if (width === null || height === null) return false
  const short = Math.min(width, height)
  return short >= squarePx && (Math.max(width, height) - short) * 10_000 <= short * SQUARE_TOLERANCE_BP
}

/** Whole points that add up to 100, in proportion to the weights; the largest remainders are rounded up. */
function worths(weights: CompletenessRules['weights']): Record<CompletenessItem, number> {
  const weight = (item: CompletenessItem) => weights[item] ?? 0
  const total = COMPLETENESS_ITEMS.reduce((sum, item) => sum + weight(item), 0)
  const exact = COMPLETENESS_ITEMS.map((item) => ({ item, points: total === 0 ? 0 : (weight(item) * 100) / total }))
  const points = Object.fromEntries(exact.map(({ item, points: each }) => [item, Math.floor(each)])) as Record<
    CompletenessItem,
    number
  >
  let rest = total === 0 ? 0 : 100 - Object.values(points).reduce((sum, each) => sum + each, 0)
  const byRemainder = [...exact].sort((a, b) => (b.points % 1) - (a.points % 1))
  for (const { item } of byRemainder) {
    if (rest <= 0) break
    points[item]++
    rest--
  }
  return points
}
