import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PARTS = [
  ['console-', '后台 Back office'],
  ['storefront-', '店铺 Storefront'],
  ['wechat-', '微信一侧（模拟器） WeChat’s side (simulator)'],
  ['story-', '第一单，一步一步 The first order, step by step'],
] as const
const KINDS = ['phone', 'phone-dark', 'desktop', 'desktop-dark'] as const
const CALLED: Record<(typeof KINDS)[number], string> = {
  phone: '手机 phone',
  'phone-dark': '手机深色 phone, dark',
  desktop: '桌面 desktop',
  'desktop-dark': '桌面深色 desktop, dark',
}
const WIDTHS: Record<(typeof KINDS)[number], number> = {
  phone: 140,
  'phone-dark': 140,
  desktop: 360,
  'desktop-dark': 360,
}

/** Writes `README.md` beside the pictures: every screen with its pictures, part by part. */
export function writeIndex(folder: string): void {
  const pictures = new Set(readdirSync(folder).filter((name) => name.endsWith('.webp')))
  const screens = [...new Set([...pictures].map(screenOf))].sort()
  const parts = PARTS.map(([prefix, title]) => {
    const rows = screens.filter((screen) => screen.startsWith(prefix)).map((screen) => row(screen, pictures))
    const head = `| | ${KINDS.map((kind) => CALLED[kind]).join(' | ')} |\n|---|${'---|'.repeat(KINDS.length)}`
    return `## ${title}\n\n${head}\n${rows.join('\n')}\n`
  })
  const words = [
    '# 每一个页面 Every screen',
    '',
    '由 `npm run screenshots` 生成，数据是演示店铺的；`-empty` 是刚开张的空店。',
    'Made by `npm run screenshots` from the demo shop; `-empty` is a shop opened a moment ago.',
    '',
  ]
  writeFileSync(join(folder, 'README.md'), `${words.join('\n')}\n${parts.join('\n')}`)
}

/** `console-orders-phone-dark.webp` is of `console-orders`. */
const screenOf = (file: string): string => file.replace(/-(phone|desktop)(-dark)?\.webp$/, '')

function row(screen: string, pictures: ReadonlySet<string>): string {
  const cells = KINDS.map((kind) => {
    const file = `${screen}-${kind}.webp`
    return pictures.has(file) ? `<img src="${file}" width="${WIDTHS[kind]}" alt="${screen}, ${kind}">` : ''
  })
  return `| ${screen} | ${cells.join(' | ')} |`
}
