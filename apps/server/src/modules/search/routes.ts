import type { SearchSettings } from '@zhanggui/contract'
import { z } from 'zod'
import { audit } from '../../kernel/audit.ts'
import { AppError } from '../../kernel/errors.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import type { Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import { normalize } from '../catalog/index.ts'
import { viewerOf } from '../prices/index.ts'
import type { SearchDeps } from './deps.ts'
import type { QueryLog } from './log.ts'
import { hotDays } from './settings.ts'
import { loadSettings, queriesSince, saveSettings } from './store.ts'
import { dayBefore, suggest } from './suggest.ts'

const Position = z.tuple([z.number().int(), z.string().max(60)])

export function searchHandlers(deps: SearchDeps, log: QueryLog): Handlers {
  return {
    'store.search': async ({ params: { shopId }, query, caller }) => {
      const { attributes, inStock, ...plain } = query
      const input = { ...plain, attributes: attributesOf(attributes ?? []), inStock: inStock === 'true' }
      const answer = await deps.db.read({ shopId }, async (tx) => {
        const { page, match, categoryIds } = await deps.catalog.searchOnSale(tx, shopId, input, viewerOf(caller))
        const chosen = query.tagValues?.split(',') ?? []
        const facets = query.cursor ? null : await deps.catalog.facetsOf(tx, shopId, match, categoryIds, chosen)
        const isRanked = match?.kind === 'ranked'
        return {
          ...page,
          corrected: isRanked ? match.corrected : null,
          isLoose: isRanked && match.isLoose,
          facets,
        }
      })
      if (query.q && !query.cursor && isFirstLook(query))
        log.record(
          shopId,
          dayBefore(deps.clock, 0),
          normalize(query.q),
          (answer.facets?.products ?? 0) > 0 && !answer.isLoose,
        )
      return answer
    },
    'store.searchSuggestions': async ({ params: { shopId }, query }) => ({
      items: await deps.db.read({ shopId }, (tx) => suggest(tx, deps, shopId, query.q)),
    }),
    'store.findShops': async ({ query }) => ({
      items: (await deps.db.read('system', (tx) => deps.parties.findShops(tx, query.q))).map(
        ({ id, slug, name, logoUrl }) => ({ id, slug, name, logoUrl }),
      ),
    }),
    'console.searchSettings': ({ params: { shopId } }) => deps.db.read({ shopId }, (tx) => loadSettings(tx, shopId)),
    'console.saveSearchSettings': async ({ params: { shopId }, body, caller, ip, requestId }) => {
      const settings = normalized(body)
      const staff = staffOf(caller)
      await deps.db.tx({ shopId }, async (tx) => {
        const before = await loadSettings(tx, shopId)
        await saveSettings(tx, shopId, settings, deps.clock.instant())
        await audit(tx, deps.clock, {
          shopId,
          actor: { kind: 'staff', id: staff.staffId, name: staff.name },
          ip,
          requestId,
          action: 'search.save-settings',
          entity: 'search-settings',
          entityId: shopId,
          summary: `修改搜索设置：${settings.synonyms.length} 组同义词，${settings.pinned.length} 个置顶热词`,
          before,
          after: settings,
        })
      })
      return { ok: true }
    },
    'console.rebuildSearchIndex': async ({ params: { shopId }, caller, ip, requestId }) => {
      const staff = staffOf(caller)
      await deps.db.tx({ shopId }, async (tx) => {
        await deps.catalog.rebuildSearch(tx, shopId)
        await audit(tx, deps.clock, {
          shopId,
          actor: { kind: 'staff', id: staff.staffId, name: staff.name },
          ip,
          requestId,
          action: 'search.rebuild',
          entity: 'search-settings',
          entityId: shopId,
          summary: '重建搜索索引',
          before: null,
          after: null,
        })
      })
      return { ok: true }
    },
    'console.searchQueries': async ({ params: { shopId }, query }) => {
      const withoutResult = query.withoutResult === 'true'
      const after = decodeCursor(query.cursor, Position)
      const rows = await deps.db.read({ shopId }, async (tx) =>
        queriesSince(tx, shopId, {
          since: dayBefore(deps.clock, await deps.settings.get(hotDays, { shopId }, tx)),
          withoutResult,
          after,
          limit: query.limit + 1,
        }),
      )
      return keysetPage(rows, query.limit, (row) => [withoutResult ? row.withoutResult : row.searches, row.query])
    },
  }
}

/** A search is counted when its words are asked for, not again with every filter or order that is tried. */
const isFirstLook = (query: Record<string, unknown>): boolean =>
  query.sort === 'default' &&
  ['categoryId', 'brands', 'tags', 'tagValues', 'attributes', 'minPriceFen', 'maxPriceFen', 'inStock'].every(
    (name) => query[name] === undefined,
  )

/** `name:value` lines as what must hold together: values of one name are alternatives. */
function attributesOf(lines: readonly string[]): { name: string; values: string[] }[] {
  const byName = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) throw new AppError('VALIDATION_FAILED', { values: { field: 'attributes' }, field: 'attributes' })
    const name = line.slice(0, colon)
    byName.set(name, [...(byName.get(name) ?? []), line.slice(colon + 1)])
  }
  return [...byName].map(([name, values]) => ({ name, values }))
}

/** As words are compared; a set that says one word twice has it once, and one of a single word is none. */
function normalized(settings: SearchSettings): SearchSettings {
  const once = (words: readonly string[]) => [...new Set(words.map((word) => normalize(word)))]
  return {
    synonyms: settings.synonyms.map(once).filter((set) => set.length > 1),
    pinned: once(settings.pinned),
    blocked: once(settings.blocked),
  }
}
