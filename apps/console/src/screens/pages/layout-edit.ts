import { BLOCK_KINDS, type DraftBlock, MAX_BLOCKS } from '@zhanggui/contract'
import { moveItem } from '../../kit/move-item.ts'

/** A page as its editor changes it. */
export interface PageContent {
  title: string
  description: string
  blocks: DraftBlock[]
}

export type BlockKind = DraftBlock['kind']

/** The palette's groups: what one looks at, what one buys, what fills the space between. */
export const PALETTE: { group: 'pictures' | 'goods' | 'words'; kinds: BlockKind[] }[] = [
  { group: 'pictures', kinds: ['banner', 'nav', 'picture', 'hotspot'] },
  { group: 'goods', kinds: ['products', 'hot', 'new', 'coupons', 'live', 'feed'] },
  { group: 'words', kinds: ['notice', 'rich-text', 'gap'] },
]

export const isBlockKind = (text: string): text is BlockKind => (BLOCK_KINDS as readonly string[]).includes(text)

/** A new id for a block: short, and not used twice in a page. */
export const newBlockId = (): string => crypto.randomUUID().slice(0, 8)

/** The fields that a new block begins with; what has to be chosen is left open. */
const STARTS: Record<BlockKind, object> = {
  banner: { slides: [{ alt: '', link: null }], ratioPercent: 46, intervalSeconds: 5 },
  nav: { columns: 5, items: [] },
  hot: { title: '', layout: 'rank', limit: 6 },
  new: { title: '', layout: 'rail', limit: 8 },
  products: {
    title: '',
    source: { kind: 'rule', sort: 'default', categoryId: null },
    layout: 'grid',
    limit: 8,
    more: null,
  },
  coupons: { title: '', limit: 4 },
  live: { title: '', limit: 2 },
  picture: { alt: '', link: null, ratioPercent: null },
  'rich-text': { nodes: [] },
  notice: { text: '', link: null },
  gap: { heightPx: 16, hasLine: false },
  hotspot: { alt: '', areas: [] },
  feed: { title: '' },
}

/** A new block of a kind. */
export const newBlock = (kind: BlockKind, fields: object = {}): DraftBlock => ({
  ...structuredClone(STARTS[kind]),
  ...fields,
  id: newBlockId(),
  kind,
  isHidden: false,
})

/** Everything that is sold has no end: it stays at the end of the page. */
const feedLast = (blocks: DraftBlock[]): DraftBlock[] => [
  ...blocks.filter(({ kind }) => kind !== 'feed'),
  ...blocks.filter(({ kind }) => kind === 'feed'),
]

/** Whether a block of that kind may be added: a page has a bound, and one feed. */
export const mayAdd = (blocks: readonly DraftBlock[], kind: BlockKind): boolean =>
  blocks.length < MAX_BLOCKS && (kind !== 'feed' || blocks.every((block) => block.kind !== 'feed'))

/** Puts a block before `index`. */
export const insertBlock = (blocks: readonly DraftBlock[], block: DraftBlock, index: number): DraftBlock[] =>
  feedLast([...blocks.slice(0, index), block, ...blocks.slice(index)])

export const removeBlock = (blocks: readonly DraftBlock[], id: string): DraftBlock[] =>
  blocks.filter((block) => block.id !== id)

export const moveBlock = (blocks: readonly DraftBlock[], from: number, to: number): DraftBlock[] =>
  to < 0 || to >= blocks.length ? [...blocks] : feedLast(moveItem([...blocks], from, to))

/** The same block again, below itself. Answers the copy's id too. */
export function copyBlock(blocks: readonly DraftBlock[], id: string): { blocks: DraftBlock[]; copyId: string } {
  const index = blocks.findIndex((block) => block.id === id)
  const copy = { ...structuredClone(blocks[index]!), id: newBlockId() }
  return { blocks: insertBlock(blocks, copy, index + 1), copyId: copy.id }
}

export const patchBlock = (blocks: readonly DraftBlock[], id: string, fields: object): DraftBlock[] =>
  blocks.map((block) => (block.id === id ? { ...block, ...fields } : block))

/** What tells a block from others of its kind: its title, its first words, how much is in it. */
export function blockHint(block: DraftBlock): string {
  const { title, text, alt, label } = block as Record<string, unknown>
  const words = [title, text, alt, label].find((each) => typeof each === 'string' && each !== '')
  if (typeof words === 'string') return words
  if (block.kind !== 'rich-text' || !Array.isArray(block.nodes)) return ''
  const nodes = block.nodes as { spans?: { text?: string }[] }[]
  return nodes.flatMap(({ spans }) => spans ?? []).find(({ text }) => text)?.text ?? ''
}
