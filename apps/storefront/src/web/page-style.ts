/** A rule of the style sheet, with what makes it matter; written by the build, read by the server. */
export interface StyleRule {
  /** The whole rule; of a group (`rules`), its condition. */
  css: string
  /** It matters where elements have all classes of one of these; without it, always. */
  needs?: string[][]
  /** The animation that it describes. */
  animation?: string
  /** The rules under its condition. */
  rules?: StyleRule[]
}

/** Pages of a shop show a few dozen sets of classes; more would be somebody's doing. */
const MAX_KEPT = 200

/**
 * Answers the part of the style sheet that a page needs to be drawn: what its elements' classes ask for, in the order
 * of the sheet. The rest can come after the first paint.
 */
export function createPageStyle(rules: readonly StyleRule[]): (html: string) => string {
  const kept = new Map<string, string>()
  return (html) => {
    const classes = classesIn(html)
    const key = [...classes].sort().join(' ')
    let style = kept.get(key)
    if (style === undefined) {
      const plain = select(rules, classes)
      style = plain + animationsOf(rules, plain)
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(key, style)
    }
    return style
  }
}

function classesIn(html: string): Set<string> {
  const classes = new Set<string>()
  for (const [, list] of html.matchAll(/\sclass="([^"]*)"/g)) for (const name of list!.split(' ')) classes.add(name)
  classes.delete('')
  return classes
}

function select(rules: readonly StyleRule[], classes: ReadonlySet<string>): string {
  let css = ''
  for (const rule of rules) {
    if (rule.animation !== undefined) continue
    if (rule.rules) {
      const inner = select(rule.rules, classes)
      if (inner !== '') css += `${rule.css}{${inner}}`
    } else if (!rule.needs || rule.needs.some((names) => names.every((name) => classes.has(name)))) css += rule.css
  }
  return css
}

const animationsOf = (rules: readonly StyleRule[], css: string): string =>
  rules
    .filter(({ animation }) => animation !== undefined && css.includes(animation))
    .map((rule) => rule.css)
    .join('')
