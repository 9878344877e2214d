import { newId } from '../../apps/server/src/kernel/ids.ts'
import type { DraftLayout } from '../../packages/contract/src/index.ts'
import type { TestShop } from './app.ts'
import type { Ids } from './matrix.ts'

/** A page of one line of text. */
export const noticeLayout = (text: string, id = 'a'): DraftLayout => ({
  version: 1,
  blocks: [{ id, kind: 'notice', isHidden: false, text, link: null }],
})

/** Bodies that fit the routes of pages. */
export const pageBodies = () => {
  const content = { title: '活动页', layout: noticeLayout('欢迎') }
  return {
    'console.createPage': { ...content, slug: `m-${newId().slice(-12)}` },
    'console.savePageDraft': { ...content, revision: 1 },
    'console.publishPage': { revision: 1 },
    'console.takeDownPage': { revision: 1 },
    'console.restorePageVersion': { revision: 1 },
    'console.previewPage': {},
  }
}

/** A published page, and what names it in addresses. */
export async function pageObjects({ shopId, owner }: TestShop): Promise<Ids> {
  const params = { shopId }
  const body = { slug: 'welcome', title: '欢迎', layout: noticeLayout('欢迎光临') }
  const { id: pageId } = await owner.call('console.createPage', { params, body })
  const published = await owner.call('console.publishPage', { params: { ...params, pageId }, body: { revision: 1 } })
  return { pageId, showingId: published.shown!.id, number: '1' }
}
