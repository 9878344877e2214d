import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/**
 * The typed client knows every route of the contract. Buyers call a quarter of them: only those that our pages name
 * are in what a phone downloads.
 */
export function namedRoutesOnly(sourceDir: string): Plugin {
  let sources = ''
  return {
    name: 'named-routes-only',
    // before the types are taken off: afterwards the lines look different
    enforce: 'pre',
    buildStart() {
      sources = readdirSync(sourceDir, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file) && !/\.test\./.test(file))
        .map((file) => readFileSync(join(sourceDir, file), 'utf8'))
        .join('\n')
    },
    transform(code, id) {
      if (!id.endsWith('/contract/generated/routes.ts')) return
      const lines = code.split('\n')
      const kept = lines.filter((line) => {
        const route = /^ +('[\w.]+'):/.exec(line)?.[1]
        return route === undefined || sources.includes(route)
      })
      if (kept.length === lines.length)
        this.error('The table of routes does not look as it did: all of it would be sent')
      return { code: kept.join('\n'), map: null }
    },
  }
}
