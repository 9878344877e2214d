import type { DraftLayout } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { lockInOrder } from '../../kernel/locks.ts'
import type { PagesDeps } from './deps.ts'
import { mostPages } from './settings.ts'
import {
  countPages,
  deletePage,
  findVersion,
  insertPage,
  insertVersion,
  lockPage,
  type PageRow,
  showingsOf,
  updatePage,
} from './store.ts'

export interface PageBy {
  shopId: string
  actor: Actor
  ip: string
  requestId: string
}

export interface PageContent {
  title: string
  description: string
  layout: DraftLayout
}

/** Begins a page; it is shown to nobody. Answers its id. @throws AppError DUPLICATE, LIMIT_REACHED */
export async function createPage(
  tx: Tx,
  deps: PagesDeps,
  by: PageBy,
  input: PageContent & { slug: string },
): Promise<string> {
  // counting and adding are one step
  await lockInOrder(tx, [`pages:${by.shopId}`])
  const limit = await deps.settings.get(mostPages, { shopId: by.shopId }, tx)
  if ((await countPages(tx, by.shopId)) >= limit)
    throw new AppError('LIMIT_REACHED', { values: { what: '页面', limit } })
  const at = deps.clock.instant()
  const page: PageRow = {
    id: newId(),
    ...input,
    revision: 1,
    sameAs: null,
    lastVersion: 0,
    draftAt: at,
    draftBy: by.actor,
    createdAt: at,
  }
  if (!(await insertPage(tx, by.shopId, page)))
    throw new AppError('DUPLICATE', { values: { what: '页面地址', value: input.slug }, field: 'slug' })
  await note(tx, deps, by, page, 'pages.create', `新建页面「${page.title}」（${page.slug}）`)
  return page.id
}

/**
 * Keeps a draft. An editor who has not seen the latest draft is told whose it is; who insists has theirs kept as a
 * version first, so that neither is lost. Saving what is there already changes nothing. @throws AppError NOT_FOUND, CONFLICT
 */
export async function saveDraft(
  tx: Tx,
  deps: PagesDeps,
  by: PageBy,
  pageId: string,
  input: PageContent & { revision: number; keepTheirsAside: boolean },
): Promise<void> {
  const page = await requireLocked(tx, by.shopId, pageId)
  if (page.revision !== input.revision && !input.keepTheirsAside) throw moved(page)
  let { lastVersion } = page
  if (page.revision !== input.revision && page.sameAs === null) lastVersion = await keepAside(tx, by, page)
  await updatePage(tx, by.shopId, {
    ...page,
    title: input.title,
    description: input.description,
    layout: input.layout,
    revision: page.revision + 1,
    sameAs: null,
    lastVersion,
    draftAt: deps.clock.instant(),
    draftBy: by.actor,
  })
}

/** Makes a version the draft; a draft that is no version yet becomes one. @throws AppError NOT_FOUND, CONFLICT */
export async function restoreVersion(
  tx: Tx,
  deps: PagesDeps,
  by: PageBy,
  pageId: string,
  input: { number: number; revision: number },
): Promise<void> {
  const page = await requireLocked(tx, by.shopId, pageId)
  const version = await findVersion(tx, by.shopId, pageId, input.number)
  if (!version) throw new AppError('NOT_FOUND', { values: { what: `版本 ${input.number}` } })
  if (page.revision !== input.revision) throw moved(page)
  const lastVersion = page.sameAs === null ? await keepAside(tx, by, page) : page.lastVersion
  const next: PageRow = {
    ...page,
    title: version.title,
    description: version.description,
    layout: version.layout,
    revision: page.revision + 1,
    sameAs: version.number,
    lastVersion,
    draftAt: deps.clock.instant(),
    draftBy: by.actor,
  }
  await updatePage(tx, by.shopId, next)
  await note(tx, deps, by, next, 'pages.restore', `页面「${next.title}」的草稿恢复为版本 ${version.number}`)
}

/** Deletes a page that nobody sees nor will see. @throws AppError NOT_FOUND, PAGE_IN_USE */
export async function removePage(tx: Tx, deps: PagesDeps, by: PageBy, pageId: string): Promise<void> {
  const page = await requireLocked(tx, by.shopId, pageId)
  const { current, upcoming } = (await showingsOf(tx, by.shopId, [pageId], deps.clock.instant())).get(pageId)!
  if ((current && current.versionNumber !== null) || upcoming.length > 0)
    throw new AppError('PAGE_IN_USE', { values: { title: page.title } })
  await deletePage(tx, by.shopId, pageId)
  await note(tx, deps, by, page, 'pages.delete', `删除页面「${page.title}」（${page.slug}）`, page)
}

/** The draft as a version of its own. Answers the page's last version then. */
async function keepAside(tx: Tx, by: PageBy, page: PageRow): Promise<number> {
  const number = page.lastVersion + 1
  const { title, description, layout, draftAt: createdAt, draftBy: createdBy } = page
  const version = { number, kind: 'kept', title, description, layout, note: '', createdAt, createdBy } as const
  await insertVersion(tx, by.shopId, page.id, version)
  return number
}

/** @throws AppError NOT_FOUND */
export async function requireLocked(tx: Tx, shopId: string, pageId: string): Promise<PageRow> {
  const page = await lockPage(tx, shopId, pageId)
  if (!page) throw new AppError('NOT_FOUND', { values: { what: '页面' } })
  return page
}

/** Somebody else has changed the page: who, when, and to which revision. */
export const moved = (page: PageRow): AppError =>
  new AppError('CONFLICT', {
    values: { what: `页面「${page.title}」` },
    data: { revision: page.revision, by: page.draftBy.name ?? '', at: page.draftAt },
  })

export async function note(
  tx: Tx,
  deps: PagesDeps,
  by: PageBy,
  page: Pick<PageRow, 'id'>,
  action: string,
  summary: string,
  before?: unknown,
): Promise<void> {
  await audit(tx, deps.clock, { ...by, action, entity: 'page', entityId: page.id, summary, before })
}
