/** The field that a setting is edited with. */
export type SettingField =
  | { kind: 'boolean' }
  | { kind: 'money'; min?: number; max?: number }
  /** Kept in hundredths of what is shown: basis points as per cent, turns a month with two decimals. */
  | { kind: 'hundredths'; min?: number; max?: number }
  | { kind: 'number'; integer: boolean; min?: number; max?: number }
  | { kind: 'enum'; options: string[] }
  /** Id of a stored picture; empty for none. */
  | { kind: 'picture' }
  | { kind: 'text'; maxLength?: number; multiline: boolean }
  | { kind: 'list'; maxItems?: number; options?: string[] }
  | { kind: 'json' }

const MULTILINE_FROM = 120
/** zod writes the bounds of safe integers into every schema of an integer; they bound nothing for people. */
const SAFE = Number.MAX_SAFE_INTEGER

/** Chooses the field for a setting's JSON Schema and unit; what has no simpler field is edited as JSON. */
export function settingField(schema: Record<string, unknown>, unit: string | null): SettingField {
  const options = texts(schema.enum)
  if (options) return { kind: 'enum', options }
  switch (schema.type) {
    case 'boolean':
      return { kind: 'boolean' }
    case 'integer':
    case 'number':
      return numberField(schema, unit)
    case 'string':
      if (schema.format === 'picture') return { kind: 'picture' }
      return {
        kind: 'text',
        ...optional('maxLength', size(schema.maxLength)),
        multiline: (size(schema.maxLength) ?? 0) > MULTILINE_FROM,
      }
    case 'array':
      return listField(schema)
    default:
      return { kind: 'json' }
  }
}

function numberField(schema: Record<string, unknown>, unit: string | null): SettingField {
  const bounds = {
    ...optional('min', bound(schema.minimum) ?? bound(schema.exclusiveMinimum)),
    ...optional('max', bound(schema.maximum) ?? bound(schema.exclusiveMaximum)),
  }
  if (unit === 'fen') return { kind: 'money', ...bounds }
  if (unit === 'bp' || unit?.startsWith('centi-')) return { kind: 'hundredths', ...bounds }
  return { kind: 'number', integer: schema.type === 'integer', ...bounds }
}

function listField(schema: Record<string, unknown>): SettingField {
  const items = schema.items as Record<string, unknown> | undefined
  if (items?.type !== 'string') return { kind: 'json' }
  return { kind: 'list', ...optional('maxItems', size(schema.maxItems)), ...optional('options', texts(items.enum)) }
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string') ? value : undefined
}

const size = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const bound = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) < SAFE ? value : undefined
const optional = <K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [P in K]?: V })

/** Hundredths as people write them: 1250 → 12.5. */
export const shownOfHundredths = (kept: number): number => kept / 100
/** What people write as the program keeps it: 12.5 → 1250. */
export const hundredthsOfShown = (shown: number): number => Math.round(shown * 100)
