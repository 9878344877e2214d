import { drawableBlocks, LAYOUT_VERSION, type PageLayout } from '@zhanggui/contract'
import { MINUTE_MS } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { HOME, type PagesDeps } from './deps.ts'
import { previewMinutes } from './settings.ts'
import { findPage, findVersion, type PageRow, shownVersion } from './store.ts'

const PURPOSE = 'page-preview'
const TOKEN = /^([0-9a-f-]{36})\.(\d{1,7})\.([0-9a-z]{1,12})\.([\w-]{20,60})$/

/** A page as the storefront draws it. */
export interface ReadPage {
  title: string
  description: string
  layout: PageLayout
}

/**
 * What is shown under a slug at this moment, or undefined. With a preview token, the draft or version that it was made
 * for, as far as it can be drawn. @throws AppError NOT_FOUND for a token that is not ours, of another page, or over
 */
export async function readPage(
  tx: Tx,
  deps: PagesDeps,
  shopId: string,
  slug: string,
  preview?: string,
): Promise<ReadPage | undefined> {
  const found =
    preview === undefined
      ? await shownVersion(tx, shopId, slug, deps.clock.instant())
      : await previewed(tx, deps, shopId, slug, preview)
  if (!found) return undefined
  const { title, description, layout } = found
  return { title, description, layout: { version: LAYOUT_VERSION, blocks: drawableBlocks(layout) } }
}

/** An address of the storefront that shows the draft (or a version) until it expires. */
export async function previewAddress(
  tx: Tx,
  deps: PagesDeps,
  shopId: string,
  page: PageRow,
  versionNumber: number | null,
): Promise<{ url: string; expiresAt: string }> {
  const shop = await deps.parties.requireShop(tx, shopId)
  const until = deps.clock.millis() + (await deps.settings.get(previewMinutes, { shopId }, tx)) * MINUTE_MS
  const subject = `${page.id}.${versionNumber ?? 0}.${until.toString(36)}`
  const token = `${subject}.${deps.vault.hmac(PURPOSE, `${shopId}:${subject}`)}`
  return {
    url: `${pageUrl(deps, shop.slug, page.slug)}?preview=${token}`,
    expiresAt: new Date(until).toISOString(),
  }
}

/** Where buyers find a page. */
export const pageUrl = (deps: Pick<PagesDeps, 'publicUrl'>, shopSlug: string, slug: string): string =>
  `${deps.publicUrl}/s/${shopSlug}${slug === HOME ? '' : `/pages/${slug}`}`

async function previewed(tx: Tx, deps: PagesDeps, shopId: string, slug: string, token: string) {
  const [, pageId, version, until, mac] = TOKEN.exec(token) ?? []
  const subject = `${pageId}.${version}.${until}`
  const isOurs = mac !== undefined && deps.vault.verifyHmac(PURPOSE, `${shopId}:${subject}`, mac)
  if (!isOurs || deps.clock.millis() >= Number.parseInt(until!, 36))
    throw new AppError('NOT_FOUND', { values: { what: '预览（链接已失效，请从后台重新打开）' } })
  const page = await findPage(tx, shopId, pageId!)
  if (page?.slug !== slug) throw new AppError('NOT_FOUND', { values: { what: `页面 ${slug}` } })
  return version === '0' ? page : findVersion(tx, shopId, page.id, Number(version))
}
