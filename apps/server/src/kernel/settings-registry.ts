import { z } from 'zod'
import { AppError } from './errors.ts'

export type SettingScopeKind = 'platform' | 'shop' | 'campaign'

/** A text in both languages of the program. */
export interface Wording {
  zh: string
  en: string
}

/** A rule of the program that people may change. */
export interface Setting<T = unknown> {
  /** `<module>.<what>`, e.g. `orders.unpaid-timeout`. */
  readonly name: string
  readonly schema: z.ZodType<T>
  readonly default: T
  /** What a number counts, e.g. `minutes`, `fen`, `bp`. */
  readonly unit: string | null
  readonly title: Wording
  readonly help: Wording
  /** Where it may be set. */
  readonly scopes: readonly SettingScopeKind[]
  /** The heading it stands under on the settings screen. */
  readonly group: string
  /** A rule of the checks themselves, or of money: who changes it proves who they are first. */
  readonly guarded: boolean
}

const SETTING_NAME = /^[a-z][a-z0-9-]{0,40}\.[a-z][a-z0-9-]{0,40}$/
const registry = new Map<string, Setting>()
const localeZh = z.locales.zhCN().localeError

/** Declares a setting. Throws a TypeError when its name is taken or malformed or its default is not valid. */
export function defineSetting<S extends z.ZodType>(definition: {
  name: string
  schema: S
  default: z.output<S>
  unit?: string
  title: Wording
  help: Wording
  scopes: readonly SettingScopeKind[]
  group: string
  guarded?: boolean
}): Setting<z.output<S>> {
  if (!SETTING_NAME.test(definition.name)) throw new TypeError(`Not a setting's name: ${definition.name}`)
  if (registry.has(definition.name)) throw new TypeError(`Setting defined twice: ${definition.name}`)
  const fits = definition.schema.safeParse(definition.default)
  if (!fits.success) throw new TypeError(`The default of ${definition.name} is not valid: ${fits.error.message}`)
  const setting = Object.freeze({
    ...definition,
    unit: definition.unit ?? null,
    guarded: definition.guarded ?? false,
  }) as unknown as Setting<z.output<S>>
  registry.set(setting.name, setting as Setting)
  return setting
}

/** Every setting that the loaded modules declare, by group and name. */
export function definedSettings(): Setting[] {
  return [...registry.values()].sort((a, b) => (a.group + a.name < b.group + b.name ? -1 : 1))
}

/** The setting of that name; AppError NOT_FOUND when there is none. */
export function settingNamed(name: string): Setting {
  const setting = registry.get(name)
  if (!setting) throw new AppError('NOT_FOUND', { values: { what: `设置 ${name}` } })
  return setting
}

/** JSON Schema of a setting's value: enough for a screen to draw the right field. */
export function settingJsonSchema(setting: Setting): Record<string, unknown> {
  return z.toJSONSchema(setting.schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
}

/** The checked value. @throws AppError SETTING_INVALID */
export function checkedSettingValue<T>(setting: Setting<T>, value: unknown): T {
  const parsed = setting.schema.safeParse(value, { error: localeZh })
  if (parsed.success) return parsed.data
  const reason = parsed.error.issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('；')
  throw new AppError('SETTING_INVALID', { values: { title: setting.title.zh, reason }, field: 'value' })
}
