/**
 * The shop's colours. A shopkeeper chooses two: of what is to be tapped (action) and of what reassures (trust).
 * Everything else follows from them, for light and dark screens, and is corrected until it can be read: texts reach
 * 4.5:1 and controls 3:1 (WCAG 2.2, 1.4.3 and 1.4.11) against every surface they stand on. No dependencies: server,
 * console and tests use the same arithmetic. (UX-02)
 */

/** `#rrggbb`. */
export type HexColor = `#${string}`

/** The colours of one role, as the style sheet names them. */
export interface RoleColors {
  /** Filled controls. */
  base: HexColor
  /** The same while it is pressed. */
  down: HexColor
  /** A quiet ground behind `text`. */
  soft: HexColor
  /** Words on the page, on a surface, and on `soft`. */
  text: HexColor
  /** Words on `base` and `down`. */
  on: HexColor
}

export interface Palette {
  action: RoleColors
  trust: RoleColors
}

export interface Theme {
  light: Palette
  dark: Palette
}

export interface ThemeChoice {
  action: HexColor
  trust: HexColor
}

export const DEFAULT_THEME: ThemeChoice = { action: '#d34600', trust: '#08834a' }

/** What words and controls stand on; the same values as in the storefront's tokens. */
export const GROUNDS = {
  light: { page: '#f6f6f7', surface: '#ffffff', ink: '#16181b' },
  dark: { page: '#0f1012', surface: '#1a1b1e', ink: '#16181b' },
} as const

export const TEXT_CONTRAST = 4.5
export const CONTROL_CONTRAST = 3
/** A colour this light is not made dark for white words: dark words stand on it instead. */
const LIGHT_COLOR_CONTRAST = 2.2
const STEPS = 24

export const isHexColor = (value: string): value is HexColor => /^#[0-9a-f]{6}$/i.test(value)

type Rgb = [number, number, number]

const toRgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb
const toHex = (rgb: Rgb): HexColor =>
  `#${rgb
    .map((part) =>
      Math.round(Math.min(255, Math.max(0, part)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
const linear = (part: number): number => (part <= 10.31475 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)

/** Relative luminance of WCAG 2.2. */
export function luminance(hex: string): number {
  const [red, green, blue] = toRgb(hex).map(linear) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast of two colours: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** `share` of `over` on `under`, 0 to 1. */
export function mix(over: string, under: string, share: number): HexColor {
  const [front, back] = [toRgb(over), toRgb(under)]
  return toHex(front.map((part, index) => part * share + back[index]! * (1 - share)) as Rgb)
}

/** The colour nearest to `color` on the way to `towards` of which `isGood` is true; `towards` itself is taken as good. */
function nearest(color: HexColor, towards: HexColor, isGood: (color: HexColor) => boolean): HexColor {
  if (isGood(color)) return color
  let [bad, good] = [0, 1]
  for (let step = 0; step < STEPS; step++) {
    const middle = (bad + good) / 2
    if (isGood(mix(towards, color, middle))) good = middle
    else bad = middle
  }
  return mix(towards, color, good)
}

/** As bright as its hue allows: on dark grounds a deep colour would look dirty. */
function vivid(color: HexColor): HexColor {
  const rgb = toRgb(color)
  const most = Math.max(...rgb, 1)
  return toHex(rgb.map((part) => (part * 255) / most) as Rgb)
}

const readsOn = (color: string, grounds: readonly string[], least: number): boolean =>
  grounds.every((ground) => contrast(color, ground) >= least)

function roleColors(chosen: HexColor, mode: keyof Theme): RoleColors {
  const { page, surface, ink } = GROUNDS[mode]
  const isDark = mode === 'dark'
  const color = toHex(toRgb(chosen))
  const isLightColor = contrast(color, '#ffffff') < LIGHT_COLOR_CONTRAST
  const on: HexColor = isLightColor ? ink : '#ffffff'
  // first seen as a control against what is around it, then readable inside
  const seen = nearest(color, isDark ? '#ffffff' : '#000000', (it) => readsOn(it, [page, surface], CONTROL_CONTRAST))
  const base = nearest(seen, isLightColor ? '#ffffff' : '#000000', (it) => contrast(it, on) >= TEXT_CONTRAST)
  const soft = mix(base, surface, isDark ? 0.2 : 0.09)
  const words = isDark ? mix(vivid(base), base, 0.5) : base
  const text = nearest(words, isDark ? '#ffffff' : '#000000', (it) => readsOn(it, [page, surface, soft], TEXT_CONTRAST))
  // pressed: away from the words, so that they stay readable
  const down = mix(isLightColor ? '#ffffff' : '#000000', base, 0.14)
  return { base, down, soft, text, on }
}

/** What is to be said about a colour that somebody has chosen. */
export interface ColorJudgement {
  /** The words that would stand on it. */
  on: HexColor
  /** Contrast of these words with it: `TEXT_CONTRAST` is needed. */
  words: number
  /** Contrast of the colour with what is around it, light page and card: `CONTROL_CONTRAST` is needed. */
  around: number
  isReadable: boolean
  /** The nearest colour that is readable; the colour itself when it is. */
  proposal: HexColor
}

/** Whether a colour can be used as it was chosen, and which one could be instead. */
export function judgeColor(chosen: HexColor): ColorJudgement {
  const color = toHex(toRgb(chosen))
  const { base, on } = roleColors(color, 'light')
  const { page, surface } = GROUNDS.light
  const isReadable = base === color
  return {
    on,
    words: contrast(color, on),
    around: Math.min(contrast(color, page), contrast(color, surface)),
    isReadable,
    // a corrected light colour may want white words, and be corrected once more
    proposal: isReadable ? color : judgeColor(base).proposal,
  }
}

const paletteOf = (choice: ThemeChoice, mode: keyof Theme): Palette => ({
  action: roleColors(choice.action, mode),
  trust: roleColors(choice.trust, mode),
})

/** All colours that follow from the two. */
export const themeOf = (choice: ThemeChoice): Theme => ({
  light: paletteOf(choice, 'light'),
  dark: paletteOf(choice, 'dark'),
})

/** The custom properties of the storefront's tokens, such as `--zg-action-soft`. */
export function themeVariables(palette: Palette): Record<string, HexColor> {
  const role = (name: 'action' | 'trust'): [string, HexColor][] => [
    [`--zg-${name}`, palette[name].base],
    [`--zg-${name}-down`, palette[name].down],
    [`--zg-${name}-soft`, palette[name].soft],
    [`--zg-${name}-text`, palette[name].text],
    [`--zg-on-${name}`, palette[name].on],
  ]
  return Object.fromEntries([...role('action'), ...role('trust')])
}

/**
 * Rules that put the theme over the storefront's own tokens; empty for the colours the style sheet has anyway, unless
 * they are to be said explicitly.
 */
export function themeCss(choice: ThemeChoice, options: { isExplicit?: boolean } = {}): string {
  const isDefault = choice.action === DEFAULT_THEME.action && choice.trust === DEFAULT_THEME.trust
  if (isDefault && !options.isExplicit) return ''
  const theme = themeOf(choice)
  const rule = (palette: Palette) =>
    `.zg-theme{${Object.entries(themeVariables(palette))
      .map(([name, value]) => `${name}:${value}`)
      .join(';')}}`
  return `${rule(theme.light)}@media(prefers-color-scheme:dark){${rule(theme.dark)}}`
}
