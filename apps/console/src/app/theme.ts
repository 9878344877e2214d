import { type ThemeConfig, theme } from 'antd'

/**
 * The look of the console, in one place. Green stands for trust and marks where one is (navigation, links,
 * what is selected); orange is kept for the one main action of a screen. Text stands at 4.5:1 or more on whatever
 * it is put on (`theme.test.ts`). `PALETTES` also becomes CSS variables
 * (`--zg-*`) for the few rules in `styles/console.css`.
 */
export const PALETTES = {
  light: {
    green: '#087A4C',
    greenSoft: '#E8F5EF',
    greenLine: '#B9DFCE',
    /** Carries white text at 5:1. */
    orange: '#BD4A08',
    orangeHover: '#A23F06',
    orangeSoft: '#FEF1E8',
    /** As text, also on its soft ground. */
    orangeText: '#A84207',
    /** For marks and charts, never under or as text. */
    orangeVivid: '#F26B1D',
    /** The page behind cards. */
    canvas: '#F5F6F4',
    surface: '#FFFFFF',
    raised: '#FFFFFF',
    line: '#E6E8E4',
    text: '#1B211E',
    textSoft: '#5F6A64',
    textFaint: '#646E68',
    red: '#C7330B',
    redSoft: '#FDECE7',
    amber: '#8F5B0E',
    amberSoft: '#FEF6E6',
    amberLine: '#F0DDB4',
    blue: '#2A63C9',
    shadow: '0 1px 2px rgb(20 30 24 / 4%), 0 4px 16px rgb(20 30 24 / 4%)',
  },
  dark: {
    green: '#2DB87E',
    greenSoft: '#12301F',
    greenLine: '#1F5238',
    orange: '#C24D0A',
    orangeHover: '#A9420A',
    orangeSoft: '#38210F',
    orangeText: '#FF9A5C',
    orangeVivid: '#FF8237',
    canvas: '#101311',
    surface: '#181C1A',
    raised: '#1F2422',
    line: '#2B312E',
    text: '#E7ECE9',
    textSoft: '#A3ADA8',
    textFaint: '#939D98',
    red: '#FF7A5C',
    redSoft: '#3A1A12',
    amber: '#E0A94A',
    amberSoft: '#2C2413',
    amberLine: '#4A3B1B',
    blue: '#6C9DF5',
    shadow: 'none',
  },
} as const

export type Mode = keyof typeof PALETTES

export const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif'

/** Ant Design's configuration for a mode. */
export function antdTheme(mode: Mode): ThemeConfig {
  const palette = PALETTES[mode]
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.green,
      colorLink: palette.green,
      colorInfo: palette.blue,
      colorPrimaryBg: palette.greenSoft,
      colorPrimaryBgHover: palette.greenSoft,
      controlItemBgActive: palette.greenSoft,
      controlItemBgActiveHover: palette.greenSoft,
      colorSuccessBg: palette.greenSoft,
      colorSuccessBorder: palette.greenLine,
      colorPrimaryBorder: palette.greenLine,
      colorSuccess: palette.green,
      colorWarning: palette.amber,
      colorWarningBg: palette.amberSoft,
      colorWarningBorder: palette.amberLine,
      colorError: palette.red,
      colorTextBase: palette.text,
      colorTextSecondary: palette.textSoft,
      colorTextTertiary: palette.textFaint,
      colorTextDescription: palette.textSoft,
      colorTextPlaceholder: palette.textFaint,
      colorBgBase: palette.surface,
      colorBgLayout: palette.canvas,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.raised,
      colorBorder: mode === 'dark' ? '#3A423E' : '#D7DBD6',
      colorBorderSecondary: palette.line,
      borderRadius: 8,
      borderRadiusLG: 12,
      controlHeight: 36,
      fontFamily: FONT,
      fontSize: 14,
      wireframe: false,
    },
    components: {
      Button: {
        colorPrimary: palette.orange,
        colorPrimaryHover: palette.orangeHover,
        colorPrimaryActive: palette.orangeHover,
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        fontWeight: 500,
      },
      Layout: {
        siderBg: palette.surface,
        headerBg: palette.surface,
        bodyBg: palette.canvas,
        headerHeight: 56,
        headerPadding: '0 20px',
      },
      Menu: {
        itemSelectedBg: palette.greenSoft,
        itemSelectedColor: palette.green,
        itemBorderRadius: 8,
        itemHeight: 34,
        itemMarginBlock: 2,
        activeBarBorderWidth: 0,
        itemBg: 'transparent',
        subMenuItemBg: 'transparent',
      },
      Table: {
        headerBg: 'transparent',
        headerColor: palette.textSoft,
        headerSplitColor: 'transparent',
        cellPaddingBlock: 11,
        cellPaddingInline: 10,
      },
      Card: { bodyPadding: 20, headerPadding: 20, headerHeight: 52 },
      Tabs: { horizontalMargin: '0 0 12px 0' },
      Progress: { defaultColor: palette.green },
      Tag: { defaultBg: mode === 'dark' ? '#262C29' : '#F1F3F0' },
    },
  }
}

/** Sets the palette as CSS variables on the page. */
export function applyPalette(mode: Mode): void {
  const root = document.documentElement
  root.dataset.mode = mode
  for (const [name, value] of Object.entries(PALETTES[mode])) root.style.setProperty(`--zg-${kebab(name)}`, value)
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
