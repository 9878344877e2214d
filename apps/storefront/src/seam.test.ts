import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const SOURCE = import.meta.dirname
/** Written once for both targets: must not know either of them. */
const SHARED = ['pages', 'parts', 'kit/shared', 'model']
const ALLOWED = [
  /^@(kit|platform|hooks)$/,
  /^@model\//,
  /^@zhanggui\/contract\/(client|money|invoice-head)$/,
  // their own pieces, and what is written once beside them
  /^\.\/[\w./-]+\.(tsx?|css)$/,
  /^(\.\.\/)+(app|page|routes)\.ts$/,
  /^(\.\.\/)+(parts|kit\/shared|model)\/[\w./-]+$/,
  /^\.\.?\/[\w-]+\.tsx?$/,
]
/** Types vanish before either target is built. */
const ALLOWED_TYPES = [
  /^@zhanggui\/(contract|tracker)$/,
  /^(\.\.\/)+platform\/port\.ts$/,
  /^(\.\.\/)+kit\/types\.ts$/,
  /^\.\.\/types\.ts$/,
]

function filesBelow(folder: string): string[] {
  return readdirSync(join(SOURCE, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

describe('one set of pages, two targets', () => {
  test.each(SHARED.flatMap(filesBelow).map((file) => [file.slice(SOURCE.length + 1), file]))(
    'UX-01 %s imports nothing of one target',
    (_, file) => {
      const code = readFileSync(file, 'utf8')
      const imports = [...code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"]*?from\s+)?['"]([^'"]+)['"]/gms)]
      const foreign = imports
        .filter(([, isType, from]) => ![...ALLOWED, ...(isType ? ALLOWED_TYPES : [])].some((rule) => rule.test(from!)))
        .map(([, , from]) => from)
      expect(foreign).toEqual([])
    },
  )

  test.each(['pages', 'parts', 'kit/shared'].flatMap(filesBelow).map((file) => [file.slice(SOURCE.length + 1), file]))(
    'UX-01 %s touches neither the DOM nor the mini program',
    (_, file) => {
      const code = readFileSync(file, 'utf8')
      expect(code.match(/\b(document|window|localStorage|navigator|location|wx|Taro)\.\w+/g) ?? []).toEqual([])
      // elements of HTML would not exist in the mini program
      expect(code.match(/<(div|span|a|button|input|img|ul|li|p|h[1-6]|section|form|label)[\s>]/g) ?? []).toEqual([])
    },
  )
})
