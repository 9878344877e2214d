import type { Actor } from './actor.ts'
import type { Clock, Instant } from './clock.ts'
import { type Db, sql, type Tx } from './db.ts'
import { AppError } from './errors.ts'
import { PLATFORM_SHOP_ID } from './ids.ts'
import { createListener, type Listener } from './listener.ts'
import { SettingsCache, type StoredSetting } from './settings-cache.ts'
import {
  checkedSettingValue,
  definedSettings,
  type Setting,
  type SettingScopeKind,
  settingJsonSchema,
} from './settings-registry.ts'

export {
  definedSettings,
  defineSetting,
  type Setting,
  type SettingScopeKind,
  settingNamed,
  type Wording,
} from './settings-registry.ts'

/** Nothing: the platform. A shop. A campaign of a shop. */
export interface SettingScope {
  shopId?: string
  campaignId?: string
}

/** One setting as a settings screen shows it for a scope. */
export interface SettingView {
  setting: Setting
  /** The value in force in this scope. */
  value: unknown
  /** Where that value comes from. */
  source: 'default' | SettingScopeKind
  /** Of the value set in this very scope; 0 when it never was. Pass it back to `set`. */
  version: number
  updatedAt: Instant | null
  updatedBy: Actor | null
  jsonSchema: Record<string, unknown>
}

export interface SettingChange {
  version: number
  /** `null` stands for "not set here". */
  oldValue: unknown
  newValue: unknown
  changedAt: Instant
  changedBy: Actor
}

export interface Settings {
  /**
   * The value in force: of the campaign, else of the shop, else of the platform, else the default.
   * Answered from this process's cache. Inside a transaction pass it, so that a miss does not wait for
   * a second connection and what the transaction itself has set is seen.
   */
  get<T>(setting: Setting<T>, scope?: SettingScope, tx?: Tx): Promise<T>
  /**
   * Sets a value. With `version` only if the scope's value still has that version.
   * Answers the new version. @throws AppError SETTING_INVALID, CONFLICT
   */
  set<T>(
    tx: Tx,
    setting: Setting<T>,
    scope: SettingScope,
    value: unknown,
    actor: Actor,
    version?: number,
  ): Promise<number>
  /** Takes the scope's own value away. @throws AppError CONFLICT */
  reset(tx: Tx, setting: Setting, scope: SettingScope, actor: Actor, version?: number): Promise<number>
  /** All settings that can be set in this scope, with what is in force there. */
  list(tx: Tx, scope: SettingScope): Promise<SettingView[]>
  /** The changes of one setting in one scope, newest first. */
  history(tx: Tx, setting: Setting, scope: SettingScope, limit?: number): Promise<SettingChange[]>
  close(): Promise<void>
}

export const SETTINGS_CHANNEL = 'zhanggui_settings'

/**
 * The settings of this database. Pass the process's listener; without one a connection of its own listens for
 * changes that other processes make.
 */
export function createSettings(db: Db, clock: Clock, listener?: Listener): Settings {
  const ownListener = listener === undefined ? createListener(db) : undefined
  return new DatabaseSettings(db, clock, listener ?? ownListener!, ownListener)
}

interface Place {
  kind: SettingScopeKind
  shopId: string
  scopeId: string
}

class DatabaseSettings implements Settings {
  readonly #clock: Clock
  readonly #cache: SettingsCache
  readonly #ownListener: Listener | undefined
  readonly #changedBy = new WeakSet<Tx>()

  constructor(db: Db, clock: Clock, listener: Listener, ownListener: Listener | undefined) {
    this.#clock = clock
    this.#cache = new SettingsCache(db, listener, SETTINGS_CHANNEL)
    this.#ownListener = ownListener
  }

  async get<T>(setting: Setting<T>, scope: SettingScope = {}, tx?: Tx): Promise<T> {
    const places = placesOf(scope)
    const ownChanges = tx !== undefined && this.#changedBy.has(tx)
    for (const place of places.reverse()) {
      if (!setting.scopes.includes(place.kind)) continue
      const values = ownChanges ? await this.#cache.read(tx, place.shopId) : await this.#cache.get(place.shopId, tx)
      const stored = values.get(keyOf(place.scopeId, setting.name))
      // A value that an older release allowed and this one does not falls back to the next scope.
      if (stored === undefined || stored.value === null) continue
      const parsed = setting.schema.safeParse(stored.value)
      if (parsed.success) return parsed.data
    }
    return setting.default
  }

  async set<T>(
    tx: Tx,
    setting: Setting<T>,
    scope: SettingScope,
    value: unknown,
    actor: Actor,
    version?: number,
  ): Promise<number> {
    const checked = checkedSettingValue(setting, value)
    return this.#write(tx, setting as Setting, scope, JSON.stringify(checked), actor, version)
  }

