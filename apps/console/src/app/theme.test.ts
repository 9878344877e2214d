import { expect, test } from 'vitest'
import { PALETTES } from './theme.ts'

const channel = (value: number): number => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const luminance = (hex: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => channel(Number.parseInt(hex.slice(at, at + 2), 16) / 255))
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}
const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

for (const mode of ['light', 'dark'] as const)
  test(`SYS-02 in ${mode} mode every text colour stands out at 4.5:1 on every ground it is put on`, () => {
    const palette = PALETTES[mode]
    for (const ground of ['surface', 'canvas', 'raised'] as const)
      for (const text of ['text', 'textSoft', 'textFaint', 'green', 'red', 'amber', 'blue'] as const)
        expect(contrast(palette[text], palette[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    expect(contrast(palette.green, palette.greenSoft), 'green on its soft ground').toBeGreaterThanOrEqual(4.5)
    expect(contrast(palette.red, palette.redSoft), 'red on its soft ground').toBeGreaterThanOrEqual(4.5)
    expect(contrast(palette.orangeText, palette.orangeSoft), 'orange on its soft ground').toBeGreaterThanOrEqual(4.5)
    for (const action of ['orange', 'orangeHover'] as const)
      expect(contrast('#FFFFFF', palette[action]), `white on ${action}`).toBeGreaterThanOrEqual(4.5)
  })
