import type { DraftLayout } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { join, type Sql, sql, type Tx } from '../../kernel/db.ts'

export interface PageRow {
  id: string
  slug: string
  title: string
  description: string
  layout: DraftLayout
  revision: number
  sameAs: number | null
  lastVersion: number
  draftAt: string
  draftBy: Actor
  createdAt: string
}

export interface VersionRow {
  number: number
  kind: 'published' | 'kept'
  title: string
  description: string
  layout: DraftLayout
  note: string
  createdAt: string
  createdBy: Actor
}

export interface ShowingRow {
  id: string
  pageId: string
  versionNumber: number | null
  startsAt: string
  endsAt: string | null
  createdAt: string
  createdBy: Actor
}

const PAGE = sql`p.id, p.slug, p.title, p.description, p.layout, p.revision, p.same_as, p.last_version, p.draft_at,
  p.draft_by, p.created_at`
const VERSION = sql`v.number, v.kind, v.title, v.description, v.layout, v.note, v.created_at, v.created_by`
const SHOWING = sql`s.id, s.page_id, s.version_number, s.starts_at, s.ends_at, s.created_at, s.created_by`
/** The rule of what is in front, for showings that hold. */
const FRONT_FIRST = sql`(s.ends_at is not null) desc, s.starts_at desc, s.id desc`

export const findPage = (tx: Tx, shopId: string, id: string): Promise<PageRow | undefined> =>
  tx.maybe<PageRow>(sql`select ${PAGE} from pages p where p.shop_id = ${shopId} and p.id = ${id}`)

/** The page, and nobody else changes it, its versions or its schedule until the transaction ends. */
export const lockPage = (tx: Tx, shopId: string, id: string): Promise<PageRow | undefined> =>
  tx.maybe<PageRow>(sql`select ${PAGE} from pages p where p.shop_id = ${shopId} and p.id = ${id} for update`)

export async function listPages(
  tx: Tx,
  filter: {
    shopId: string
    q?: string | undefined
    before?: { createdAt: string; id: string } | undefined
    limit: number
  },
): Promise<PageRow[]> {
  const { shopId, q, before, limit } = filter
  const all: Sql[] = [sql`p.shop_id = ${shopId}`]
  if (q) all.push(sql`(position(lower(${q}) in lower(p.title)) > 0 or position(lower(${q}) in p.slug) > 0)`)
  if (before) all.push(sql`(p.created_at, p.id) < (${before.createdAt}::timestamptz, ${before.id}::uuid)`)
  return tx.rows<PageRow>(sql`
    select ${PAGE} from pages p where ${join(all, ' and ')} order by p.created_at desc, p.id desc limit ${limit}`)
}

export async function countPages(tx: Tx, shopId: string): Promise<number> {
  return (await tx.one<{ count: number }>(sql`select count(*) as count from pages where shop_id = ${shopId}`)).count
}

/** Answers false when the slug is taken. */
export async function insertPage(tx: Tx, shopId: string, page: PageRow): Promise<boolean> {
  const inserted = await tx.exec(sql`
    insert into pages (shop_id, id, slug, title, description, layout, revision, same_as, last_version, draft_at, draft_by,
      created_at)
    values (${shopId}, ${page.id}, ${page.slug}, ${page.title}, ${page.description},
      ${JSON.stringify(page.layout)}::jsonb, ${page.revision}, ${page.sameAs}, ${page.lastVersion}, ${page.draftAt},
      ${JSON.stringify(page.draftBy)}::jsonb, ${page.createdAt})
    on conflict on constraint pages_slug do nothing`)
  return inserted === 1
}

/** Writes draft, revision and version counters of a locked page. */
export async function updatePage(tx: Tx, shopId: string, page: PageRow): Promise<void> {
  const changed = await tx.exec(sql`
    update pages set title = ${page.title}, description = ${page.description},
      layout = ${JSON.stringify(page.layout)}::jsonb, revision = ${page.revision}, same_as = ${page.sameAs},
      last_version = ${page.lastVersion}, draft_at = ${page.draftAt}, draft_by = ${JSON.stringify(page.draftBy)}::jsonb
    where shop_id = ${shopId} and id = ${page.id}`)
  if (changed !== 1) throw new Error(`Page ${page.id} is not there`)
}

/** Removes a locked page with everything that belongs to it. */
export async function deletePage(tx: Tx, shopId: string, id: string): Promise<void> {
  await tx.exec(sql`delete from page_showings where shop_id = ${shopId} and page_id = ${id}`)
  await tx.exec(sql`delete from page_versions where shop_id = ${shopId} and page_id = ${id}`)
  await tx.exec(sql`delete from pages where shop_id = ${shopId} and id = ${id}`)
}

