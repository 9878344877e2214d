import type { Handlers } from '../../kernel/http/mount.ts'
import { assignRole } from './assign-role.ts'
import { completenessOverview } from './completeness/reckon.ts'
import type { CatalogDeps } from './deps.ts'
import { editBy } from './routes.ts'
import { descendants } from './rules.ts'
import { completenessRules, titleRules, videoMaxSeconds } from './settings-content.ts'
import { loadTree } from './store-categories.ts'
import { changeDimension, createDimension, removeDimension } from './tags/edit-tags.ts'
import { loadDimensions, tagFacets } from './tags/store-tags.ts'
import { proposedTitles } from './titles/propose-titles.ts'

/** Routes of product content: tags, completeness, titles, roles. */
export function contentHandlers(deps: CatalogDeps): Handlers {
  return {
    'store.tagFacets': async ({ params: { shopId }, query: { categoryId } }) => ({
      items: await deps.db.read({ shopId }, async (tx) => {
        if (categoryId === undefined) return tagFacets(tx, shopId, undefined)
        return tagFacets(tx, shopId, [...descendants((await loadTree(tx, shopId)).values(), categoryId)])
      }),
    }),
    'console.contentRules': ({ params: { shopId } }) =>
      deps.db.read({ shopId }, async (tx) => ({
        completeness: await completenessRules(deps.settings, shopId, tx),
        title: await titleRules(deps.settings, shopId, tx),
        videoMaxSeconds: await deps.settings.get(videoMaxSeconds, { shopId }, tx),
      })),
    'console.proposeTitles': ({ params, body }) => proposedTitles(deps, params.shopId, body),
    'console.assignRole': (call) => assignRole(deps, editBy(call), call.body),
    'console.completeness': ({ params: { shopId } }) => completenessOverview(deps, shopId),
    'console.tagDimensions': async ({ params: { shopId } }) => ({
      items: await deps.db.read({ shopId }, (tx) => loadDimensions(tx, shopId)),
    }),
    'console.createTagDimension': (call) => createDimension(deps, editBy(call), call.body),
    'console.updateTagDimension': (call) => changeDimension(deps, editBy(call), call.params.dimensionId, call.body),
    'console.deleteTagDimension': async (call) => {
      await removeDimension(deps, editBy(call), call.params.dimensionId)
      return { ok: true }
    },
  }
}
