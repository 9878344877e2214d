import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Actor } from './actor.ts'
import type { Clock, Instant } from './clock.ts'
import { type Db, empty, sql, type Tx } from './db.ts'
import { AppError } from './errors.ts'
import { headersOf, matches, rangeOf } from './file-answers.ts'
import { type FileStorage, spool } from './file-storage.ts'
import { type FileFormat, type FileType, IMAGE_FORMATS, sniffFile } from './file-types.ts'
import { usedFiles } from './file-uses.ts'
import { isUuid, newId } from './ids.ts'
import {
  makeVariant,
  measureWhiteEdges,
  readImage,
  VARIANT_FORMATS,
  VARIANT_WIDTHS,
  type VariantFormat,
  variantFormat,
  variantWidth,
} from './image-variants.ts'
import { readVideo, type VideoInfo } from './video-info.ts'

export { createLocalStorage, createS3Storage, type FileStorage, storageOf } from './file-storage.ts'
export { type FileFormat, IMAGE_FORMATS, IMPORT_FORMATS, VIDEO_FORMATS } from './file-types.ts'
export { VARIANT_WIDTHS } from './image-variants.ts'

/** A stored file. */
export interface StoredFile {
  shopId: string
  id: string
  sha256: string
  kind: FileType['kind']
  contentType: string
  sizeBytes: number
  name: string
  visibility: 'public' | 'private'
  width: number | null
  height: number | null
  animated: boolean
  /** Of a picture: share of white along its four edges, in 1/100 %; null when it was not measured. */
  whiteEdgeBp: number | null
  /** Of a video. */
  durationMs: number | null
}

export interface Upload {
  shopId: string
  /** As the uploader calls it. */
  name: string
  content: AsyncIterable<Uint8Array> | Buffer
  /** What is accepted; pictures unless told. */
  accept?: readonly FileFormat[]
  maxBytes?: number
  /** Whether anybody who knows the id may open it. Pictures and videos are public unless told, documents never. */
  visibility?: 'public' | 'private'
  /** Videos longer than this, or in another codec than H.264, are refused; not given: any video is taken. */
  maxVideoSeconds?: number
  actor: Actor
}

/** What to answer a browser with. The stream must be read or destroyed. */
export interface OpenedFile {
  status: 200 | 206 | 304 | 416
  headers: Record<string, string>
  body: Readable | null
}

export interface OpenOptions {
  width?: number
  /** The request's headers `accept`, `if-none-match` and `range`. */
  accept?: string
  ifNoneMatch?: string
  range?: string
}

export interface Picture {
  fileId: string
  url: string
  width: number | null
  height: number | null
}

export interface ForgetSweep {
  before: Instant
  afterId: string | null
  limit: number
}

