import type { z } from 'zod'
import { type BlockKind, PageBlock, PageLayout } from './page-blocks.ts'
import type { DraftLayout, LayoutProblem } from './pages.ts'

const FIELD_WORDS: Record<string, string> = {
  slides: '海报',
  items: '入口',
  areas: '热区',
  nodes: '段落',
  spans: '文字',
  fileId: '图片',
  link: '链接',
  productId: '链接的商品',
  categoryId: '类目',
  slug: '链接的页面',
  q: '搜索词',
  path: '链接的地址',
  title: '标题',
  text: '文字',
  alt: '图片说明',
  label: '名称',
  source: '商品来源',
  productIds: '商品',
  limit: '显示数量',
  heightPx: '高度',
  ratioPercent: '高度比例',
  intervalSeconds: '切换间隔',
}

/** `slides.0.fileId` as people say it: 第 1 个海报的图片. */
export function fieldWords(path: readonly PropertyKey[]): string {
  const words: string[] = []
  path.forEach((part, index) => {
    const next = path[index + 1]
    if (typeof part === 'number') return
    const word = FIELD_WORDS[String(part)] ?? ''
    if (word !== '') words.push(typeof next === 'number' ? `第 ${next + 1} 个${word}` : word)
  })
  return words.join('的')
}

function issueWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message
    case 'too_small':
      return issue.origin === 'array'
        ? '至少要有一项'
        : issue.origin === 'string'
          ? '还没有填写'
          : `至少为 ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'array'
        ? `最多 ${issue.maximum} 项`
        : issue.origin === 'string'
          ? `最多 ${issue.maximum} 个字`
          : `最大为 ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'uuid' ? '还没有选择' : '格式不正确'
    default:
      return '还没有设置'
  }
}

/**
 * What is wrong with a draft, block by block, in words that name the field. Pure; whether files, products and
 * categories exist is not known here. (UX-02)
 */
export function checkLayout(layout: DraftLayout): LayoutProblem[] {
  const problems: LayoutProblem[] = []
  const whole: number[] = []
  layout.blocks.forEach((block, index) => {
    const result = PageBlock.safeParse(block)
    if (result.success) whole.push(index)
    else
      for (const issue of result.error.issues)
        problems.push({
          blockId: block.id,
          index,
          field: issue.path.join('.'),
          reason: [fieldWords(issue.path), issueWords(issue)].filter(Boolean).join('：'),
          isWarning: false,
        })
  })
  // Rules over the whole page speak of blocks that are complete by themselves; the others count for nothing yet.
  const last = layout.blocks.length - 1
  const together = PageLayout.safeParse({
    version: layout.version,
    blocks: layout.blocks.filter((_, at) => whole.includes(at)),
  })
  if (!together.success)
    for (const { path, message } of together.error.issues) {
      const index = whole[Number(path[1])] ?? last
      problems.push({
        blockId: layout.blocks[index]!.id,
        index,
        field: path.slice(2).join('.'),
        reason: message,
        isWarning: false,
      })
    }
  return problems.sort((a, b) => a.index - b.index).slice(0, 200)
}

/** The blocks of a draft that can be drawn already. */
export function drawableBlocks(layout: DraftLayout): PageBlock[] {
  const blocks = layout.blocks.flatMap((block) => {
    const result = PageBlock.safeParse(block)
    return result.success ? [result.data] : []
  })
  return blocks.filter((block, index) => block.kind !== 'feed' || index === blocks.length - 1)
}

/** What has become of each block between two layouts. */
export interface LayoutChanges {
  added: { id: string; kind: BlockKind }[]
  removed: { id: string; kind: BlockKind }[]
  changed: { id: string; kind: BlockKind }[]
  /** Blocks that stand in another order among those that stayed. */
  moved: { id: string; kind: BlockKind }[]
}

/** Compares two layouts by the ids of their blocks. Pure. */
export function compareLayouts(before: DraftLayout, after: DraftLayout): LayoutChanges {
  const earlier = new Map(before.blocks.map((block) => [block.id, block]))
  const later = new Map(after.blocks.map((block) => [block.id, block]))
  const named = ({ id, kind }: { id: string; kind: BlockKind }) => ({ id, kind })
  const stayed = after.blocks.filter(({ id }) => earlier.has(id))
  const order = before.blocks.filter(({ id }) => later.has(id)).map(({ id }) => id)
  const kept = longestKept(stayed.map(({ id }) => order.indexOf(id)))
  return {
    added: after.blocks.filter(({ id }) => !earlier.has(id)).map(named),
    removed: before.blocks.filter(({ id }) => !later.has(id)).map(named),
    changed: stayed.filter((block) => canonical(earlier.get(block.id)) !== canonical(block)).map(named),
    moved: stayed.filter((_, index) => !kept.has(index)).map(named),
  }
}

/** Places of a longest rising run: blocks in it need not have moved. At most 40 numbers. */
function longestKept(places: readonly number[]): Set<number> {
  const best: number[][] = []
  places.forEach((place, index) => {
    const before = best.filter((run) => places[run.at(-1)!]! < place).sort((a, b) => b.length - a.length)[0] ?? []
    best.push([...before, index])
  })
  return new Set(best.sort((a, b) => b.length - a.length)[0])
}

/** JSON with sorted keys: the database does not keep their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
