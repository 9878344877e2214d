import fs from 'node:fs'
import path from 'node:path'

/** A node as Taro hands it to `setData`: `nn` names its template, `cn` are its children, `v` is text. */
export interface Node {
  nn?: string
  sid?: string
  uid?: string
  cl?: string
  v?: string
  cn?: Node[]
  [key: string]: unknown
}

interface Template {
  tag: string
  /** Attribute → the key of the node that holds its value. */
  attributes: Map<string, string>
  /** Events that reach the program: `tap`, `input` … */
  events: Set<string>
}

/** What the built templates show of a node and which events they let through. */
export class Templates {
  readonly #byName = new Map<string, Template>()

  constructor(dist: string) {
    const wxml = fs.readFileSync(path.join(dist, 'base.wxml'), 'utf8')
    for (const [, name, body] of wxml.matchAll(/<template name="tmpl_0_(\w+)">([\s\S]*?)<\/template>\n\n/g)) {
      const element = /<([a-z-]+)([^>]*)>/.exec(body!)
      if (!element || element[1] === 'template') continue
      const attributes = new Map<string, string>()
      for (const [, attribute, key] of element[2]!.matchAll(/ ([\w:-]+)="\{\{(?:xs\.b\()?i\.(\w+)/g))
        attributes.set(attribute!, key!)
      const events = new Set([...element[2]!.matchAll(/ (?:bind|catch)(\w+)="eh"/g)].map(([, event]) => event!))
      this.#byName.set(name!.replace(/_(focus|blur)$/, ''), { tag: element[1]!, attributes, events })
    }
  }

  of(node: Node): Template | undefined {
    return node.nn === undefined ? undefined : this.#byName.get(node.nn)
  }

  attribute(node: Node, name: string): unknown {
    const key = this.of(node)?.attributes.get(name)
    return key === undefined ? undefined : node[key]
  }
}

/** Writes `root.cn.[0].v`-like paths the way WeChat applies setData. */
export function assign(target: Record<string, unknown>, dotted: string, value: unknown): void {
  const keys = dotted.replace(/\.?\[(\d+)\]/g, '.$1').split('.')
  let at = target as Record<string, unknown>
  for (const key of keys.slice(0, -1)) {
    at[key] ??= {}
    at = at[key] as Record<string, unknown>
  }
  at[keys.at(-1)!] = value
}

/** Every node below, each with the chain of its parents, in document order. */
export function* walk(node: Node | undefined, parents: Node[] = []): Generator<{ node: Node; parents: Node[] }> {
  if (!node || typeof node !== 'object') return
  yield { node, parents }
  for (const child of Object.values(node.cn ?? {})) yield* walk(child, [node, ...parents])
}

/** The words in a node. */
export function textOf(node: Node): string {
  let text = ''
  for (const { node: one } of walk(node)) if (one.v !== undefined) text += one.v
  return text
}