export async function insertVersion(tx: Tx, shopId: string, pageId: string, version: VersionRow): Promise<void> {
  await tx.exec(sql`
    insert into page_versions (shop_id, page_id, number, kind, title, description, layout, note, created_at, created_by)
    values (${shopId}, ${pageId}, ${version.number}, ${version.kind}, ${version.title}, ${version.description},
      ${JSON.stringify(version.layout)}::jsonb, ${version.note}, ${version.createdAt},
      ${JSON.stringify(version.createdBy)}::jsonb)`)
}

export const findVersion = (tx: Tx, shopId: string, pageId: string, number: number): Promise<VersionRow | undefined> =>
  tx.maybe<VersionRow>(sql`
    select ${VERSION} from page_versions v
    where v.shop_id = ${shopId} and v.page_id = ${pageId} and v.number = ${number}`)

export const listVersions = (
  tx: Tx,
  shopId: string,
  pageId: string,
  before: number | undefined,
  limit: number,
): Promise<VersionRow[]> =>
  tx.rows<VersionRow>(sql`
    select ${VERSION} from page_versions v
    where v.shop_id = ${shopId} and v.page_id = ${pageId} and v.number < ${before ?? 2_147_483_647}
    order by v.number desc limit ${limit}`)

export async function insertShowing(tx: Tx, shopId: string, showing: ShowingRow): Promise<void> {
  await tx.exec(sql`
    insert into page_showings (shop_id, id, page_id, version_number, starts_at, ends_at, created_at, created_by)
    values (${shopId}, ${showing.id}, ${showing.pageId}, ${showing.versionNumber}, ${showing.startsAt},
      ${showing.endsAt}, ${showing.createdAt}, ${JSON.stringify(showing.createdBy)}::jsonb)`)
}

/** Ends a showing at `at`; one that had not begun, or begins just then, never was. */
export async function endShowing(tx: Tx, shopId: string, showing: ShowingRow, at: string): Promise<void> {
  if (showing.startsAt >= at)
    await tx.exec(sql`delete from page_showings where shop_id = ${shopId} and id = ${showing.id}`)
  else await tx.exec(sql`update page_showings set ends_at = ${at} where shop_id = ${shopId} and id = ${showing.id}`)
}

/**
 * What each page shows at `at`, and everything that begins later, by start; `current` first for each page. Of versions
 * without an end only the latest is current: what it has replaced is history.
 */
export async function showingsOf(
  tx: Tx,
  shopId: string,
  pageIds: readonly string[],
  at: string,
): Promise<Map<string, { current: ShowingRow | undefined; running: ShowingRow[]; upcoming: ShowingRow[] }>> {
  const rows = await tx.rows<ShowingRow>(sql`
    select ${SHOWING} from page_showings s
    where s.shop_id = ${shopId} and s.page_id = any(${pageIds as string[]}::uuid[])
      and (s.ends_at is null or s.ends_at > ${at})
      and (s.ends_at is not null or s.starts_at > ${at} or s.id = (
        select b.id from page_showings b
        where b.shop_id = s.shop_id and b.page_id = s.page_id and b.ends_at is null and b.starts_at <= ${at}
        order by b.starts_at desc, b.id desc limit 1))
    order by ${FRONT_FIRST}`)
  return new Map(
    pageIds.map((pageId) => {
      const own = rows.filter((row) => row.pageId === pageId)
      const running = own.filter(({ startsAt }) => startsAt <= at)
      const upcoming = own.filter(({ startsAt }) => startsAt > at).sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1))
      return [pageId, { current: running[0], running, upcoming }]
    }),
  )
}

/** What is shown under a slug at `at`; undefined when nothing is. One statement: asked for every page that is drawn. */
export const shownVersion = (
  tx: Tx,
  shopId: string,
  slug: string,
  at: string,
): Promise<Pick<VersionRow, 'title' | 'description' | 'layout'> | undefined> =>
  tx.maybe(sql`
    select v.title, v.description, v.layout from (
      select s.page_id, s.version_number from page_showings s
      join pages p on p.shop_id = s.shop_id and p.id = s.page_id
      where p.shop_id = ${shopId} and p.slug = ${slug} and s.starts_at <= ${at}
        and (s.ends_at is null or s.ends_at > ${at})
      order by ${FRONT_FIRST} limit 1) f
    join page_versions v on v.shop_id = ${shopId} and v.page_id = f.page_id and v.number = f.version_number`)
