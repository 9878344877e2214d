import { checkLayout, compareLayouts, MAX_SHOWINGS } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import type { PagesDeps } from './deps.ts'
import { pagePublished, pageWithdrawn } from './events.ts'
import { missingPictures } from './problems.ts'
import { moved, note, type PageBy, requireLocked } from './save-draft.ts'
import {
  endShowing,
  findVersion,
  insertShowing,
  insertVersion,
  type PageRow,
  type ShowingRow,
  showingsOf,
  updatePage,
} from './store.ts'

export interface PublishInput {
  revision: number
  note: string
  startsAt: string | null
  endsAt: string | null
  endRunning: boolean
}

/**
 * Shows the draft as a new version, now or later, for good or for a time. A version for a time stands before one for
 * good; two of them never hold at once.
 * @throws AppError NOT_FOUND, CONFLICT, VALIDATION_FAILED, PAGE_INCOMPLETE, PAGE_SCHEDULE_TAKEN, LIMIT_REACHED
 */
export async function publishPage(
  tx: Tx,
  deps: PagesDeps,
  by: PageBy,
  pageId: string,
  input: PublishInput,
): Promise<void> {
  const { shopId } = by
  const page = await requireLocked(tx, shopId, pageId)
  if (page.revision !== input.revision) throw moved(page)
  await requireComplete(tx, deps, shopId, page)
  const at = deps.clock.instant()
  const { startsAt, endsAt } = checkedTimes(input, at)
  const { running, upcoming } = (await showingsOf(tx, shopId, [pageId], at)).get(pageId)!
  if (upcoming.length + running.length >= MAX_SHOWINGS)
    throw new AppError('LIMIT_REACHED', { values: { what: '同一页面的排期', limit: MAX_SHOWINGS } })
  const ended = input.endRunning ? running.filter((each) => each.endsAt !== null) : []
  for (const each of ended) await endShowing(tx, shopId, each, at)
  if (endsAt !== null)
    requireFree(
      [...running, ...upcoming].filter((each) => !ended.includes(each)),
      startsAt,
      endsAt,
    )
  const number = await version(tx, shopId, page, input.note, at, by)
  await insertShowing(tx, shopId, {
    id: newId(),
    pageId,
    versionNumber: number,
    startsAt,
    endsAt,
    createdAt: at,
    createdBy: by.actor,
  })
  await emit(tx, pagePublished, {
    ...{ shopId, aggregate: 'page', aggregateId: pageId, occurredAt: at, actor: by.actor },
    payload: { pageId, slug: page.slug, title: page.title, versionNumber: number, startsAt, endsAt },
  })
  const before = running[0]?.versionNumber ? await findVersion(tx, shopId, pageId, running[0].versionNumber) : undefined
  const when =
    startsAt === at && endsAt === null ? '' : `，展示时间 ${startsAt} 起${endsAt === null ? '' : `至 ${endsAt}`}`
  const summary = `发布页面「${page.title}」版本 ${number}${when}：${changeWords(before?.layout, page.layout)}`
  await note(tx, deps, by, page, 'pages.publish', summary)
}

/** Shows the page no longer, from now on until something is published or begins by schedule. */
export async function takeDown(tx: Tx, deps: PagesDeps, by: PageBy, pageId: string, revision: number): Promise<void> {
  const { shopId } = by
  const page = await requireLocked(tx, shopId, pageId)
  if (page.revision !== revision) throw moved(page)
  const at = deps.clock.instant()
  const { current, running } = (await showingsOf(tx, shopId, [pageId], at)).get(pageId)!
  if (!current || current.versionNumber === null) return
  for (const each of running) if (each.endsAt !== null) await endShowing(tx, shopId, each, at)
  const own = { id: newId(), pageId, versionNumber: null, startsAt: at, endsAt: null }
  await insertShowing(tx, shopId, { ...own, createdAt: at, createdBy: by.actor })
  await withdrawn(tx, by, page, null, at)
  await note(tx, deps, by, page, 'pages.take-down', `页面「${page.title}」下线`)
}

