import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { staffOf } from '../../kernel/http/caller.ts'
import type { Call, Handlers } from '../../kernel/http/mount.ts'
import { decodeCursor, keysetPage } from '../../kernel/page.ts'
import type { PagesDeps } from './deps.ts'
import { previewAddress } from './preview.ts'
import { cancelShowing, publishPage, takeDown } from './publish.ts'
import { pageDetail, pageRows, requirePage, versionView } from './read-pages.ts'
import { createPage, type PageBy, removePage, restoreVersion, saveDraft } from './save-draft.ts'
import { findVersion, listPages, listVersions, showingsOf } from './store.ts'

const Cursor = z.object({ createdAt: z.iso.datetime(), id: z.uuid() })

export function pageHandlers(deps: PagesDeps): Handlers {
  const { db } = deps
  /** Changes a page and answers what it has become. */
  const change = (
    call: Parameters<typeof pageBy>[0] & { params: { pageId: string } },
    work: (tx: Tx, by: PageBy) => Promise<void>,
  ) => {
    const { shopId, pageId } = call.params
    return db.tx({ shopId }, async (tx) => {
      await work(tx, pageBy(call))
      return pageDetail(tx, deps, shopId, pageId)
    })
  }
  return {
    ...readHandlers(deps),

    'console.createPage': (call) =>
      db.tx({ shopId: call.params.shopId }, async (tx) => {
        const pageId = await createPage(tx, deps, pageBy(call), call.body)
        return pageDetail(tx, deps, call.params.shopId, pageId)
      }),

    'console.savePageDraft': (call) => change(call, (tx, by) => saveDraft(tx, deps, by, call.params.pageId, call.body)),
    'console.publishPage': (call) => change(call, (tx, by) => publishPage(tx, deps, by, call.params.pageId, call.body)),
    'console.takeDownPage': (call) =>
      change(call, (tx, by) => takeDown(tx, deps, by, call.params.pageId, call.body.revision)),
    'console.cancelPageShowing': (call) =>
      change(call, (tx, by) => cancelShowing(tx, deps, by, call.params.pageId, call.params.showingId)),
    'console.restorePageVersion': (call) =>
      change(call, (tx, by) => {
        const { pageId, number } = call.params
        return restoreVersion(tx, deps, by, pageId, { number, revision: call.body.revision })
      }),

    'console.deletePage': async (call) => {
      const { shopId, pageId } = call.params
      await db.tx({ shopId }, (tx) => removePage(tx, deps, pageBy(call), pageId))
      return { ok: true }
    },
  }
}

function readHandlers(deps: PagesDeps): Handlers {
  const { db } = deps
  return {
    'console.pages': ({ params: { shopId }, query: { cursor, limit, q } }) =>
      db.read({ shopId }, async (tx) => {
        const before = decodeCursor(cursor, Cursor)
        const rows = await listPages(tx, { shopId, q, before, limit: limit + 1 })
        const page = keysetPage(rows, limit, ({ createdAt, id }) => ({ createdAt, id }))
        return { ...page, items: await pageRows(tx, deps, shopId, page.items) }
      }),

    'console.page': ({ params: { shopId, pageId } }) =>
      db.read({ shopId }, (tx) => pageDetail(tx, deps, shopId, pageId)),

    'console.pageVersions': ({ params: { shopId, pageId }, query: { cursor, limit } }) =>
      db.read({ shopId }, async (tx) => {
        await requirePage(tx, shopId, pageId)
        const before = decodeCursor(cursor, z.int().positive())
        const rows = await listVersions(tx, shopId, pageId, before, limit + 1)
        const page = keysetPage(rows, limit, ({ number }) => number)
        const shown = await shownNumber(tx, deps, shopId, pageId)
        return { ...page, items: page.items.map((row) => versionView(row, shown)) }
      }),

    'console.pageVersion': ({ params: { shopId, pageId, number } }) =>
      db.read({ shopId }, async (tx) => {
        await requirePage(tx, shopId, pageId)
        const found = await findVersion(tx, shopId, pageId, number)
        if (!found) throw new AppError('NOT_FOUND', { values: { what: `版本 ${number}` } })
        const { description, layout } = found
        return { ...versionView(found, await shownNumber(tx, deps, shopId, pageId)), description, layout }
      }),

    'console.previewPage': ({ params: { shopId, pageId }, body: { versionNumber } }) =>
      db.read({ shopId }, async (tx) => {
        const page = await requirePage(tx, shopId, pageId)
        if (versionNumber !== null && !(await findVersion(tx, shopId, pageId, versionNumber)))
          throw new AppError('NOT_FOUND', { values: { what: `版本 ${versionNumber}` } })
        return previewAddress(tx, deps, shopId, page, versionNumber)
      }),
  }
}

async function shownNumber(tx: Tx, deps: PagesDeps, shopId: string, pageId: string) {
  return (await showingsOf(tx, shopId, [pageId], deps.clock.instant())).get(pageId)!.current?.versionNumber
}

function pageBy(call: Pick<Call, 'caller' | 'ip' | 'requestId'> & { params: { shopId: string } }): PageBy {
  const { staffId, name } = staffOf(call.caller)
  const { ip, requestId } = call
  return { shopId: call.params.shopId, actor: { kind: 'staff', id: staffId, name }, ip, requestId }
}
