import { type FileHandle, open } from 'node:fs/promises'

/** What an MP4 file says about itself. */
export interface VideoInfo {
  durationMs: number
  /** As it is seen, after the rotation in the track's matrix. */
  width: number
  height: number
  /** Four characters of the sample entry: avc1 and avc3 are H.264, hvc1 and hev1 are H.265. */
  codec: string
}

/** The index of a video; a larger one is no phone's or editor's. */
const MAX_INDEX_BYTES = 32 * 1024 * 1024
const MAX_TOP_BOXES = 10_000

/**
 * Reads duration, size and codec of the first video track from the boxes of an MP4 file (ISO/IEC 14496-12, sections
 * 4.2, 8.2.2, 8.3.2, 8.4.3, 8.5.2). Undefined when there is no index or no video track, or when it is damaged.
 */
export async function readVideo(path: string): Promise<VideoInfo | undefined> {
  const file = await open(path)
  try {
    const index = await movieIndex(file)
    return index && infoOf(index)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  } finally {
    await file.close()
  }
}

/** The content of the box `moov`, wherever it stands; what lies before it is skipped, not read. */
async function movieIndex(file: FileHandle): Promise<Buffer | undefined> {
  const { size: fileSize } = await file.stat()
  const head = Buffer.alloc(16)
  let at = 0
  for (let count = 0; at + 8 <= fileSize && count < MAX_TOP_BOXES; count++) {
    const { bytesRead } = await file.read(head, 0, 16, at)
    if (bytesRead < 8) return undefined
    const short = head.readUInt32BE(0)
    const isLong = short === 1 && bytesRead === 16
    const headBytes = isLong ? 16 : 8
    const size = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? fileSize - at : short
    if (size < headBytes || at + size > fileSize) return undefined
    if (head.toString('latin1', 4, 8) === 'moov') {
      const bytes = size - headBytes
      if (bytes > MAX_INDEX_BYTES) return undefined
      const index = Buffer.alloc(bytes)
      await file.read(index, 0, bytes, at + headBytes)
      return index
    }
    at += size
  }
  return undefined
}

function infoOf(index: Buffer): VideoInfo | undefined {
  const movie = box(index, 'mvhd')
  const track = boxes(index, 'trak').find((each) => handlerOf(each) === 'vide')
  const header = track && box(track, 'tkhd')
  const samples = track && inside(track, ['mdia', 'minf', 'stbl', 'stsd'])
  if (!movie || !header || !samples) return undefined
  const size = sizeOf(header)
  const extended = inside(index, ['mvex', 'mehd'])
  const { timescale, duration } = durationOf(movie)
  const units = duration > 0 ? duration : extended ? longOrShort(extended, 4) : 0
  const durationMs = timescale > 0 ? Math.round((units / timescale) * 1000) : 0
  return { durationMs, ...size, codec: samples.toString('latin1', 12, 16) }
}

const handlerOf = (track: Buffer): string | undefined => inside(track, ['mdia', 'hdlr'])?.toString('latin1', 8, 12)

function durationOf(movie: Buffer): { timescale: number; duration: number } {
  const isLong = movie.readUInt8(0) === 1
  const at = isLong ? 20 : 12
  return { timescale: movie.readUInt32BE(at), duration: longOrShort(movie, at + 4) }
}

const longOrShort = (content: Buffer, at: number): number =>
  content.readUInt8(0) === 1 ? Number(content.readBigUInt64BE(at)) : content.readUInt32BE(at)

function sizeOf(header: Buffer): { width: number; height: number } {
  const end = header.readUInt8(0) === 1 ? 96 : 84
  const [width, height] = [header.readUInt32BE(end - 8) >>> 16, header.readUInt32BE(end - 4) >>> 16]
  // The matrix of a quarter turn has nothing in its first field: phones film upright that way.
  const isTurned = header.readInt32BE(end - 44) === 0
  return isTurned ? { width: height, height: width } : { width, height }
}

const box = (content: Buffer, type: string): Buffer | undefined => boxes(content, type)[0]

/** The content of the box at the end of `path`. */
const inside = (content: Buffer, path: readonly string[]): Buffer | undefined =>
  path.reduce<Buffer | undefined>((outer, type) => outer && box(outer, type), content)

function boxes(content: Buffer, type: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 8 <= content.length; ) {
    const size = content.readUInt32BE(at) || content.length - at
    if (size < 8 || at + size > content.length) break
    if (content.toString('latin1', at + 4, at + 8) === type) found.push(content.subarray(at + 8, at + size))
    at += size
  }
  return found
}
