import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ROUTES } from './index.ts'
import { openApiDocument } from './openapi.ts'
import type { RouteSpec } from './route.ts'

/** The files made from the contract, by name: the client's table of addresses and the OpenAPI document. */
export function generatedFiles(): Record<string, string> {
  const rows = (Object.entries(ROUTES) as [string, RouteSpec][]).map(
    ([id, route]) => `  '${id}': ['${route.method}', '${route.path}'],`,
  )
  return {
    'routes.ts': `// Made by \`npm run generate\` from the contract. Do not edit.\nexport const ROUTE_TABLE = {\n${rows.join('\n')}\n} as const\n`,
    'openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  }
}

if (import.meta.main) {
  const folder = path.resolve(import.meta.dirname, '../generated')
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(generatedFiles())) await writeFile(path.join(folder, name), text)
}
