import sharp from 'sharp'
import { AppError } from './errors.ts'

export const VARIANT_WIDTHS = [100, 200, 400, 800, 1080] as const
export const VARIANT_FORMATS = ['avif', 'webp', 'jpeg'] as const
export type VariantFormat = (typeof VARIANT_FORMATS)[number]

export interface ImageInfo {
  /** As it is seen, after the orientation in its metadata has been applied. */
  width: number
  height: number
  animated: boolean
  /** Share of white along the four edges, in 1/100 %. */
  whiteEdgeBp: number
}

/** A picture of 20 MB may unfold to gigabytes; more pixels than this are refused before they are unfolded. */
const MAX_PIXELS = 64_000_000
const MAX_SIDE = 20_000
const MAX_FRAMES = 200
const MAX_ACTIVE = 2
const MAX_WAITING = 200
const TIMEOUT_SECONDS = 30

sharp.concurrency(1)
sharp.cache(false)

/** Reads what a picture is; throws when it cannot be read whole or unfolds to too much. */
export async function readImage(path: string): Promise<ImageInfo> {
  return limited(async () => {
    const image = sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error', animated: true })
    const { width, height, pages = 1, pageHeight, orientation = 1 } = await image.metadata()
    const frameHeight = pageHeight ?? height
    if (pages > MAX_FRAMES) throw new RangeError(`${pages} frames`)
    if (width > MAX_SIDE || frameHeight > MAX_SIDE || width * frameHeight * pages > MAX_PIXELS)
      throw new RangeError(`${width}×${frameHeight}`)
    // Decodes every pixel once: what is cut off or damaged fails here, not in front of a buyer.
    await sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).timeout({ seconds: TIMEOUT_SECONDS }).stats()
    const turned = orientation >= 5
    return {
      width: turned ? frameHeight : width,
      height: turned ? width : frameHeight,
      animated: pages > 1,
      whiteEdgeBp: await whiteEdges(path),
    }
  })
}

/** How white the four edges of a picture are, in 1/100 %. */
export const measureWhiteEdges = (source: string | Buffer): Promise<number> => limited(() => whiteEdges(source))

const MEASURED_PX = 240
/** The frame that is looked at, as a share of the shorter side. */
const EDGE_SHARE = 0.03
/** From here on a channel counts as white: what a camera makes of a white wall is not, what a light box gives is. */
const WHITE_FROM = 244

/** Pixels are picked, not averaged, so that a thin frame of another colour still counts; what is clear shows as white. */
async function whiteEdges(source: string | Buffer): Promise<number> {
  const { data, info } = await sharp(source, { limitInputPixels: MAX_PIXELS })
    .timeout({ seconds: TIMEOUT_SECONDS })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize({ width: MEASURED_PX, height: MEASURED_PX, fit: 'inside', kernel: 'nearest', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const edge = Math.max(1, Math.round(Math.min(width, height) * EDGE_SHARE))
  let seen = 0
  let white = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (x >= edge && x < width - edge && y >= edge && y < height - edge) continue
      seen++
      const at = (y * width + x) * channels
      if (data.subarray(at, at + Math.min(channels, 3)).every((value) => value >= WHITE_FROM)) white++
    }
  return Math.round((white * 10_000) / seen)
}

/** The variant's width for a wish: the smallest that is large enough, else the largest. */
export function variantWidth(wanted: number | undefined): number {
  return VARIANT_WIDTHS.find((width) => wanted !== undefined && width >= wanted) ?? VARIANT_WIDTHS.at(-1)!
}

/** The best format that a browser accepts; moving pictures are not made AVIF. */
export function variantFormat(accept: string | undefined, animated: boolean): VariantFormat {
  if (!animated && accept?.includes('image/avif')) return 'avif'
  // Everything that shows a mini program or a page of ours knows WebP, also when it does not say so.
  return animated || accept === undefined || accept.includes('image/webp') || accept.includes('*/*') ? 'webp' : 'jpeg'
}

/** Makes a variant: turned upright, at most `width` wide, without metadata. */
export async function makeVariant(
  source: Buffer,
  width: number,
  format: VariantFormat,
  animated: boolean,
): Promise<Buffer> {
  return limited(async () => {
    const image = sharp(source, { limitInputPixels: MAX_PIXELS, animated: animated && format === 'webp' })
      .timeout({ seconds: TIMEOUT_SECONDS })
      .autoOrient()
      .resize({ width, withoutEnlargement: true })
    if (format === 'avif') return image.avif({ quality: 52, effort: 2 }).toBuffer()
    if (format === 'webp') return image.webp({ quality: 78, effort: 3 }).toBuffer()
    return image.flatten({ background: '#ffffff' }).jpeg({ quality: 80, mozjpeg: true }).toBuffer()
  })
}

let active = 0
const waiting: (() => void)[] = []

/** Pictures are heavy: only a few are worked on at once, and a queue that is too long refuses. */
async function limited<T>(work: () => Promise<T>): Promise<T> {
  if (active >= MAX_ACTIVE) {
    if (waiting.length >= MAX_WAITING) throw new AppError('BUSY', { retryAfterSeconds: 2 })
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else active++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else active--
  }
}