  async reset(tx: Tx, setting: Setting, scope: SettingScope, actor: Actor, version?: number): Promise<number> {
    return this.#write(tx, setting, scope, null, actor, version)
  }

  async list(tx: Tx, scope: SettingScope): Promise<SettingView[]> {
    const places = placesOf(scope)
    const here = places.at(-1)!
    const stored = new Map<string, StoredSetting>()
    for (const shopId of new Set(places.map((place) => place.shopId)))
      for (const [key, value] of await this.#cache.read(tx, shopId)) stored.set(key, value)
    return definedSettings()
      .filter((setting) => setting.scopes.includes(here.kind))
      .map((setting) => {
        const own = stored.get(keyOf(here.scopeId, setting.name))
        const source = places.findLast((place) => {
          const value = stored.get(keyOf(place.scopeId, setting.name))?.value ?? null
          return value !== null && setting.scopes.includes(place.kind) && setting.schema.safeParse(value).success
        })
        return {
          setting,
          value: source ? stored.get(keyOf(source.scopeId, setting.name))!.value : setting.default,
          source: source?.kind ?? 'default',
          version: own?.version ?? 0,
          updatedAt: own?.updatedAt ?? null,
          updatedBy: own?.updatedBy ?? null,
          jsonSchema: settingJsonSchema(setting),
        }
      })
  }

  async history(tx: Tx, setting: Setting, scope: SettingScope, limit = 100): Promise<SettingChange[]> {
    const { shopId, scopeId } = placesOf(scope).at(-1)!
    return tx.rows<SettingChange>(sql`
      select version, old_value, new_value, changed_at, changed_by from settings_history
      where shop_id = ${shopId} and scope_id = ${scopeId} and name = ${setting.name}
      order by version desc limit ${limit}`)
  }

  async close(): Promise<void> {
    await this.#cache.close()
    await this.#ownListener?.close()
  }

  async #write(
    tx: Tx,
    setting: Setting,
    scope: SettingScope,
    value: string | null,
    actor: Actor,
    version: number | undefined,
  ): Promise<number> {
    const { kind, shopId, scopeId } = placesOf(scope).at(-1)!
    if (!setting.scopes.includes(kind)) {
      const reason = `不能在「${kind}」范围设置`
      throw new AppError('SETTING_INVALID', { values: { title: setting.title.zh, reason } })
    }
    const current = await tx.maybe<{ value: unknown; version: number }>(sql`
      select value, version from settings
      where shop_id = ${shopId} and scope_id = ${scopeId} and name = ${setting.name} for update`)
    const before = current?.version ?? 0
    const at = this.#clock.instant()
    const by = JSON.stringify(actor)
    const conflict = () => new AppError('CONFLICT', { values: { what: setting.title.zh }, data: { version: before } })
    if (version !== undefined && version !== before) throw conflict()
    const changed = await tx.exec(sql`
      insert into settings (shop_id, scope_id, name, value, version, updated_at, updated_by)
      values (${shopId}, ${scopeId}, ${setting.name}, ${value}, 1, ${at}, ${by})
      on conflict (shop_id, scope_id, name) do update set
        value = excluded.value, version = settings.version + 1, updated_at = excluded.updated_at,
        updated_by = excluded.updated_by
      where settings.version = ${before}`)
    if (changed !== 1) throw conflict()
    const old = current === undefined || current.value === null ? null : JSON.stringify(current.value)
    await tx.exec(sql`
      insert into settings_history (shop_id, scope_id, name, version, old_value, new_value, changed_at, changed_by)
      values (${shopId}, ${scopeId}, ${setting.name}, ${before + 1}, ${old}, ${value}, ${at}, ${by})`)
    await tx.rows(sql`select pg_notify(${SETTINGS_CHANNEL}, ${shopId})`)
    this.#changedBy.add(tx)
    tx.afterCommit(() => this.#cache.forget(shopId))
    return before + 1
  }
}

/** From the widest scope to the narrowest. */
function placesOf({ shopId, campaignId }: SettingScope): Place[] {
  const places: Place[] = [{ kind: 'platform', shopId: PLATFORM_SHOP_ID, scopeId: PLATFORM_SHOP_ID }]
  if (shopId !== undefined) places.push({ kind: 'shop', shopId, scopeId: shopId })
  if (campaignId !== undefined) {
    if (shopId === undefined) throw new TypeError('A campaign belongs to a shop')
    places.push({ kind: 'campaign', shopId, scopeId: campaignId })
  }
  return places
}

const keyOf = (scopeId: string, name: string): string => `${scopeId}/${name}`
