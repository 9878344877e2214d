import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import iconv from 'iconv-lite'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { unreadable } from './table.ts'

const MAX_ENTRIES = 20_000
const UTF8_NAME = 0x800
/** A spreadsheet is text and packs well, but not better than this. */
const MAX_RATIO = 250
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024

/** One file in a zip. */
export interface ArchiveEntry {
  name: string
  size: number
  /** Unpacks it; more bytes than the zip's directory says, or a wrong checksum, end in an error. */
  open(): Promise<Readable>
  read(): Promise<Buffer>
}

/**
 * The files of a zip. Sizes are declared in its directory and held to while unpacking, so refusing by size here
 * refuses zip bombs: more than `maxBytes` together, or packed more than 250 to 1.
 * @throws AppError IMPORT_UNREADABLE
 */
export async function readArchive(bytes: Buffer, maxBytes: number): Promise<ArchiveEntry[]> {
  const zip = await openZip(bytes)
  const entries: ArchiveEntry[] = []
  let total = 0
  await new Promise<void>((resolve, reject) => {
    zip.on('error', (error) => reject(unreadable('压缩包已损坏', error)))
    zip.on('end', resolve)
    zip.on('entry', (entry: Entry) => {
      total += entry.uncompressedSize
      const problem = problemOf(entry, entries.length, total, maxBytes)
      if (problem !== undefined) return reject(unreadable(problem))
      const name = nameOf(entry)
      if (!name.endsWith('/')) entries.push(toEntry(zip, entry, name))
      zip.readEntry()
    })
    zip.readEntry()
  })
  return entries
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(
      bytes,
      // Names are decoded here: zip programs on Chinese Windows write them in GB18030 without saying so.
      { lazyEntries: true, decodeStrings: false, validateEntrySizes: true, autoClose: false },
      (error, zip) => (error || !zip ? reject(unreadable('压缩包已损坏或不完整', error)) : resolve(zip)),
    )
  })
}

function problemOf(entry: Entry, count: number, total: number, maxBytes: number): string | undefined {
  if (count >= MAX_ENTRIES) return `压缩包内的文件超过 ${MAX_ENTRIES} 个`
  if (entry.isEncrypted()) return '压缩包有密码，请去掉密码后上传'
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    return '压缩包使用了不支持的压缩方式，请用普通 zip'
  if (total > maxBytes) return `解压后超过 ${Math.round(maxBytes / 1024 / 1024)} MB`
  if (entry.uncompressedSize > RATIO_COUNTS_FROM_BYTES && entry.uncompressedSize > entry.compressedSize * MAX_RATIO)
    return '压缩比异常，可能是压缩炸弹'
  return undefined
}

function nameOf(entry: Entry): string {
  const raw = (entry as unknown as { fileName: Buffer }).fileName
  const utf8 = (entry.generalPurposeBitFlag & UTF8_NAME) !== 0
  const text = raw.toString('utf8')
  return (utf8 || !text.includes('\ufffd') ? text : iconv.decode(raw, 'gb18030')).replaceAll('\\', '/')
}

function toEntry(zip: ZipFile, entry: Entry, name: string): ArchiveEntry {
  const open = () =>
    new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) =>
        error || !stream ? reject(unreadable('压缩包已损坏', error)) : resolve(stream),
      )
    })
  return {
    name,
    size: entry.uncompressedSize,
    open,
    read: async () => buffer(await open()).catch((error) => Promise.reject(unreadable(`${name} 已损坏`, error))),
  }
}
