import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Actor } from './actor.ts'
import type { Clock } from './clock.ts'
import { type Db, sql, type Tx } from './db.ts'
import { AppError } from './errors.ts'
import { type ByteRange, type FileStorage, spool } from './file-storage.ts'
import { type FileFormat, type FileType, IMAGE_FORMATS, sniffFile } from './file-types.ts'
import { isUuid, newId } from './ids.ts'
import { makeVariant, readImage, type VariantFormat, variantFormat, variantWidth } from './image-variants.ts'

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

export interface Files {
  /**
   * Stores an upload, outside any transaction. The same content in the same shop is stored once.
   * @throws AppError FILE_REFUSED, BODY_TOO_LARGE, BUSY
   */
  upload(input: Upload): Promise<StoredFile>
  /** The files among `ids` that the shop has. */
  find(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, StoredFile>>
  /** Public pictures and videos among `ids`, as screens show them. */
  pictures(tx: Tx, shopId: string, ids: readonly string[]): Promise<Map<string, Picture>>
  /** The content of a file of the shop, as it was uploaded; AppError NOT_FOUND. */
  open(shopId: string, id: string): Promise<{ file: StoredFile; content: Readable }>
  /**
   * A public file for a browser: a picture in the width and the best format it accepts (made at the first wish),
   * a video whole or in part. AppError NOT_FOUND for anything else.
   */
  openVariant(id: string, options?: OpenOptions): Promise<OpenedFile>
}

const MEGABYTE = 1024 * 1024
const DEFAULT_MAX_BYTES = 20 * MEGABYTE
const MAX_REMEMBERED = 20_000
const COLUMNS = sql`shop_id, id, sha256, kind, content_type, size_bytes, name, visibility, width, height, animated`

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
      const before = await same()
      if (before) return before
      const image = type.kind === 'image' ? await readable(input.name, file) : undefined
      const id = newId()
      await this.#storage.put(keyOf(input.shopId, id), { path: file }, type.contentType)
      const size = (await stat(file)).size
      const inserted = await this.#db.tx(scope, (tx) =>
        tx.maybe<StoredFile>(sql`
          insert into files (shop_id, id, sha256, kind, content_type, size_bytes, name, visibility, width, height,
            animated, created_at, created_by)
          values (${input.shopId}, ${id}, ${sha256}, ${type.kind}, ${type.contentType}, ${size}, ${plainName(input.name)},
            ${visibility}, ${image?.width ?? null}, ${image?.height ?? null}, ${image?.animated ?? false},
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

/** The name for people: no folders, no control characters. */
function plainName(name: string): string {
  const base = name.split(/[/\\]/).at(-1)!
  const plain = base
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
  return plain.slice(0, 200) || 'file'
}

function headersOf(contentType: string, etag: string): Record<string, string> {
  return {
    'content-type': contentType,
    etag,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
  }
}

const matches = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag || each.trim() === '*') ?? false

/** One range of bytes as RFC 9110 section 14 has it; several, or none, mean the whole. */
function rangeOf(header: string | undefined, size: number): ByteRange | undefined | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, first, last] = match as unknown as [string, string, string]
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start > end || start >= size ? 'unsatisfiable' : { start, end }
}
