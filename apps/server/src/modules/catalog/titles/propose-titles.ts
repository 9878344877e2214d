import type { TitleProposal } from '@zhanggui/contract'
import type { CatalogDeps } from '../deps.ts'
import { categoryPath } from '../rules.ts'
import { titleRules, titleSearchDays } from '../settings-content.ts'
import { loadTree } from '../store-categories.ts'
import { tagNames } from '../tags/store-tags.ts'
import { proposeTitles } from './propose.ts'

const MAX_QUERIES = 500

export interface TitleWish {
  title: string
  brand: string
  coreKeyword: string
  categoryId: string | null
  attributes: { name: string; value: string }[]
  tags: string[]
  tagValueIds: string[]
  offer: string
}

/** Titles for a product as it stands in the editor, stored or not, from what the shop's buyers search for. */
export async function proposedTitles(
  deps: Pick<CatalogDeps, 'db' | 'settings' | 'topQueries'>,
  shopId: string,
  wish: TitleWish,
): Promise<{ items: TitleProposal[]; searchDays: number; queriesKnown: number }> {
  return deps.db.read({ shopId }, async (tx) => {
    const tree = await loadTree(tx, shopId)
    const searchDays = await deps.settings.get(titleSearchDays, { shopId }, tx)
    const queries = await deps.topQueries(tx, shopId, { days: searchDays, limit: MAX_QUERIES })
    const material = {
      ...wish,
      categoryPath: categoryPath(tree, wish.categoryId),
      scenes: await tagNames(tx, shopId, wish.tagValueIds),
      queries,
    }
    const items = proposeTitles(material, await titleRules(deps.settings, shopId, tx))
    return { items, searchDays, queriesKnown: queries.length }
  })
}
