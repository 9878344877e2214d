import { open } from 'node:fs/promises'

/** What a file is by its content. */
export interface FileType {
  kind: 'image' | 'video' | 'document'
  contentType: string
  /** Short name, as callers list what they accept. */
  format: FileFormat
}

export type FileFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'mp4' | 'xlsx' | 'csv' | 'zip'

export const IMAGE_FORMATS: readonly FileFormat[] = ['jpeg', 'png', 'webp', 'avif', 'gif']
export const VIDEO_FORMATS: readonly FileFormat[] = ['mp4']
export const IMPORT_FORMATS: readonly FileFormat[] = ['xlsx', 'csv', 'zip']

const TYPES: Record<FileFormat, Omit<FileType, 'format'>> = {
  jpeg: { kind: 'image', contentType: 'image/jpeg' },
  png: { kind: 'image', contentType: 'image/png' },
  webp: { kind: 'image', contentType: 'image/webp' },
  avif: { kind: 'image', contentType: 'image/avif' },
  gif: { kind: 'image', contentType: 'image/gif' },
  mp4: { kind: 'video', contentType: 'video/mp4' },
  xlsx: { kind: 'document', contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  csv: { kind: 'document', contentType: 'text/csv' },
  zip: { kind: 'document', contentType: 'application/zip' },
}

const HEAD_BYTES = 64 * 1024
const TAIL_BYTES = 256 * 1024

/** Recognises a file by its bytes; its name is not asked. Undefined when it is none of ours. */
export async function sniffFile(path: string): Promise<FileType | undefined> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES))
    await file.read(head, 0, head.length, 0)
    let format = formatOf(head)
    if (format === 'zip') {
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
      await file.read(tail, 0, tail.length, size - tail.length)
      // A workbook is a zip; its directory of names stands at the end.
      if (tail.includes('xl/workbook.xml')) format = 'xlsx'
    }
    return format === undefined ? undefined : { format, ...TYPES[format] }
  } finally {
    await file.close()
  }
}

function formatOf(head: Buffer): FileFormat | undefined {
  const ascii = (start: number, end: number) => head.toString('latin1', start, end)
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  if (ascii(0, 8) === '\u0089PNG\r\n\u001a\n') return 'png'
  if (/^GIF8[79]a$/.test(ascii(0, 6))) return 'gif'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp'
  if (ascii(4, 8) === 'ftyp') return brandOf(ascii(8, 12), ascii(16, 64))
  if (ascii(0, 4) === 'PK\u0003\u0004') return 'zip'
  return isText(head) ? 'csv' : undefined
}

function brandOf(major: string, compatible: string): FileFormat | undefined {
  if (major === 'avif' || major === 'avis') return 'avif'
  if (/^(mp4[12]|isom|iso[2-9]|avc1|M4V |dash|mmp4|MSNV)$/.test(major)) return 'mp4'
  return major === 'mif1' && compatible.includes('avif') ? 'avif' : undefined
}

/** UTF-8, UTF-16 with a mark, or GB18030; no control characters but tab and line ends. */
function isText(head: Buffer): boolean {
  if (head.length === 0) return false
  if (head[0] === 0xff && head[1] === 0xfe) return true
  for (const byte of head) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false
  return decodes(head, 'utf-8') || decodes(head, 'gb18030')
}

function decodes(head: Buffer, encoding: string): boolean {
  try {
    // The head may end in the middle of a character.
    new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}
