import type { DesignedPage, DesignedPageRow, PageShowing, PageVersionRow } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { PagesDeps } from './deps.ts'
import { namedIn } from './named.ts'
import { pageUrl } from './preview.ts'
import { problemsOf } from './problems.ts'
import { findPage, type PageRow, type ShowingRow, showingsOf, type VersionRow } from './store.ts'

/** @throws AppError NOT_FOUND */
export async function requirePage(tx: Tx, shopId: string, pageId: string): Promise<PageRow> {
  const page = await findPage(tx, shopId, pageId)
  if (!page) throw new AppError('NOT_FOUND', { values: { what: '页面' } })
  return page
}

/** Pages as lists show them. */
export async function pageRows(
  tx: Tx,
  deps: PagesDeps,
  shopId: string,
  pages: readonly PageRow[],
): Promise<DesignedPageRow[]> {
  const at = deps.clock.instant()
  const { slug: shopSlug } = await deps.parties.requireShop(tx, shopId)
  const showings = await showingsOf(
    tx,
    shopId,
    pages.map(({ id }) => id),
    at,
  )
  return pages.map((page) => {
    const { current, upcoming } = showings.get(page.id)!
    const { id, slug, title, description, revision, draftAt, createdAt } = page
    return {
      ...{ id, slug, title, description, revision, draftAt, createdAt },
      url: pageUrl(deps, shopSlug, slug),
      draftBy: page.draftBy.name ?? '',
      hasChanges: page.sameAs === null || page.sameAs !== (current?.versionNumber ?? null),
      shown: current && current.versionNumber !== null ? showingView(current, at) : null,
      next: upcoming[0] ? showingView(upcoming[0], at) : null,
    }
  })
}

/** A page as its editor sees it. @throws AppError NOT_FOUND */
export async function pageDetail(tx: Tx, deps: PagesDeps, shopId: string, pageId: string): Promise<DesignedPage> {
  const page = await requirePage(tx, shopId, pageId)
  const at = deps.clock.instant()
  const [row] = await pageRows(tx, deps, shopId, [page])
  const { running, upcoming } = (await showingsOf(tx, shopId, [pageId], at)).get(pageId)!
  const named = namedIn(page.layout)
  const pictures = await deps.files.pictures(tx, shopId, named.pictures)
  return {
    ...row!,
    layout: page.layout,
    pictures: [...pictures.values()],
    products: await deps.catalog.cardsOf(tx, shopId, named.products),
    problems: await problemsOf(tx, deps, shopId, page.layout),
    showings: [...running.filter((each) => each.versionNumber !== null), ...upcoming].map((each) =>
      showingView(each, at),
    ),
  }
}

export const versionView = (version: VersionRow, shown: number | null | undefined): PageVersionRow => ({
  number: version.number,
  kind: version.kind,
  title: version.title,
  note: version.note,
  createdBy: version.createdBy.name ?? '',
  createdAt: version.createdAt,
  isShown: version.number === shown,
})

const showingView = (showing: ShowingRow, at: string): PageShowing => ({
  id: showing.id,
  versionNumber: showing.versionNumber,
  startsAt: showing.startsAt,
  endsAt: showing.endsAt,
  state: showing.startsAt <= at ? 'running' : 'upcoming',
  createdBy: showing.createdBy.name ?? '',
})
