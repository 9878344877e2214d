import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Brush, drawPoster, POSTER_HEIGHT, POSTER_WIDTH, wrap } from './poster.ts'

const measure = (text: string) => [...text].length * 10

describe('the poster', () => {
  test('UX-05 lines never run out of the poster, and no letter is lost unless an ellipsis says so', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 2, max: 20 }), (text, letters) => {
        const lines = wrap(text, letters * 10, 2, measure)
        expect(lines.length).toBeLessThanOrEqual(2)
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(letters * 10)
        const joined = lines.join('')
        if (joined.endsWith('…') && !text.endsWith('…')) expect(text.startsWith(joined.slice(0, -1))).toBe(true)
        else expect(joined).toBe(text)
      }),
    )
  })

  test('UX-05 title, price, shop and every module of the QR code are drawn inside of it', () => {
    const words: string[] = []
    const squares: [number, number, number, number][] = []
    const brush: Brush<string> = {
      fillStyle: '',
      font: '',
      textBaseline: '',
      fillRect: (...square) => squares.push(square),
      fillText: (text) => words.push(text),
      measureText: (text) => ({ width: measure(text) }),
      drawImage: () => undefined,
    }
    const qrSvg = '<svg viewBox="0 0 25 25"><path d="M2 2h1v1h-1zM3 2h1v1h-1zM22 22h1v1h-1z"/></svg>'
    const poster = {
      title: '龙井',
      subtitle: '春茶',
      price: '¥88',
      shopName: '山野集',
      qrSvg,
      miniCodeUrl: null,
      actionColor: '#d34600',
    }
    drawPoster(brush, { ...poster, pictureUrl: null }, undefined)
    expect(words).toEqual(expect.arrayContaining(['龙井', '春茶', '¥88', '山野集']))
    expect(squares).toHaveLength(2 + 3)
    const drawn: unknown[][] = []
    const withCode = { ...brush, drawImage: (...args: unknown[]) => drawn.push(args) }
    drawPoster(withCode as never, { ...poster, pictureUrl: null }, undefined, {
      image: 'code',
      width: 430,
      height: 430,
    } as never)
    expect(drawn).toHaveLength(1)
    expect(words).toContain('长按识别小程序码，去看看')
    for (const [x, y, width, height] of squares) {
      expect(x + width).toBeLessThanOrEqual(POSTER_WIDTH)
      expect(y + height).toBeLessThanOrEqual(POSTER_HEIGHT)
    }
  })
})
