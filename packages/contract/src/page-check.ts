import type { z } from 'zod'
import { type BlockKind, LAYOUT_RULES, PageBlock, PageLayout } from './page-blocks.ts'
import type { DraftLayout, LayoutProblem } from './pages.ts'

interface Wording {
  zh: string
  en: string
}

const FIELD_WORDS: Record<string, Wording> = {
  slides: { zh: '海报', en: 'slide' },
  items: { zh: '入口', en: 'entry' },
  areas: { zh: '热区', en: 'area' },
  nodes: { zh: '段落', en: 'paragraph' },
  spans: { zh: '文字', en: 'text' },
  fileId: { zh: '图片', en: 'picture' },
  link: { zh: '链接', en: 'link' },
  productId: { zh: '链接的商品', en: 'linked product' },
  categoryId: { zh: '类目', en: 'category' },
  slug: { zh: '链接的页面', en: 'linked page' },
  q: { zh: '搜索词', en: 'search words' },
  path: { zh: '链接的地址', en: 'linked address' },
  title: { zh: '标题', en: 'title' },
  text: { zh: '文字', en: 'text' },
  alt: { zh: '图片说明', en: 'description of the picture' },
  label: { zh: '名称', en: 'name' },
  source: { zh: '商品来源', en: 'source of products' },
  productIds: { zh: '商品', en: 'products' },
  limit: { zh: '显示数量', en: 'number shown' },
  heightPx: { zh: '高度', en: 'height' },
  ratioPercent: { zh: '高度比例', en: 'height in percent' },
  intervalSeconds: { zh: '切换间隔', en: 'seconds between slides' },
}

/** `slides.0.fileId` as people say it: 第 1 个海报的图片; slide 1, picture. */
export function fieldWords(path: readonly PropertyKey[]): Wording {
  const zh: string[] = []
  const en: string[] = []
  path.forEach((part, index) => {
    const next = path[index + 1]
    const word = typeof part === 'number' ? undefined : FIELD_WORDS[String(part)]
    if (!word) return
    zh.push(typeof next === 'number' ? `第 ${next + 1} 个${word.zh}` : word.zh)
    en.push(typeof next === 'number' ? `${word.en} ${next + 1}` : word.en)
  })
  return { zh: zh.join('的'), en: en.join(', ') }
}

const ruleWords = (message: string): Wording =>
  Object.values(LAYOUT_RULES).find(({ zh }) => zh === message) ?? { zh: message, en: message }

function issueWords(issue: z.core.$ZodIssue): Wording {
  switch (issue.code) {
    case 'custom':
      return ruleWords(issue.message)
    case 'too_small':
      return issue.origin === 'array'
        ? { zh: '至少要有一项', en: 'at least one is needed' }
        : issue.origin === 'string'
          ? { zh: '还没有填写', en: 'is still empty' }
          : { zh: `至少为 ${issue.minimum}`, en: `at least ${issue.minimum}` }
    case 'too_big':
      return issue.origin === 'array'
        ? { zh: `最多 ${issue.maximum} 项`, en: `at most ${issue.maximum}` }
        : issue.origin === 'string'
          ? { zh: `最多 ${issue.maximum} 个字`, en: `at most ${issue.maximum} characters` }
          : { zh: `最大为 ${issue.maximum}`, en: `at most ${issue.maximum}` }
    case 'invalid_format':
      return issue.format === 'uuid'
        ? { zh: '还没有选择', en: 'is not chosen yet' }
        : { zh: '格式不正确', en: 'is not written correctly' }
    default:
      return { zh: '还没有设置', en: 'is not set yet' }
  }
}

function reasonOf(issue: z.core.$ZodIssue): Pick<LayoutProblem, 'reason' | 'reasonEn'> {
  const [field, words] = [fieldWords(issue.path), issueWords(issue)]
  return {
    reason: [field.zh, words.zh].filter(Boolean).join('：'),
    reasonEn: [field.en, words.en].filter(Boolean).join(': '),
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
          ...reasonOf(issue),
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
        reasonEn: ruleWords(message).en,
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
