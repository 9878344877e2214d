import sharp from 'sharp'
import { type Glyph, HEADLINE, SUBLINE } from './letters.ts'
import { PALETTES, type Shape, thingSvg } from './pictures.ts'

const WIDTH = 1296
/** Things stand on this line, as a share of the height. */
const TABLE = 0.86
/** The lower edge of a thing on its own field of 1080. */
const FOOT = 850
const FIELD = 1080
/** Things keep this far from the right edge, as a share of the width. */
const RIGHT = 0.97
/** What sizes are shares of: the height of a common poster, by its width. */
const BASE = 0.46
/** The line below the headline is read on any ground. */
const INK = '#3a342c'

export interface Poster {
  /** Of the ground; each thing has its own. */
  palette: string
  headline: string
  subline: string
  /** What stands on the right, from left to right, each with its size as a share of a common poster's height. */
  things: readonly { shape: Shape; palette: string; size: number }[]
}

/** A poster with words on the left and things on the right, as JPEG. `ratioPercent` is its height by its width. */
export async function drawPoster(
  { palette, headline, subline, things }: Poster,
  ratioPercent: number,
): Promise<Buffer> {
  const height = Math.round((WIDTH * ratioPercent) / 100)
  const [top, bottom, body, shade, accent] = PALETTES[palette] ?? PALETTES.stone!
  const table = height * TABLE
  const base = WIDTH * BASE
  const room = WIDTH * 0.52
  const step = room / things.length
  const standing = things.map(({ shape, palette: own, size }, index) => {
    const scale = (base * size) / FIELD
    const x = WIDTH * RIGHT - room + step * (index + 0.5) - (FIELD * scale) / 2
    return `<ellipse cx="${x + (FIELD * scale) / 2}" cy="${table}" rx="${FIELD * scale * 0.26}" ry="${base * 0.022}" fill="${shade}" opacity=".28"/>
      <g transform="translate(${x} ${table - FOOT * scale}) scale(${scale})">${thingSvg(shape, own)}</g>`
  })
  const left = WIDTH * 0.065
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">
    <defs>
      <linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>
      <radialGradient id="s"><stop offset="0" stop-color="#fff" stop-opacity=".85"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>
    </defs>
    <rect width="${WIDTH}" height="${height}" fill="url(#g)"/>
    <circle cx="${WIDTH * 0.74}" cy="${height * 0.42}" r="${height * 0.62}" fill="url(#s)"/>
    <circle cx="${WIDTH * 0.93}" cy="${height * 0.16}" r="${height * 0.1}" fill="${accent}" opacity=".55"/>
    <path d="M0 ${table - 8}C${WIDTH * 0.3} ${table - 46} ${WIDTH * 0.62} ${table + 22} ${WIDTH} ${table - 20}V${height}H0z" fill="${body}" opacity=".16"/>
    ${standing.join('')}
    ${lettering(headline, HEADLINE, { x: left, y: height * 0.24, scale: (base * 0.19) / 500, fill: shade })}
    <rect x="${left + 4}" y="${height * 0.24 + base * 0.26}" width="64" height="6" rx="3" fill="${accent}"/>
    ${lettering(subline, SUBLINE, { x: left + 2, y: height * 0.24 + base * 0.32, scale: (base * 0.075) / 250, fill: INK })}
  </svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer()
}

interface Place {
  x: number
  y: number
  scale: number
  fill: string
}

/** A line of letters; a space is a third of a letter. */
function lettering(text: string, glyphs: Readonly<Record<string, Glyph>>, { x, y, scale, fill }: Place): string {
  const unit = Object.values(glyphs)[0]![0]
  let at = 0
  const letters = [...text].map((letter) => {
    const glyph = glyphs[letter]
    const place = at
    at += glyph ? glyph[0] : unit / 3
    return glyph ? `<path transform="translate(${place} 0)" d="${glyph[1]}"/>` : ''
  })
  return `<g transform="translate(${x} ${y}) scale(${scale})" fill="${fill}">${letters.join('')}</g>`
}
