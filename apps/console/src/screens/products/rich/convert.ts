import type { JSONContent } from '@tiptap/core'
import type { DetailBlock, DetailDocument, DetailRun } from '@zhanggui/contract'

type Tint = NonNullable<DetailRun['tint']>

/** A detail document as the editor holds it. */
export function toEditor({ blocks }: DetailDocument): JSONContent {
  const content = blocks.map(nodeOf)
  return { type: 'doc', content: content.length > 0 ? content : [{ type: 'paragraph' }] }
}

function nodeOf(block: DetailBlock): JSONContent {
  switch (block.type) {
    case 'heading':
      return { type: 'heading', attrs: { level: block.level, align: block.align ?? null }, content: textOf(block.runs) }
    case 'paragraph':
      return { type: 'paragraph', attrs: { align: block.align ?? null }, content: textOf(block.runs) }
    case 'list':
      return {
        type: block.ordered ? 'orderedList' : 'bulletList',
        content: block.items.map((runs) => ({
          type: 'listItem',
          content: [{ type: 'paragraph', content: textOf(runs) }],
        })),
      }
    case 'table':
      return { type: 'sizeTable', attrs: { rows: block.rows } }
    case 'divider':
      return { type: 'horizontalRule' }
    case 'image':
      return { type: 'picture', attrs: { fileId: block.fileId, caption: block.caption ?? '' } }
    case 'video':
      return { type: 'clip', attrs: { fileId: block.fileId, posterFileId: block.posterFileId } }
  }
}

const textOf = (runs: readonly DetailRun[]): JSONContent[] =>
  runs.map(({ text, bold, tint }) => ({
    type: 'text',
    text,
    marks: [...(bold ? [{ type: 'bold' }] : []), ...(tint ? [{ type: 'tint', attrs: { tint } }] : [])],
  }))

/** What the editor holds as a detail document; paragraphs without a word at the end are left out. */
export function fromEditor(doc: JSONContent): DetailDocument {
  const blocks = (doc.content ?? []).flatMap(blockOf)
  const isEmpty = (block: DetailBlock) => block.type === 'paragraph' && block.runs.length === 0
  while (blocks.length > 0 && isEmpty(blocks.at(-1)!)) blocks.pop()
  return { blocks }
}

function blockOf(node: JSONContent): DetailBlock[] {
  const align = node.attrs?.align === 'center' ? { align: 'center' as const } : {}
  switch (node.type) {
    case 'heading':
      return [{ type: 'heading', level: node.attrs?.level === 2 ? 2 : 3, ...align, runs: runsOf(node) }]
    case 'paragraph':
      return [{ type: 'paragraph', ...align, runs: runsOf(node) }]
    case 'bulletList':
    case 'orderedList': {
      const items = (node.content ?? []).flatMap(itemsOf)
      return items.length > 0 ? [{ type: 'list', ordered: node.type === 'orderedList', items }] : []
    }
    case 'sizeTable':
      return [{ type: 'table', rows: (node.attrs?.rows ?? [['']]) as string[][] }]
    case 'horizontalRule':
      return [{ type: 'divider' }]
    case 'picture': {
      const caption = String(node.attrs?.caption ?? '').trim()
      return [{ type: 'image', fileId: String(node.attrs?.fileId), ...(caption ? { caption } : {}) }]
    }
    case 'clip':
      return [
        {
          type: 'video',
          fileId: String(node.attrs?.fileId),
          posterFileId: (node.attrs?.posterFileId as string | null | undefined) ?? null,
        },
      ]
    default:
      return []
  }
}

/** Items of a list; a list within one stands below its item. */
const itemsOf = (item: JSONContent): DetailRun[][] =>
  (item.content ?? []).flatMap((child) =>
    child.type === 'paragraph' ? [runsOf(child)] : (child.content ?? []).flatMap(itemsOf),
  )

/** Runs of text; what looks the same and follows one another is one run. */
function runsOf(node: JSONContent): DetailRun[] {
  const runs: DetailRun[] = []
  for (const child of node.content ?? []) {
    const text = child.type === 'hardBreak' ? '\n' : (child.text ?? '')
    if (text === '') continue
    const isBold = child.marks?.some(({ type }) => type === 'bold') ?? false
    const tint = child.marks?.find(({ type }) => type === 'tint')?.attrs?.tint as Tint | undefined
    const last = runs.at(-1)
    if (last && (last.bold ?? false) === isBold && last.tint === tint) last.text += text
    else runs.push({ text, ...(isBold ? { bold: true as const } : {}), ...(tint ? { tint } : {}) })
  }
  return runs
}
