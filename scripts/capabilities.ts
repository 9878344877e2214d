import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs', 'capabilities.md')
const FOLDERS = ['apps', 'packages', 'scripts', 'tests']
const NOT_SOURCES = new Set(['node_modules', 'dist', 'generated'])
const IDS = /^((?:[A-Z]{2,3}-\d{2}[ ,]+)+)(?=\S)/
/** A text that is the first thing in a pair of parentheses and begins with a requirement's id: the name of a test. */
const TEST_NAME = /\(\s*(['"`])((?:[A-Z]{2,3}-\d{2}[ ,]+)+(?!\1)\S(?:\\.|(?!\1)[^\\])*)\1/g

interface Requirement {
  id: string
  title: string
}
interface NamedTest {
  ids: string[]
  name: string
  file: string
}

/** Which requirement is proved by which test: read from the tests' names, so that it cannot say more than they do. */
export function capabilitiesPage(root = ROOT): string {
  const requirements = readRequirements(root)
  const tests = FOLDERS.flatMap((folder) => findTests(join(root, folder))).flatMap((file) => readTests(root, file))
  const known = new Set(requirements.map(({ id }) => id))
  const strange = tests.find((test) => test.ids.some((id) => !known.has(id)))
  if (strange) throw new Error(`${strange.file}: ${strange.ids.join(', ')} is not in docs/requirements.tsv`)
  const proved = requirements.filter(({ id }) => tests.some((test) => test.ids.includes(id)))
  const open = requirements.filter((requirement) => !proved.includes(requirement))
  return [
    '# Capabilities',
    '',
    'What the product must do, where it lives, and the tests that drive it. Made by `npm run capabilities` from the',
    "tests' names; a test fails when this page is not up to date. A requirement may be met in part: the names say how far.",
    '',
    `${proved.length} of ${requirements.length} requirements have tests (${tests.length} tests).`,
    '',
    ...proved.flatMap((requirement) => section(requirement, tests)),
    '## Not yet',
    '',
    ...open.map(({ id, title }) => `- ${id} ${title}: not yet`),
    '',
  ].join('\n')
}

function section({ id, title }: Requirement, tests: NamedTest[]): string[] {
  const mine = tests.filter((test) => test.ids.includes(id))
  const places = [...new Set(mine.map(({ file }) => placeOf(file)))].sort()
  const files = [...new Set(mine.map(({ file }) => file))].sort()
  return [
    `## ${id} ${title}`,
    '',
    `Lives in: ${places.map((place) => `\`${place}\``).join(', ')}`,
    '',
    ...files.flatMap((file) => [
      `- [${file}](../${file})`,
      ...[...new Set(mine.filter((test) => test.file === file).map(({ name }) => `  - ${escapeMarkdown(name)}`))],
    ]),
    '',
  ]
}

/** The part of the program that a test is about, from where the test lies. */
function placeOf(file: string): string {
  const parts = file.split('/')
  if (parts[0] === 'tests') return 'end to end'
  if (parts[0] === 'scripts')
    return parts
      .slice(0, 2)
      .join('/')
      .replace(/\.test\.ts$/, '')
  const depth = parts[3] === 'modules' || parts[3] === 'adapters' ? 5 : parts[1] === 'server' ? 4 : 2
  return parts.slice(0, Math.min(depth, parts.length - 1)).join('/')
}

function readRequirements(root: string): Requirement[] {
  const lines = readFileSync(join(root, 'docs', 'requirements.tsv'), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => {
    const [id, title] = line.split('\t') as [string, string]
    return { id, title }
  })
}

function findTests(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : findTests(join(folder, entry.name))
    return entry.name.endsWith('.test.ts') || entry.name.endsWith('.test.tsx') ? [join(folder, entry.name)] : []
  })
}

function readTests(root: string, path: string): NamedTest[] {
  const file = relative(root, path).split(sep).join('/')
  return [...readFileSync(path, 'utf8').matchAll(TEST_NAME)].map((match) => {
    const text = match[2]!.replace(/\\(.)/g, '$1').replace(/\s+/g, ' ')
    const ids = IDS.exec(text)![1]!
    return { ids: ids.split(/[ ,]+/).filter(Boolean), name: text.slice(ids.length), file }
  })
}

const escapeMarkdown = (text: string): string => text.replace(/[*_<>[\]|$]/g, '\\$&')

if (import.meta.main) {
  writeFileSync(PAGE, capabilitiesPage())
  console.log(`docs/capabilities.md is up to date`)
}
