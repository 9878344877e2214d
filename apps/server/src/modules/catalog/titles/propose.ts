import {
  checkTitle,
  coreWords,
  plainTitle,
  type TitleFacts,
  type TitleProposal,
  type TitleRules,
  titleLength,
} from '@zhanggui/contract'

/** A search of buyers with how often it was made. */
export interface SearchedQuery {
  query: string
  searches: number
}

export interface TitleMaterial extends TitleFacts {
  /** Tag values in words, such as 场景 and 商务通勤. */
  scenes: readonly { dimension: string; name: string }[]
  tags: readonly string[]
  /** A running offer in words; empty for none. */
  offer: string
  queries: readonly SearchedQuery[]
}

type Part = TitleProposal['parts'][number]

const MAX_PROPOSALS = 5
const MAX_KEYWORDS = 3
const MAX_ATTRIBUTES = 3
/** A value of more characters is a sentence, not a word of a title. */
const LONGEST_WORD = 10

/** Attributes that say what a buyer asks for stand before those that do not. */
const TELLING = ['材质', '面料', '品种', '产地', '规格', '容量', '尺寸', '口味', '款式', '颜色', '净含量', '重量']

/** Attributes that nobody looks for by title. */
const UNTELLING = /保质|储存|贮存|洗涤|许可|条码|条形码|标准号|生产日期|厂家|厂址|电话|售后|发货/

/**
 * Titles after the standard (CAT-02): brand + core keyword + attributes, with scene and offer where there is room.
 * Keywords are what buyers searched for and the product answers: a query counts only when title, category, attributes or
 * tags bear it out. Pure; every part says where it came from. Better ones come first: fewer rules broken, then more
 * searches answered. Proposals differ from one another and from the title that is there.
 */
export function proposeTitles(material: TitleMaterial, rules: TitleRules): TitleProposal[] {
  const keywords = fittingQueries(material)
  const seen = new Set([plainTitle(material.title)])
  const proposals: TitleProposal[] = []
  for (const parts of recipes(material, keywords)) {
    const proposal = assemble(parts, material, rules)
    const plain = plainTitle(proposal.title)
    if (plain === '' || seen.has(plain)) continue
    seen.add(plain)
    proposals.push(proposal)
  }
  return proposals
    .sort((a, b) => a.broken.length - b.broken.length || b.searches - a.searches || b.parts.length - a.parts.length)
    .slice(0, MAX_PROPOSALS)
}

/** Searches that the product answers, most frequent first. */
export function fittingQueries(material: TitleMaterial): SearchedQuery[] {
  const words = plainTitle(
    [
      material.title,
      material.brand,
      material.coreKeyword,
      ...material.categoryPath,
      ...material.attributes.map(({ value }) => value),
      ...material.scenes.map(({ name }) => name),
      ...material.tags,
    ].join('|'),
  )
  const fits = (query: string) => {
    const parts = query.split(/\s+/).filter((part) => part !== '')
    return parts.length > 0 && parts.every((part) => words.includes(plainTitle(part)))
  }
  return material.queries
    .filter(({ query, searches }) => searches > 0 && titleLength(query) >= 2 && titleLength(query) <= LONGEST_WORD)
    .filter(({ query }) => fits(query))
    .sort((a, b) => b.searches - a.searches || (a.query < b.query ? -1 : 1))
}

/** The ways in which a title is put together, from the fullest to the plainest. */
function recipes(material: TitleMaterial, keywords: readonly SearchedQuery[]): Part[][] {
  const brand = part(material.brand, 'brand', '')
  const cores = coresOf(material, keywords)
  const searched = keywords.slice(0, MAX_KEYWORDS).map(({ query, searches }) => part(query, 'search', query, searches))
  const attributes = attributesOf(material)
  const scenes = material.scenes.map(({ dimension, name }) => part(name, 'scene', dimension)).slice(0, 2)
  const offer = material.offer === '' ? [] : [part(material.offer, 'offer', '')]
  return cores.flatMap((core) => [
    [brand, core, ...attributes.slice(0, 2), ...scenes.slice(0, 1), ...offer],
    [brand, core, ...searched, ...attributes.slice(0, 2), ...scenes.slice(0, 1)],
    [brand, core, ...attributes, ...scenes],
    [brand, ...attributes.slice(0, 1), core, ...searched.slice(0, 1), ...scenes.slice(0, 1), ...offer],
    [brand, core, ...attributes.slice(0, 1)],
  ])
}

