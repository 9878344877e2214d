import postcss, { type AtRule, type ChildNode, type Container, type Rule } from 'postcss'
import type { Plugin } from 'vite'
import type { StyleRule } from '../src/web/page-style.ts'

/** Where the rules lie in the build, for the server. */
export const STYLE_RULES = '.vite/style-rules.json'

/**
 * Writes down of every rule of the style sheet which classes an element must have for it to matter, so that the
 * server can put into a page only what that page shows.
 */
export function styleRules(): Plugin {
  return {
    name: 'style-rules',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const sheets = Object.values(bundle).filter((part) => part.type === 'asset' && part.fileName.endsWith('.css'))
        const css = sheets.map((part) => (part.type === 'asset' ? String(part.source) : '')).join('')
        this.emitFile({ type: 'asset', fileName: STYLE_RULES, source: JSON.stringify(readRules(css)) })
      },
    },
  }
}

/** The rules of a style sheet in their order, with the classes that each of them needs. */
export function readRules(css: string): StyleRule[] {
  return rulesOf(postcss.parse(css))
}

const rulesOf = (container: Container<ChildNode>): StyleRule[] =>
  (container.nodes ?? []).flatMap((node) => {
    if (node.type === 'rule') return [ofRule(node)]
    if (node.type === 'atrule') return [ofAtRule(node)]
    return []
  })

function ofRule(rule: Rule): StyleRule {
  const needs = rule.selectors.map(classesOf)
  return needs.some((classes) => classes.length === 0) ? { css: String(rule) } : { css: String(rule), needs }
}

function ofAtRule(rule: AtRule): StyleRule {
  if (/keyframes$/.test(rule.name)) return { css: String(rule), animation: rule.params }
  if (!/^(?:media|supports|layer|container)$/.test(rule.name) || !rule.nodes) return { css: String(rule) }
  return { css: `@${rule.name} ${rule.params}`, rules: rulesOf(rule as Container<ChildNode>) }
}

/** What stands in `:not(…)`, `:is(…)` and their like is not asked for: rather a rule too many than one too few. */
function classesOf(selector: string): string[] {
  const plain = selector.replace(/:[\w-]+\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '')
  return [...plain.matchAll(/\.((?:[\w-]|\\.)+)/g)].map(([, name]) => name!.replaceAll('\\', ''))
}
