import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CONTROL_CONTRAST,
  contrast,
  DEFAULT_THEME,
  GROUNDS,
  type HexColor,
  judgeColor,
  TEXT_CONTRAST,
  themeCss,
  themeOf,
  themeVariables,
} from './theme.ts'

const Color = fc.integer({ min: 0, max: 0xffffff }).map((it) => `#${it.toString(16).padStart(6, '0')}` as HexColor)
const TOKENS = readFileSync(resolve(import.meta.dirname, '../../../apps/storefront/src/kit/tokens.css'), 'utf8')

describe('the shop’s colours', () => {
  test('UX-02 whatever two colours are chosen, every word and every control can be read', () => {
    fc.assert(
      fc.property(Color, Color, (action, trust) => {
        const theme = themeOf({ action, trust })
        for (const mode of ['light', 'dark'] as const)
          for (const role of [theme[mode].action, theme[mode].trust]) {
            const { page, surface } = GROUNDS[mode]
            for (const ground of [page, surface]) {
              expect(contrast(role.base, ground)).toBeGreaterThanOrEqual(CONTROL_CONTRAST - 0.05)
              expect(contrast(role.text, ground)).toBeGreaterThanOrEqual(TEXT_CONTRAST - 0.05)
            }
            expect(contrast(role.text, role.soft)).toBeGreaterThanOrEqual(TEXT_CONTRAST - 0.05)
            expect(contrast(role.on, role.base)).toBeGreaterThanOrEqual(TEXT_CONTRAST - 0.05)
            expect(contrast(role.on, role.down)).toBeGreaterThanOrEqual(TEXT_CONTRAST - 0.05)
          }
      }),
      { numRuns: 300 },
    )
  })

  test('UX-02 a colour that cannot be read has a proposal that can, and that is proposed no further', () => {
    fc.assert(
      fc.property(Color, (color) => {
        const { proposal, isReadable } = judgeColor(color)
        const judged = judgeColor(proposal)
        expect(judged).toMatchObject({ isReadable: true, proposal })
        expect(judged.words).toBeGreaterThanOrEqual(TEXT_CONTRAST)
        expect(judged.around).toBeGreaterThanOrEqual(CONTROL_CONTRAST)
        expect(proposal === color).toBe(isReadable)
      }),
      { numRuns: 300 },
    )
    expect(judgeColor('#ffe14d')).toMatchObject({ isReadable: false, on: '#16181b' })
  })

  test('UX-02 a colour that can be read is taken as it is', () => {
    expect(themeOf({ action: '#d34600', trust: '#08834a' }).light).toMatchObject({
      action: { base: '#d34600', on: '#ffffff' },
      trust: { base: '#08834a', on: '#ffffff' },
    })
  })

  test('UX-02 the style sheet holds the default theme, so that it costs no byte more', () => {
    expect(themeCss(DEFAULT_THEME)).toBe('')
    const [light = '', dark = ''] = TOKENS.split('@media (prefers-color-scheme: dark)')
    const theme = themeOf(DEFAULT_THEME)
    for (const [part, palette, grounds] of [
      [light, theme.light, GROUNDS.light],
      [dark, theme.dark, GROUNDS.dark],
    ] as const) {
      for (const [name, value] of Object.entries(themeVariables(palette))) expect(part).toContain(`${name}: ${value};`)
      expect(part).toContain(`--zg-page: ${grounds.page};`)
      expect(part).toContain(`--zg-surface: ${grounds.surface};`)
    }
  })

  test('UX-02 other colours come as rules for light and dark', () => {
    const css = themeCss({ action: '#1677ff', trust: '#08834a' })
    expect(css).toContain('--zg-action:#1571f1')
    expect(css).toContain('@media(prefers-color-scheme:dark)')
  })
})