/** What the product is: the named keyword, searches that hold the category's word, the category, the title as it is. */
function coresOf(material: TitleMaterial, keywords: readonly SearchedQuery[]): Part[] {
  const category = coreWords(material.categoryPath)
  const own = material.coreKeyword
  const searchesOf = (word: string) =>
    keywords
      .filter(({ query }) => plainTitle(query) === plainTitle(word))
      .reduce((sum, { searches }) => sum + searches, 0)
  const cores: Part[] = []
  if (own !== '') cores.push(part(own, searchesOf(own) > 0 ? 'search' : 'keyword', own, searchesOf(own)))
  const known = [own, ...category].filter((word) => word !== '').map(plainTitle)
  for (const { query, searches } of keywords)
    if (known.some((word) => plainTitle(query).includes(word))) cores.push(part(query, 'search', query, searches))
  if (own === '')
    for (const word of category)
      cores.push(part(word, 'category', material.categoryPath.at(-1) ?? '', searchesOf(word)))
  const rest = titleWithout(material.title, material.brand)
  if (cores.length === 0 && rest !== '') cores.push(part(rest, 'title', ''))
  return cores.slice(0, 3)
}

function attributesOf(material: TitleMaterial): Part[] {
  const telling = (name: string) => {
    const place = TELLING.findIndex((each) => name.includes(each))
    return place < 0 ? TELLING.length : place
  }
  return material.attributes
    .filter(({ name, value }) => value.trim() !== '' && titleLength(value) <= LONGEST_WORD && !UNTELLING.test(name))
    .map((attribute, index) => ({ ...attribute, index }))
    .sort((a, b) => telling(a.name) - telling(b.name) || a.index - b.index)
    .slice(0, MAX_ATTRIBUTES)
    .map(({ name, value }) => part(value.trim(), 'attribute', name))
}

/** Puts parts in a row, leaving out what is said already and what no longer fits, and judges the outcome. */
function assemble(parts: readonly Part[], material: TitleMaterial, rules: TitleRules): TitleProposal {
  const taken: Part[] = []
  for (const each of parts) {
    const next = withoutSaid(each, taken)
    if (next === undefined) continue
    const candidate = [...taken, next]
    if (titleLength(join(candidate)) > rules.maxCharacters) continue
    if (repeats({ ...material, title: join(candidate) }, rules)) continue
    taken.push(next)
  }
  const title = join(taken)
  const plain = plainTitle(title)
  const answered = fittingQueries({ ...material, title }).filter(({ query }) =>
    query.split(/\s+/).every((word) => plain.includes(plainTitle(word))),
  )
  return {
    title,
    length: titleLength(title),
    searches: answered.reduce((sum, { searches }) => sum + searches, 0),
    parts: taken,
    broken: checkTitle({ ...material, title }, rules)
      .filter(({ ok }) => !ok)
      .map(({ check }) => check),
  }
}

/** A part whose words stand there already is dropped; of a search with several words, those that are new remain. */
function withoutSaid(each: Part, taken: readonly Part[]): Part | undefined {
  if (each.text === '') return undefined
  const said = plainTitle(join(taken))
  const words = each.text.split(/\s+/).filter((word) => word !== '' && !said.includes(plainTitle(word)))
  return words.length === 0 ? undefined : { ...each, text: words.join(' ') }
}

const repeats = (facts: TitleFacts, rules: TitleRules): boolean =>
  checkTitle(facts, rules).some(({ check, ok }) => !ok && (check === 'repetition' || check === 'stuffing'))

const join = (parts: readonly Part[]): string => parts.map(({ text }) => text).join(' ')

function titleWithout(title: string, brand: string): string {
  const rest = brand === '' ? title : title.replaceAll(brand, ' ')
  return rest.trim().replace(/\s+/g, ' ').split(' ')[0] ?? ''
}

const part = (text: string, source: Part['source'], of: string, searches = 0): Part => ({
  text: text.trim(),
  source,
  of,
  searches,
})
