import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { generatedFiles } from './generate.ts'

const GENERATED = path.resolve(import.meta.dirname, '../generated')

test.each(Object.entries(generatedFiles()))(
  'SYS-01 generated/%s is what the contract says (run `npm run generate`)',
  async (name, text) => {
    expect(await readFile(path.join(GENERATED, name), 'utf8')).toBe(text)
  },
)
