import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Tx } from '../../../kernel/db.ts'
import { AppError } from '../../../kernel/errors.ts'
import { VIDEO_FORMATS } from '../../../kernel/files.ts'
import type { CatalogDeps } from '../deps.ts'
import { missingOf } from '../rules.ts'
import { saveProducts } from '../save-products.ts'
import { importPrivateAddresses, minPictures } from '../settings.ts'
import { videoMaxSeconds } from '../settings-content.ts'
import { loadTree } from '../store-categories.ts'
import { loadProducts } from '../store-products.ts'
import { fetchPicture } from './fetch-picture.ts'
import { notPublished } from './plan.ts'
import { withMedia } from './plan-media.ts'
import { type ArchiveEntry, readArchive } from './read-archive.ts'
import type { Refusal } from './rows.ts'
import { findImport, type ImportRecord, type ImportRef, touchProgress } from './store-jobs.ts'
import {
  nextWaiting,
  type ReadyPictures,
  rememberSource,
  settlePicture,
  takeReady,
  type WaitingPicture,
} from './store-pictures.ts'
import { insertRefusals } from './store-rows.ts'

const BATCH = 24
const AT_ONCE = 4
const MEGABYTE = 1024 * 1024
const MAX_PICTURE_BYTES = 10 * MEGABYTE
/** Longer ones are uploaded in the editor: here they are held in memory. */
const MAX_VIDEO_BYTES = 50 * MEGABYTE
const MAX_ARCHIVE_BYTES = 600 * 1024 * 1024

export interface PictureStep {
  /** Brings in some of the pictures that products wait for. */
  run(): Promise<'more' | 'finished' | 'stopped'>
}

interface Brought {
  picture: WaitingPicture
  fileId: string | null
  reason: string
}

/** The part of an import that fetches pictures: bounded in number, size and time, never within a transaction. */
export function createPictureStep(deps: CatalogDeps, ref: ImportRef): PictureStep {
  const { shopId, importId } = ref
  let archive: Promise<Map<string, ArchiveEntry>> | undefined

  async function run(): Promise<'more' | 'finished' | 'stopped'> {
    const { job, waiting } = await deps.db.read({ shopId }, async (tx) => ({
      job: await findImport(tx, shopId, importId),
      waiting: await nextWaiting(tx, shopId, importId, BATCH),
    }))
    if (job?.state !== 'running') return 'stopped'
    if (waiting.length === 0) return 'finished'
    archive ??= openArchive(deps, shopId, job.fileId)
    const entries = await archive
    const brought = await mapAtOnce(waiting, AT_ONCE, (picture) => bring(deps, shopId, job, entries, picture))
    return deps.db.tx({ shopId }, (tx) => settle(tx, deps, ref, brought))
  }

  return { run }
}

const maxBytesOf = (kind: WaitingPicture['kind']): number => (kind === 'video' ? MAX_VIDEO_BYTES : MAX_PICTURE_BYTES)

/** What is taken for a picture or a video: the same as in the editor. */
async function limitsOf(deps: CatalogDeps, shopId: string, { kind }: WaitingPicture) {
  if (kind !== 'video') return { maxBytes: MAX_PICTURE_BYTES }
  const seconds = await deps.db.read({ shopId }, (tx) => deps.settings.get(videoMaxSeconds, { shopId }, tx))
  return { accept: VIDEO_FORMATS, maxBytes: MAX_VIDEO_BYTES, maxVideoSeconds: seconds }
}

/** The zip's pictures by their whole name and by their last part, in small letters. */
async function openArchive(
  deps: CatalogDeps,
  shopId: string,
  fileId: string | null,
): Promise<Map<string, ArchiveEntry>> {
  if (fileId === null) return new Map()
  const { content } = await deps.files.open(shopId, fileId)
  const entries = await readArchive(await buffer(content), MAX_ARCHIVE_BYTES)
  return new Map([
    ...entries.map((entry) => [path.posix.basename(entry.name).toLowerCase(), entry] as const),
    ...entries.map((entry) => [entry.name.toLowerCase(), entry] as const),
  ])
}