export interface Files {
  /**
   * Stores an upload, outside any transaction. The same content in the same shop is stored once.
   * @throws AppError FILE_REFUSED, BODY_TOO_LARGE, BUSY
   */
  upload(input: Upload): Promise<StoredFile>
  /** The files among `ids` that the shop has. */
  find(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, StoredFile>>
  /** The same for whoever is about to write the ids down: the files cannot be forgotten before the transaction ends. */
  hold(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, StoredFile>>
  /** Public pictures and videos among `ids`, as screens show them. */
  pictures(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, Picture>>
  /** The content of a file of the shop, as it was uploaded; AppError NOT_FOUND. */
  open(shopId: string, id: string): Promise<{ file: StoredFile; content: Readable }>
  /** Measures pictures that were stored before there was anything to measure; answers those that are measured now. */
  measure(shopId: string, limit: number): Promise<string[]>
  /**
   * Forgets pictures and videos that nobody wanted since `before` and that no row names (`file-uses.ts`); content and
   * variants go after the commit. Looks at `limit` files after `afterId`; answers where it came to and what is gone.
   */
  forget(shopId: string, sweep: ForgetSweep): Promise<{ lastId: string | null; forgotten: string[] }>
  /**
   * A public file for a browser: a picture in the width and the best format it accepts (made at the first wish),
   * a video whole or in part. AppError NOT_FOUND for anything else.
   */
  openVariant(id: string, options?: OpenOptions): Promise<OpenedFile>
}

const MEGABYTE = 1024 * 1024
const DEFAULT_MAX_BYTES = 20 * MEGABYTE
const MAX_REMEMBERED = 20_000
const COLUMNS = sql`shop_id, id, sha256, kind, content_type, size_bytes, name, visibility, width, height, animated,
  white_edge_bp, duration_ms`

/** The address of a public file; with a width, of the variant that is at least so wide. */
export function variantUrl(id: string, width?: number): string {
  return width === undefined ? `/files/${id}` : `/files/${id}?w=${variantWidth(width)}`
}

export function createFiles(options: { db: Db; clock: Clock; storage: FileStorage }): Files {
  return new StoredFiles(options.db, options.clock, options.storage)
}

class StoredFiles implements Files {
  readonly #db: Db
  readonly #clock: Clock
  readonly #storage: FileStorage
  /** Public files that were asked for lately; they never change. */
  readonly #known = new Map<string, StoredFile>()
  readonly #making = new Map<string, Promise<Buffer>>()

  constructor(db: Db, clock: Clock, storage: FileStorage) {
    this.#db = db
    this.#clock = clock
    this.#storage = storage
  }

  async upload(input: Upload): Promise<StoredFile> {
    const folder = await mkdtemp(path.join(tmpdir(), 'zhanggui-upload-'))
    try {
      const file = path.join(folder, randomBytes(8).toString('hex'))
      const sha256 = await receive(input, file)
      const type = await checkedType(input, file)
      const visibility = type.kind === 'document' ? 'private' : (input.visibility ?? 'public')
      const scope = { shopId: input.shopId }
      const same = () =>
        this.#db.read(scope, (tx) =>
          tx.maybe<StoredFile>(sql`
            select ${COLUMNS} from files
            where shop_id = ${input.shopId} and sha256 = ${sha256} and visibility = ${visibility}`),
        )
      const before = await this.#wantedAgain(scope.shopId, await same())
      if (before) return before
      const image = type.kind === 'image' ? await readable(input.name, file) : undefined
      const video = type.kind === 'video' ? await checkedVideo(input, file) : undefined
      const id = newId()
      await this.#storage.put(keyOf(input.shopId, id), { path: file }, type.contentType)
      const size = (await stat(file)).size
      const inserted = await this.#db.tx(scope, (tx) =>
        tx.maybe<StoredFile>(sql`
          insert into files (shop_id, id, sha256, kind, content_type, size_bytes, name, visibility, width, height,
            animated, white_edge_bp, duration_ms, created_at, created_by)
          values (${input.shopId}, ${id}, ${sha256}, ${type.kind}, ${type.contentType}, ${size}, ${plainName(input.name)},
            ${visibility}, ${(image ?? video)?.width ?? null}, ${(image ?? video)?.height ?? null},
            ${image?.animated ?? false}, ${image?.whiteEdgeBp ?? null}, ${video?.durationMs ?? null},
            ${this.#clock.instant()}, ${JSON.stringify(input.actor)})
          on conflict (shop_id, sha256, visibility) do nothing returning ${COLUMNS}`),
      )
      if (inserted) return inserted
      // Somebody uploaded the same meanwhile; theirs stays.
      await this.#storage.delete(keyOf(input.shopId, id))
      return (await same())!
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** Whoever uploads a file again is about to use it: it is not forgotten now. Undefined when it just was. */
  async #wantedAgain(shopId: string, file: StoredFile | undefined): Promise<StoredFile | undefined> {
    if (!file) return undefined
    const held = await this.#db.tx({ shopId }, (tx) =>
      tx.exec(sql`
        update files set wanted_at = ${this.#clock.instant()} where shop_id = ${shopId} and id = ${file.id}`),
    )
    return held === 1 ? file : undefined
  }

  async hold(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, StoredFile>> {
    const wanted = [...new Set(ids)].filter(isUuid).sort()
    if (wanted.length === 0) return new Map()
    const rows = await tx.rows<StoredFile>(sql`
      select ${COLUMNS} from files where shop_id = ${shopId} and id = any(${wanted}) order by id for key share`)
    return new Map(rows.map((row) => [row.id, row]))
  }

  async find(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, StoredFile>> {
    const wanted = [...new Set(ids)].filter(isUuid)
    if (wanted.length === 0) return new Map()
    const rows = await tx.rows<StoredFile>(sql`
      select ${COLUMNS} from files where shop_id = ${shopId} and id = any(${wanted})`)
    return new Map(rows.map((row) => [row.id, row]))
  }

  async pictures(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, Picture>> {
    const pictures = new Map<string, Picture>()
    for (const [id, file] of await this.find(tx, shopId, ids))
      if (file.visibility === 'public')
        pictures.set(id, { fileId: id, url: variantUrl(id), width: file.width, height: file.height })
    return pictures
  }

  async open(shopId: string, id: string): Promise<{ file: StoredFile; content: Readable }> {
    const file = await this.#db.read({ shopId }, async (tx) => (await this.find(tx, shopId, [id])).get(id))
    const content = file && (await this.#storage.open(keyOf(shopId, id)))
    if (!file || !content) throw notFound(id)
    return { file, content }
  }

  async measure(shopId: string, limit: number): Promise<string[]> {
    const scope = { shopId }
    const waiting = await this.#db.read(scope, (tx) =>
      tx.rows<{ id: string }>(sql`
        select id from files where shop_id = ${shopId} and kind = 'image' and white_edge_bp is null order by id limit ${limit}`),
    )
    const measured: { id: string; bp: number }[] = []
    for (const { id } of waiting) {
      const content = await this.#storage.open(keyOf(shopId, id))
      // What cannot be opened or read is not white; it is not asked again.
      const bp = content === undefined ? 0 : await measureWhiteEdges(await buffer(content)).catch(() => 0)
      measured.push({ id, bp })
    }
    await this.#db.tx(scope, (tx) =>
      tx.exec(sql`
        update files f set white_edge_bp = r.bp
        from unnest(${measured.map(({ id }) => id)}::uuid[], ${measured.map(({ bp }) => bp)}::integer[]) as r(id, bp)
        where f.shop_id = ${shopId} and f.id = r.id`),
    )
    return measured.map(({ id }) => id)
  }

  async forget(shopId: string, sweep: ForgetSweep): Promise<{ lastId: string | null; forgotten: string[] }> {
    const after = sweep.afterId === null ? empty : sql`and id > ${sweep.afterId}::uuid`
    // Files are asked for in tables of buyers, too, which a shop's scope does not see.
    const swept = await this.#db.tx('system', async (tx) => {
      // Whoever writes an id down holds its row: such a file is skipped, and looked at again another night.
      const rows = await tx.rows<{ id: string }>(sql`
        select id from files
        where shop_id = ${shopId} and kind in ('image', 'video') and coalesce(wanted_at, created_at) < ${sweep.before}
          ${after}
        order by id limit ${sweep.limit} for update skip locked`)
      const ids = rows.map(({ id }) => id)
      const used = await usedFiles(tx, shopId, ids)
      const forgotten = ids.filter((id) => !used.has(id))
      await tx.exec(sql`delete from files where shop_id = ${shopId} and id = any(${forgotten}::uuid[])`)
      return { lastId: ids.at(-1) ?? null, forgotten }
    })
    for (const id of swept.forgotten) await this.#deleteContent(shopId, id)
    return swept
  }

  async #deleteContent(shopId: string, id: string): Promise<void> {
    this.#known.delete(id)
    const key = keyOf(shopId, id)
    for (const width of VARIANT_WIDTHS)
      for (const format of VARIANT_FORMATS) await this.#storage.delete(`${key}-w${width}.${format}`)
    await this.#storage.delete(key)
  }

