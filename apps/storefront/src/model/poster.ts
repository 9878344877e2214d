/** What a poster shows. The same drawing on both targets; each only provides a canvas and loads the picture. */
export interface Poster {
  title: string
  subtitle: string
  /** With the sign, such as "¥68.00 起". */
  price: string
  shopName: string
  pictureUrl: string | null
  /** A QR code as the server draws it: one path of unit squares in a view box. */
  qrSvg: string
  /** A mini program code instead of the QR code, where there is one and the target can load it. */
  miniCodeUrl: string | null
  actionColor: string
}

export const POSTER_WIDTH = 750
export const POSTER_HEIGHT = 1180
const MARGIN = 40
const PICTURE = POSTER_WIDTH - MARGIN * 2
const QR = 190
const INK = '#16181b'
const MUTED = '#60646b'
const FONT = '"PingFang SC", "HarmonyOS Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'

/** What is used of a 2D canvas, in browsers as in the mini program. */
export interface Brush<Picture> {
  fillStyle: unknown
  font: string
  textBaseline: unknown
  fillRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number): void
  measureText(text: string): { width: number }
  drawImage(image: Picture, x: number, y: number, width: number, height: number, ...more: number[]): void
}

/** A picture with its own size, for cutting the middle out of it. */
export interface Sized<Picture> {
  image: Picture
  width: number
  height: number
}

/** `code` is the mini program code; without it the QR code is drawn. */
export function drawPoster<Picture>(
  brush: Brush<Picture>,
  poster: Poster,
  picture: Sized<Picture> | undefined,
  code?: Sized<Picture>,
): void {
  const text = (words: string, x: number, y: number, size: number, color: string, weight = 400) => {
    brush.font = `${weight} ${size}px ${FONT}`
    brush.fillStyle = color
    brush.fillText(words, x, y)
  }
  const rect = (color: string, x: number, y: number, width: number, height: number) => {
    brush.fillStyle = color
    brush.fillRect(x, y, width, height)
  }
  brush.textBaseline = 'top'
  rect('#ffffff', 0, 0, POSTER_WIDTH, POSTER_HEIGHT)
  rect('#efeff1', MARGIN, MARGIN, PICTURE, PICTURE)
  if (picture) {
    const side = Math.min(picture.width, picture.height)
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2]
    ;(brush.drawImage as (...args: unknown[]) => void)(
      picture.image,
      left,
      top,
      side,
      side,
      MARGIN,
      MARGIN,
      PICTURE,
      PICTURE,
    )
  }
  let y = MARGIN + PICTURE + 36
  text(poster.price, MARGIN, y, 52, poster.actionColor, 700)
  y += 76
  brush.font = `600 36px ${FONT}`
  for (const line of wrap(poster.title, PICTURE, 2, (words) => brush.measureText(words).width)) {
    text(line, MARGIN, y, 36, INK, 600)
    y += 50
  }
  const foot = POSTER_HEIGHT - MARGIN - QR
  if (code) brush.drawImage(code.image, POSTER_WIDTH - MARGIN - QR, foot, QR, QR)
  else drawQr(rect, poster.qrSvg, POSTER_WIDTH - MARGIN - QR, foot)
  const words = PICTURE - QR - 32
  brush.font = `400 26px ${FONT}`
  const [subtitle = ''] = wrap(poster.subtitle, words, 1, (it) => brush.measureText(it).width)
  text(subtitle, MARGIN, foot + 14, 26, MUTED)
  text(poster.shopName, MARGIN, foot + QR - 82, 28, INK, 600)
  text(code ? '长按识别小程序码，去看看' : '长按识别二维码，去看看', MARGIN, foot + QR - 38, 24, MUTED)
}

function drawQr(
  rect: (color: string, x: number, y: number, width: number, height: number) => void,
  svg: string,
  left: number,
  top: number,
): void {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1] ?? 0)
  if (size === 0) return
  const unit = QR / size
  // a hair larger than the square, so that no light shows between neighbours
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1/g))
    rect(INK, left + Number(x) * unit, top + Number(y) * unit, unit + 0.4, unit + 0.4)
}

/** Lines of at most `width`, at most `most`; what does not fit ends in an ellipsis. Pure. */
export function wrap(text: string, width: number, most: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  const letters = [...text]
  for (let index = 0; index < letters.length; index++) {
    const letter = letters[index]!
    if (line === '' || measure(line + letter) <= width) {
      line += letter
      continue
    }
    if (lines.length === most - 1) {
      while (line !== '' && measure(`${line}…`) > width) line = [...line].slice(0, -1).join('')
      return [...lines, `${line}…`]
    }
    lines.push(line)
    line = letter
  }
  return line === '' ? lines : [...lines, line]
}