async function bring(
  deps: CatalogDeps,
  shopId: string,
  job: ImportRecord,
  entries: ReadonlyMap<string, ArchiveEntry>,
  picture: WaitingPicture,
): Promise<Brought> {
  try {
    const content = await contentOf(deps, entries, picture)
    const name = path.posix.basename(picture.source.split('?')[0]!) || 'picture'
    const file = await deps.files.upload({
      shopId,
      name,
      content,
      ...(await limitsOf(deps, shopId, picture)),
      actor: job.actor,
    })
    return { picture, fileId: file.id, reason: '' }
  } catch (error) {
    // What the picture itself is to blame for is reported; anything else stops the import, to be tried again.
    if (!(error instanceof AppError) || error.status >= 500) throw error
    return { picture, fileId: null, reason: error.message }
  }
}

async function contentOf(
  deps: CatalogDeps,
  entries: ReadonlyMap<string, ArchiveEntry>,
  { source, kind }: WaitingPicture,
): Promise<Buffer> {
  const maxBytes = maxBytesOf(kind)
  if (/^https?:\/\//i.test(source)) {
    const allowPrivate = await deps.settings.get(importPrivateAddresses)
    return fetchPicture(source, { allowPrivate, maxBytes })
  }
  const name = source
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '')
    .toLowerCase()
  const entry = entries.get(name) ?? entries.get(path.posix.basename(name))
  if (!entry) throw refused(source, entries.size > 0 ? '压缩包里没有这个文件' : '不是网址，也没有随压缩包上传')
  if (entry.size > maxBytes) throw refused(source, `超过 ${maxBytes / MEGABYTE} MB`)
  return entry.read()
}

const refused = (name: string, reason: string): AppError =>
  new AppError('FILE_REFUSED', { values: { name: name.slice(0, 100), reason } })

async function settle(tx: Tx, deps: CatalogDeps, { shopId, importId }: ImportRef, brought: readonly Brought[]) {
  const job = await findImport(tx, shopId, importId, true)
  if (job?.state !== 'running') return 'stopped' as const
  const at = deps.clock.instant()
  const notes: Refusal[] = []
  for (const { picture, fileId, reason } of brought) {
    if (!(await settlePicture(tx, shopId, importId, picture, fileId))) continue
    if (fileId === null)
      notes.push({
        line: picture.line,
        column: picture.kind === 'video' ? '视频' : '图片',
        value: picture.source.slice(0, 100),
        reason,
      })
    else if (/^https?:/i.test(picture.source)) await rememberSource(tx, shopId, picture.source, fileId, at)
  }
  const products = [...new Set(brought.map(({ picture }) => picture.productId))]
  notes.push(...(await hangPictures(tx, deps, shopId, job, await takeReady(tx, shopId, importId, products), at)))
  await insertRefusals(tx, shopId, importId, notes, true)
  await touchProgress(tx, shopId, importId, at)
  return 'more' as const
}

/** Gives products their pictures and, when the import publishes, puts on sale what is now complete. */
async function hangPictures(
  tx: Tx,
  deps: CatalogDeps,
  shopId: string,
  job: ImportRecord,
  ready: readonly ReadyPictures[],
  at: string,
): Promise<Refusal[]> {
  const rules = { minPictures: await deps.settings.get(minPictures, { shopId }, tx) }
  const byProduct = new Map(ready.map((each) => [each.productId, each]))
  const notes: Refusal[] = []
  const products = await loadProducts(tx, shopId, [...byProduct.keys()], true)
  const changes = products.map((before) => {
    const { media, line } = byProduct.get(before.id)!
    const after = withMedia(before, media)
    if (!job.options.publish || before.state === 'on-sale') return { before, after }
    const missing = missingOf(after, rules)
    if (missing.length === 0) return { before, after: { ...after, state: 'on-sale' as const, publishedAt: at } }
    notes.push({ line, column: null, value: after.title.slice(0, 100), reason: notPublished(missing) })
    return { before, after }
  })
  await saveProducts(tx, { shopId, actor: job.actor, at, tree: await loadTree(tx, shopId) }, changes)
  return notes
}

/** Like `Promise.all` over `items.map(work)`, but so many at once. */
async function mapAtOnce<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  const run = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, run))
  return results
}