/** Calls a showing off, or ends it: what was before is in front again. @throws AppError NOT_FOUND */
export async function cancelShowing(
  tx: Tx,
  deps: PagesDeps,
  by: PageBy,
  pageId: string,
  showingId: string,
): Promise<void> {
  const { shopId } = by
  const page = await requireLocked(tx, shopId, pageId)
  const at = deps.clock.instant()
  const { running, upcoming } = (await showingsOf(tx, shopId, [pageId], at)).get(pageId)!
  const showing = [...running, ...upcoming].find(({ id }) => id === showingId)
  if (!showing) throw new AppError('NOT_FOUND', { values: { what: '这个排期（可能已经结束）' } })
  await endShowing(tx, shopId, showing, at)
  await withdrawn(tx, by, page, showing.versionNumber, at)
  const verb = showing.startsAt > at ? '取消排期' : '提前结束'
  await note(
    tx,
    deps,
    by,
    page,
    'pages.cancel-showing',
    `页面「${page.title}」${verb}：版本 ${showing.versionNumber ?? '下线'}`,
  )
}

async function requireComplete(tx: Tx, deps: PagesDeps, shopId: string, page: PageRow): Promise<void> {
  const problems = [...checkLayout(page.layout), ...(await missingPictures(tx, deps, shopId, page.layout))]
  const [first] = problems
  if (first)
    throw new AppError('PAGE_INCOMPLETE', {
      values: { place: first.index + 1, reason: first.reason, reasonEn: first.reasonEn },
      field: `layout.blocks.${first.index}${first.field === '' ? '' : `.${first.field}`}`,
      data: { problems: problems.slice(0, 50) },
    })
}

function checkedTimes(input: PublishInput, at: string): { startsAt: string; endsAt: string | null } {
  const instant = (value: string) => new Date(value).toISOString()
  const startsAt = input.startsAt === null ? at : instant(input.startsAt)
  const endsAt = input.endsAt === null ? null : instant(input.endsAt)
  const invalid = (field: string, reason: string) =>
    new AppError('VALIDATION_FAILED', {
      values: { field: field === 'startsAt' ? '开始时间' : '结束时间', reason },
      field,
    })
  if (startsAt < at) throw invalid('startsAt', '已经过去，立即发布请不填')
  if (endsAt !== null && endsAt <= startsAt) throw invalid('endsAt', '要晚于开始时间')
  return { startsAt, endsAt }
}

/** Two versions for a time never hold at once. */
function requireFree(showings: readonly ShowingRow[], startsAt: string, endsAt: string): void {
  const other = showings.find((each) => each.endsAt !== null && each.startsAt < endsAt && each.endsAt > startsAt)
  if (!other) return
  const { versionNumber, startsAt: from, endsAt: to } = other
  throw new AppError('PAGE_SCHEDULE_TAKEN', {
    values: { version: versionNumber ?? '', from, to: to ?? '' },
    data: { showingId: other.id, from, to },
  })
}

/** The draft as a published version: the one it is the same as, or a new one. Answers its number. */
async function version(tx: Tx, shopId: string, page: PageRow, words: string, at: string, by: PageBy): Promise<number> {
  const same = page.sameAs === null ? undefined : await findVersion(tx, shopId, page.id, page.sameAs)
  if (same?.kind === 'published') return same.number
  const number = page.lastVersion + 1
  const { title, description, layout } = page
  const own = { number, kind: 'published', title, description, layout, note: words } as const
  await insertVersion(tx, shopId, page.id, { ...own, createdAt: at, createdBy: by.actor })
  await updatePage(tx, shopId, { ...page, sameAs: number, lastVersion: number })
  return number
}

function changeWords(before: PageRow['layout'] | undefined, after: PageRow['layout']): string {
  if (!before) return `${after.blocks.length} 个组件`
  const { added, removed, changed, moved: turned } = compareLayouts(before, after)
  const words = [
    added.length > 0 && `新增 ${added.length}`,
    removed.length > 0 && `删除 ${removed.length}`,
    changed.length > 0 && `修改 ${changed.length}`,
    turned.length > 0 && `移动 ${turned.length}`,
  ].filter(Boolean)
  return words.length === 0 ? '内容不变' : `${words.join('、')} 个组件`
}

async function withdrawn(tx: Tx, by: PageBy, page: PageRow, versionNumber: number | null, at: string): Promise<void> {
  await emit(tx, pageWithdrawn, {
    ...{ shopId: by.shopId, aggregate: 'page', aggregateId: page.id, occurredAt: at, actor: by.actor },
    payload: { pageId: page.id, slug: page.slug, title: page.title, versionNumber },
  })
}
