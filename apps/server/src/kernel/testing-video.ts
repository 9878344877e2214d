/** A box of an MP4 file: its length, its name, its content. */
function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

const bytes = (length: number, fill: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.alloc(length)
  fill(buffer)
  return buffer
}

interface SampleVideo {
  seconds: number
  codec?: string
  width?: number
  height?: number
  /** Filmed upright: the track is turned by a quarter. */
  isTurned?: boolean
  /** As most cameras write it; otherwise the index stands first, for streaming. */
  indexLast?: boolean
  /** Different numbers make different files. */
  number?: number
}

/** An MP4 file with the boxes that say what it is, and no picture in it. For tests. */
export function sampleVideo(sample: SampleVideo): Buffer {
  const {
    seconds,
    codec = 'avc1',
    width = 1080,
    height = 1920,
    isTurned = false,
    indexLast = false,
    number = 0,
  } = sample
  const movie = box(
    'mvhd',
    bytes(100, (buffer) => {
      buffer.writeUInt32BE(600, 12)
      buffer.writeUInt32BE(Math.round(seconds * 600), 16)
    }),
  )
  const header = box(
    'tkhd',
    bytes(84, (buffer) => {
      if (!isTurned) buffer.writeInt32BE(0x10000, 40)
      else buffer.writeInt32BE(0x10000, 44)
      buffer.writeUInt32BE(width << 16, 76)
      buffer.writeUInt32BE(height << 16, 80)
    }),
  )
  const handler = (type: string) =>
    box(
      'hdlr',
      bytes(24, (buffer) => buffer.write(type, 8, 'latin1')),
    )
  const samples = box(
    'stsd',
    bytes(8, (buffer) => buffer.writeUInt32BE(1, 4)),
    box(codec, Buffer.alloc(78)),
  )
  const sound = box('trak', box('tkhd', Buffer.alloc(84)), box('mdia', handler('soun')))
  const picture = box('trak', header, box('mdia', handler('vide'), box('minf', box('stbl', samples))))
  const index = box('moov', movie, sound, picture)
  const content = box(
    'mdat',
    bytes(4_000, (buffer) => buffer.writeUInt32BE(number, 0)),
  )
  const brand = box('ftyp', Buffer.from('isom\0\0\0\0isomavc1', 'latin1'))
  return Buffer.concat(indexLast ? [brand, content, index] : [brand, index, content])
}