  async openVariant(id: string, options: OpenOptions = {}): Promise<OpenedFile> {
    const file = await this.#publicFile(id)
    if (file.kind === 'video') return this.#openWhole(file, options)
    const width = variantWidth(options.width)
    const format = variantFormat(options.accept, file.animated)
    const etag = `"${file.sha256.slice(0, 24)}-${width}-${format}"`
    const headers = headersOf(`image/${format}`, etag)
    if (matches(options.ifNoneMatch, etag)) return { status: 304, headers, body: null }
    const bytes = await this.#variant(file, width, format)
    return {
      status: 200,
      headers: { ...headers, 'content-length': String(bytes.length) },
      body: Readable.from([bytes]),
    }
  }

  async #openWhole(file: StoredFile, options: OpenOptions): Promise<OpenedFile> {
    const etag = `"${file.sha256.slice(0, 24)}"`
    const headers = { ...headersOf(file.contentType, etag), 'accept-ranges': 'bytes' }
    if (matches(options.ifNoneMatch, etag)) return { status: 304, headers, body: null }
    const range = rangeOf(options.range, file.sizeBytes)
    if (range === 'unsatisfiable')
      return { status: 416, headers: { ...headers, 'content-range': `bytes */${file.sizeBytes}` }, body: null }
    const body = await this.#storage.open(keyOf(file.shopId, file.id), range)
    if (!body) throw notFound(file.id)
    if (!range) return { status: 200, headers: { ...headers, 'content-length': String(file.sizeBytes) }, body }
    const { start, end } = range
    const partial = {
      'content-range': `bytes ${start}-${end}/${file.sizeBytes}`,
      'content-length': String(end - start + 1),
    }
    return { status: 206, headers: { ...headers, ...partial }, body }
  }

  /** The variant from the storage; made when it is not there, once however many ask for it. */
  #variant(file: StoredFile, width: number, format: VariantFormat): Promise<Buffer> {
    const key = `${keyOf(file.shopId, file.id)}-w${width}.${format}`
    let making = this.#making.get(key)
    if (!making) {
      making = this.#readOrMake(file, key, width, format).finally(() => this.#making.delete(key))
      this.#making.set(key, making)
    }
    return making
  }

  async #readOrMake(file: StoredFile, key: string, width: number, format: VariantFormat): Promise<Buffer> {
    const stored = await this.#storage.open(key)
    if (stored) return buffer(stored)
    const original = await this.#storage.open(keyOf(file.shopId, file.id))
    if (!original) throw notFound(file.id)
    const bytes = await makeVariant(await buffer(original), width, format, file.animated)
    await this.#storage.put(key, bytes, `image/${format}`)
    return bytes
  }

  async #publicFile(id: string): Promise<StoredFile> {
    if (!isUuid(id)) throw notFound(id)
    const known = this.#known.get(id)
    if (known) return known
    const file = await this.#db.read('system', (tx) =>
      tx.maybe<StoredFile>(sql`select ${COLUMNS} from files where id = ${id} and visibility = 'public'`),
    )
    if (!file) throw notFound(id)
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear()
    this.#known.set(id, file)
    return file
  }
}

