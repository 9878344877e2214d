import { z } from 'zod'
import { Id, Picture } from './common.ts'

/** Bounds of a product's detail document. */
export const DETAIL_LIMITS = {
  blocks: 300,
  /** Characters of all its text together; what a plain detail may hold, too. */
  characters: 20_000,
  files: 60,
  runs: 200,
  listItems: 50,
  tableRows: 40,
  tableColumns: 12,
} as const

/** The few colours that text may have; each target shows them in its own tone, light and dark. */
export const DETAIL_TINTS = ['red', 'orange', 'green', 'grey'] as const

const DetailRun = z.object({
  text: z.string().min(1).max(5_000),
  bold: z.literal(true).optional(),
  tint: z.enum(DETAIL_TINTS).optional(),
})
export type DetailRun = z.infer<typeof DetailRun>

const Runs = z.array(DetailRun).max(DETAIL_LIMITS.runs)
const Align = z.enum(['left', 'center']).optional()

const Heading = z.object({
  type: z.literal('heading'),
  level: z.union([z.literal(2), z.literal(3)]),
  align: Align,
  runs: Runs,
})
const Paragraph = z.object({ type: z.literal('paragraph'), align: Align, runs: Runs })
const List = z.object({
  type: z.literal('list'),
  ordered: z.boolean(),
  items: z.array(Runs).min(1).max(DETAIL_LIMITS.listItems),
})
const Table = z.object({
  type: z.literal('table'),
  /** The first row names the columns; every row has as many cells. */
  rows: z
    .array(z.array(z.string().trim().max(60)).min(1).max(DETAIL_LIMITS.tableColumns))
    .min(1)
    .max(DETAIL_LIMITS.tableRows)
    .refine((rows) => rows.every((row) => row.length === rows[0]!.length), '尺寸表每一行的格数要相同'),
})
const Divider = z.object({ type: z.literal('divider') })
const Caption = z.string().trim().max(120).optional()

/** One block of a detail as it is kept: pictures and videos by the ids of their files. */
export const DetailBlock = z.discriminatedUnion('type', [
  Heading,
  Paragraph,
  List,
  Table,
  Divider,
  z.object({ type: z.literal('image'), fileId: Id, caption: Caption }),
  z.object({ type: z.literal('video'), fileId: Id, posterFileId: Id.nullable().default(null) }),
])
export type DetailBlock = z.infer<typeof DetailBlock>

/** The rich detail of a product: a bounded list of blocks, rendered by web and mini program from the same data. */
export const DetailDocument = z
  .object({ blocks: z.array(DetailBlock).max(DETAIL_LIMITS.blocks) })
  .superRefine((document, context) => {
    const characters = detailText(document).length
    if (characters > DETAIL_LIMITS.characters)
      context.addIssue({
        code: 'custom',
        path: ['blocks'],
        message: `详情文字共 ${characters} 个字，最多 ${DETAIL_LIMITS.characters} 个`,
      })
    const files = detailFileIds(document).length
    if (files > DETAIL_LIMITS.files)
      context.addIssue({
        code: 'custom',
        path: ['blocks'],
        message: `详情最多 ${DETAIL_LIMITS.files} 个图片和视频，现有 ${files} 个`,
      })
  })
  .meta({ id: 'DetailDocument' })
export type DetailDocument = z.infer<typeof DetailDocument>

/** One block as a storefront shows it: pictures and videos with their addresses. */
export const StoreDetailBlock = z
  .discriminatedUnion('type', [
    Heading,
    Paragraph,
    List,
    Table,
    Divider,
    z.object({ type: z.literal('image'), picture: Picture, caption: Caption }),
    z.object({ type: z.literal('video'), video: Picture, poster: Picture.nullable() }),
  ])
  .meta({ id: 'StoreDetailBlock' })
export type StoreDetailBlock = z.infer<typeof StoreDetailBlock>

const runsText = (runs: readonly DetailRun[]): string => runs.map((run) => run.text).join('')

/** The words of a document, one block a line: for search, spreadsheets, and whoever shows no layout. */
export function detailText(document: Pick<DetailDocument, 'blocks'>): string {
  return document.blocks
    .flatMap((block) => {
      if (block.type === 'heading' || block.type === 'paragraph') return runsText(block.runs)
      if (block.type === 'list')
        return block.items.map((runs, at) => `${block.ordered ? `${at + 1}. ` : '· '}${runsText(runs)}`)
      if (block.type === 'table') return block.rows.map((row) => row.join(' '))
      if (block.type === 'image') return block.caption ?? []
      return []
    })
    .filter((line) => line.trim() !== '')
    .join('\n')
}

/** The files that a document shows, each once, in their order. */
export function detailFileIds(document: Pick<DetailDocument, 'blocks'>): string[] {
  const ids = document.blocks.flatMap((block) => {
    if (block.type === 'image') return [block.fileId]
    if (block.type === 'video') return block.posterFileId === null ? [block.fileId] : [block.fileId, block.posterFileId]
    return []
  })
  return [...new Set(ids)]
}

/** The pictures among them. */
export const detailPictureIds = (document: Pick<DetailDocument, 'blocks'>): string[] => [
  ...new Set(document.blocks.flatMap((block) => (block.type === 'image' ? [block.fileId] : []))),
]

const MAX_RUN = 5_000

/** What a detail of plain text and pictures is as a document: a paragraph for each line, then the pictures. */
export function detailDocumentOf(detail: string, pictureIds: readonly string[]): DetailDocument {
  const room = DETAIL_LIMITS.blocks - pictureIds.length
  const lines = detail.split(/\n+/).filter((line) => line.trim() !== '')
  // Lines that do not fit as blocks of their own stay together in the last one.
  const kept = lines.length <= room ? lines : [...lines.slice(0, room - 1), lines.slice(room - 1).join('\n')]
  const paragraphs = kept.map((line) => ({
    type: 'paragraph' as const,
    runs: slices(line).map((part) => ({ text: part })),
  }))
  return {
    blocks: [...paragraphs, ...pictureIds.map((fileId) => ({ type: 'image' as const, fileId }))],
  }
}

function slices(line: string): string[] {
  const parts: string[] = []
  for (let at = 0; at < line.length; at += MAX_RUN) parts.push(line.slice(at, at + MAX_RUN))
  return parts
}
