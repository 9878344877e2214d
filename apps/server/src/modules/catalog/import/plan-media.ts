import type { PictureKind } from '@zhanggui/contract'
import type { ProductRecord } from '../types.ts'
import type { ParsedRow } from './rows.ts'

/** A picture or video that a product shall have. */
export interface MediaSource {
  source: string
  /** Of what kind it shall be; null leaves a picture as it is. */
  kind: PictureKind | 'video' | null
  /** Where it is here already. */
  fileId: string | null
}

/** Everything that a product which waits for some of it shall show, in order. */
export interface PlannedMedia {
  productId: string
  line: number
  sources: MediaSource[]
}

export interface KnownMedia {
  knownImage: (source: string) => string | undefined
  knownVideo: (source: string) => string | undefined
}

const MAX_PICTURES = 30

/**
 * Gives a product its pictures, their kinds and its video where all of them are here; otherwise answers what is to be
 * fetched, and leaves the product alone. A column of a kind names all pictures of that kind. Pictures that only such
 * a column names come behind the others.
 */
export function planMedia(
  product: ProductRecord,
  rows: readonly ParsedRow[],
  { knownImage, knownVideo }: KnownMedia,
): PlannedMedia | undefined {
  const images = [...new Set(rows.flatMap((row) => row.images ?? []))]
  const kinds = kindsOf(rows)
  const video = rows.find((row) => row.video !== undefined)?.video
  if (images.length === 0 && kinds.size === 0 && video === undefined) return undefined
  const own = images.length === 0 && kinds.size > 0 ? product.pictures.map(ownSource) : images.map(named)
  const pictures = [...own, ...[...kinds.keys()].map(named)]
  const sources = dedupe(
    pictures.map((each) => ({ ...each, fileId: each.fileId ?? knownImage(each.source) ?? null })),
    kinds,
  ).slice(0, MAX_PICTURES)
  if (video !== undefined) sources.push({ source: video, kind: 'video', fileId: knownVideo(video) ?? null })
  const line = rows.find((row) => row.images ?? row.kindImages ?? row.video)!.line
  if (sources.some(({ fileId }) => fileId === null)) return { productId: product.id, line, sources }
  Object.assign(product, withMedia(product, sources as HeldMedia[]))
  return undefined
}

type HeldMedia = Pick<MediaSource, 'kind'> & { fileId: string }

/** The product with media that are all here. A kind that is given at all is taken away from pictures not given with it. */
export function withMedia(product: ProductRecord, media: readonly HeldMedia[]): ProductRecord {
  const pictures = [...new Set(media.filter(({ kind }) => kind !== 'video').map(({ fileId }) => fileId))]
  const given = new Set(media.map(({ kind }) => kind))
  const pictureKinds = Object.fromEntries([
    ...Object.entries(product.content.pictureKinds).filter(([, kind]) => !given.has(kind)),
    ...media.flatMap(({ fileId, kind }) => (kind === null || kind === 'video' ? [] : [[fileId, kind] as const])),
  ])
  const videoFileId = media.find(({ kind }) => kind === 'video')?.fileId ?? product.content.videoFileId
  const isSame = videoFileId === product.content.videoFileId
  return {
    ...product,
    pictures: pictures.length > 0 ? pictures : product.pictures,
    content: {
      ...product.content,
      pictureKinds,
      videoFileId,
      videoPosterFileId: isSame ? product.content.videoPosterFileId : null,
    },
  }
}

const named = (source: string): MediaSource => ({ source, kind: null, fileId: null })
const ownSource = (fileId: string): MediaSource => ({ source: `/files/${fileId}`, kind: null, fileId })

/** The kind of each picture that a column of a kind names; the first row that has the column counts. */
function kindsOf(rows: readonly ParsedRow[]): Map<string, PictureKind> {
  const kinds = new Map<string, PictureKind>()
  const seen = new Set<string>()
  for (const { kindImages } of rows)
    for (const [kind, sources] of Object.entries(kindImages ?? {}) as [PictureKind, string[]][]) {
      if (seen.has(kind)) continue
      seen.add(kind)
      for (const source of sources) if (!kinds.has(source)) kinds.set(source, kind)
    }
  return kinds
}

/** Each picture once, by its file or, before it has one, by its source; with its kind. */
function dedupe(sources: readonly MediaSource[], kinds: ReadonlyMap<string, PictureKind>): MediaSource[] {
  const found = new Map<string, MediaSource>()
  for (const each of sources) {
    const key = each.fileId ?? each.source
    const kind = kinds.get(each.source) ?? found.get(key)?.kind ?? null
    found.set(key, { ...(found.get(key) ?? each), kind })
  }
  return [...found.values()]
}
