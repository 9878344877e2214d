import type { SettingView } from '@zhanggui/contract'
import { type AuditEntry, type AuditFilter, audit, listAudit } from '../../kernel/audit.ts'
import type { Clock } from '../../kernel/clock.ts'
import { currentDataScopes } from '../../kernel/data-scope.ts'
import type { Db } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { PLATFORM_SHOP_ID } from '../../kernel/ids.ts'
import {
  type SettingView as KernelView,
  type SettingScope,
  type Settings,
  settingNamed,
} from '../../kernel/settings.ts'

interface Deps {
  db: Db
  clock: Clock
  settings: Settings
}

/** Settings and the audit trail, as the console shows and changes them. */
export function createGovernance(deps: Deps): { handlers: Handlers } {
  const view = async (scope: SettingScope, name: string): Promise<SettingView> => {
    const all = await deps.db.read(rowScope(scope), (tx) => deps.settings.list(tx, scope))
    return toView(all.find((each) => each.setting.name === name)!)
  }
  const list = async (scope: SettingScope) => ({
    items: (await deps.db.read(rowScope(scope), (tx) => deps.settings.list(tx, scope))).map(toView),
  })
  const set = async (
    scope: SettingScope,
    name: string,
    {
      body,
      caller,
      ip,
      requestId,
      stepUp,
    }: Pick<Call<'console.setSetting'>, 'body' | 'caller' | 'ip' | 'requestId' | 'stepUp'>,
  ) => {
    const setting = settingNamed(name)
    if (!setting.scopes.includes(scope.shopId === undefined ? 'platform' : 'shop'))
      throw new AppError('NOT_FOUND', { values: { what: `设置 ${name}` } })
    if (setting.guarded) await stepUp()
    const staff = staffOf(caller)
    const actor = { kind: 'staff', id: staff.staffId, name: staff.name }
    const before = await view(scope, name)
    await deps.db.tx(rowScope(scope), async (tx) => {
      if (body.value === null || body.value === undefined)
        await deps.settings.reset(tx, setting, scope, actor, body.version)
      else await deps.settings.set(tx, setting, scope, body.value, actor, body.version)
      await audit(tx, deps.clock, {
        shopId: scope.shopId ?? PLATFORM_SHOP_ID,
        actor,
        action: 'governance.change-setting',
        entity: 'setting',
        entityId: name,
        summary: `修改设置「${setting.title.zh}」`,
        before: before.value,
        after: body.value ?? null,
        ip,
        requestId,
      })
    })
    return view(scope, name)
  }
  const entries = async (
    shopId: string,
    query: { limit: number; cursor?: string | undefined },
    filter: Omit<AuditFilter, 'shopId'>,
  ) => {
    const found = await deps.db.read({ shopId }, (tx) =>
      listAudit(tx, { shopId, ...filter, ...ownOnly() }, { limit: query.limit, after: query.cursor ?? null }),
    )
    return { ...found, items: found.items.map(toEntry) }
  }
  return {
    handlers: {
      'console.settings': ({ params }) => list({ shopId: params.shopId }),
      'console.setSetting': (call) => set({ shopId: call.params.shopId }, call.params.name, call),
      'console.settingHistory': async ({ params }) => {
        const scope = { shopId: params.shopId }
        const changes = await deps.db.read(rowScope(scope), (tx) =>
          deps.settings.history(tx, settingNamed(params.name), scope, 100),
        )
        return {
          items: changes.map((change) => ({
            at: change.changedAt,
            actorName: change.changedBy.name ?? '系统',
            before: change.oldValue,
            after: change.newValue,
          })),
        }
      },
      'platform.settings': () => list({}),
      'platform.setSetting': (call) => set({}, call.params.name, call),
      'console.audit': ({ params, query }) =>
        entries(params.shopId, query, {
          ...(query.entity ? { entity: query.entity } : {}),
          ...(query.entityId ? { entityId: query.entityId } : {}),
          ...(query.actor ? { actorName: query.actor } : {}),
        }),
      'platform.audit': ({ query }) => entries(PLATFORM_SHOP_ID, query, {}),
    },
  }
}

/** The log tells of the whole shop; who looks after a part of it sees what they did themselves. */
const ownOnly = (): { actorId?: string } => {
  const scopes = currentDataScopes()
  return scopes === null ? {} : { actorId: scopes.staffId }
}

const rowScope = (scope: SettingScope) => (scope.shopId === undefined ? 'system' : { shopId: scope.shopId })

function toView({ setting, value, source, version, updatedAt, updatedBy, jsonSchema }: KernelView): SettingView {
  return {
    name: setting.name,
    group: setting.group,
    title: setting.title.zh,
    titleEn: setting.title.en,
    help: setting.help.zh,
    helpEn: setting.help.en,
    unit: setting.unit,
    schema: jsonSchema,
    value,
    defaultValue: setting.default,
    source,
    version,
    updatedAt,
    updatedBy: updatedBy?.name ?? null,
  }
}

function toEntry(entry: AuditEntry) {
  return {
    id: entry.id,
    at: entry.at,
    actorKind: entry.actorKind as 'staff',
    actorName: entry.actorName ?? '系统',
    action: entry.action,
    entity: entry.entity,
    entityId: entry.entityId,
    summary: entry.summary,
    before: entry.before,
    after: entry.after,
    ip: entry.ip,
  }
}