const notFound = (id: string) => new AppError('NOT_FOUND', { values: { what: `文件 ${id.slice(0, 40)}` } })
const keyOf = (shopId: string, id: string): string => `${shopId}/${id}`
const refused = (name: string, reason: string, cause?: unknown) =>
  new AppError('FILE_REFUSED', { values: { name: plainName(name), reason }, field: 'file', cause })

async function receive(input: Upload, file: string): Promise<string> {
  const { maxBytes = DEFAULT_MAX_BYTES } = input
  const source = Buffer.isBuffer(input.content) ? Readable.from([input.content]) : input.content
  const hash = createHash('sha256')
  const fits = await spool(source, file, maxBytes, (chunk) => hash.update(chunk))
  if (!fits) throw new AppError('BODY_TOO_LARGE', { values: { limit: `${Math.floor(maxBytes / MEGABYTE)} MB` } })
  if ((await stat(file)).size === 0) throw refused(input.name, '文件是空的 (it is empty)')
  return hash.digest('hex')
}

async function checkedType({ name, accept = IMAGE_FORMATS }: Upload, file: string): Promise<FileType> {
  const type = await sniffFile(file)
  if (type && accept.includes(type.format)) return type
  // A zip is accepted where workbooks are not asked for as such.
  if (type?.format === 'xlsx' && accept.includes('zip'))
    return { ...type, format: 'zip', contentType: 'application/zip' }
  throw refused(name, `只接受 ${accept.join('、')} (only these are accepted)`)
}

async function readable(name: string, file: string) {
  try {
    return await readImage(file)
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof RangeError || /pixel limit/i.test(String(error)))
      throw refused(name, '图片尺寸过大 (the picture has too many pixels)', error)
    throw refused(name, '图片已损坏 (the picture is damaged)', error)
  }
}

const H264 = ['avc1', 'avc3']
const CODEC_NAMES: Record<string, string> = {
  hvc1: 'H.265/HEVC',
  hev1: 'H.265/HEVC',
  av01: 'AV1',
  vp09: 'VP9',
  mp4v: 'MPEG-4',
}

/** What the video says of itself, when it is fit for phones: not too long, in a codec that every one of them plays. */
async function checkedVideo({ name, maxVideoSeconds }: Upload, file: string): Promise<VideoInfo | undefined> {
  const video = await readVideo(file)
  if (maxVideoSeconds === undefined) return video
  if (!video || video.durationMs <= 0)
    throw refused(name, '视频已损坏或没有画面，请重新导出 (it has no readable video)')
  if (!H264.includes(video.codec)) {
    const codec = CODEC_NAMES[video.codec] ?? video.codec
    throw refused(name, `视频编码是 ${codec}，部分手机放不出来，请导出为 H.264 的 MP4 (only H.264 is accepted)`)
  }
  if (video.durationMs > maxVideoSeconds * 1000) {
    const seconds = Math.ceil(video.durationMs / 1000)
    throw refused(
      name,
      `视频长 ${minutes(seconds)}，最长 ${minutes(maxVideoSeconds)}，请剪短后再上传 (the video is too long)`,
    )
  }
  return video
}

const minutes = (seconds: number): string =>
  seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分${seconds % 60 === 0 ? '钟' : ` ${seconds % 60} 秒`}`

/** The name for people: no folders, no control characters. */
function plainName(name: string): string {
  const base = name.split(/[/\\]/).at(-1)!
  const plain = base
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
  return plain.slice(0, 200) || 'file'
}
