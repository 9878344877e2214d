import { randomBytes } from 'node:crypto'
import type { ShareLink } from '@zhanggui/contract'
import { create } from 'qrcode'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { isUuid, nameId } from '../../kernel/ids.ts'
import { emit } from '../../kernel/outbox.ts'
import type { StorefrontDeps } from './deps.ts'
import { pageShared } from './events.ts'
import { sceneOf } from './mini-code.ts'
import { insertShare, type SharedPage, shareOf } from './store.ts'

/** Stands for everybody who was not signed in. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'
const CODE_LENGTH = 10
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz'
const QUIET_ZONE = 2

export interface ShareInput {
  shopId: string
  page: SharedPage
  subject: string | undefined
  buyerId: string | null
}

/**
 * The address under which somebody shares a page: the same sharer always gets the same code for the same page.
 * @throws AppError NOT_FOUND for an unknown shop, or a product that is not on sale (UX-05)
 */
export async function sharePage(deps: StorefrontDeps, input: ShareInput): Promise<ShareLink> {
  const { shopId, page } = input
  const shop = await deps.db.read('system', (tx) => deps.parties.findShop(tx, shopId))
  if (!shop) throw new AppError('NOT_FOUND', { values: { what: `店铺 ${shopId}` } })
  const subject = page === 'home' ? '' : (input.subject ?? '')
  const code = await deps.db.tx({ shopId }, async (tx) => {
    await requireSubject(tx, deps, shopId, page, subject)
    return codeFor(tx, deps, { ...input, subject })
  })
  const url = `${deps.publicUrl.replace(/\/$/, '')}/s/${shop.slug}${pathOf(page, subject)}?from=${code}`
  const miniCodeUrl =
    deps.miniCode && sceneOf(page, subject, code) !== undefined
      ? `/api/store/shops/${shopId}/shares/${code}/mini-code`
      : null
  return { code, url, qrSvg: qrSvg(url), miniCodeUrl }
}

async function requireSubject(tx: Tx, deps: StorefrontDeps, shopId: string, page: SharedPage, subject: string) {
  if (page === 'detail' && (!isUuid(subject) || (await deps.catalog.cardsOf(tx, shopId, [subject])).length === 0))
    throw new AppError('NOT_FOUND', { values: { what: '商品' }, field: 'subject' })
  if (page === 'page' && !/^[a-z0-9-]{1,40}$/.test(subject))
    throw new AppError('NOT_FOUND', { values: { what: `页面 ${subject}` }, field: 'subject' })
}

async function codeFor(tx: Tx, deps: StorefrontDeps, input: ShareInput & { subject: string }): Promise<string> {
  const { shopId, page, subject, buyerId } = input
  const share = { shopId, page, subject, sharerId: buyerId ?? NOBODY }
  const known = await shareOf(tx, share)
  if (known !== undefined) return known
  const at = deps.clock.instant()
  const code = newCode()
  if (!(await insertShare(tx, { ...share, code, at }))) return (await shareOf(tx, share))!
  await emit(tx, pageShared, {
    shopId,
    aggregate: 'share',
    aggregateId: nameId('share', shopId, code),
    payload: { code, page, subject, buyerId },
    occurredAt: at,
  })
  return code
}

const pathOf = (page: SharedPage, subject: string): string =>
  page === 'home' ? '' : page === 'detail' ? `/p/${subject}` : `/pages/${subject}`

/** 57^10 codes: nobody guesses one, and two sharers do not meet. */
function newCode(): string {
  return Array.from(randomBytes(CODE_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

/** A QR code as an SVG drawing of one path, on white with a quiet zone, so that it can be scanned in the dark theme. */
export function qrSvg(text: string): string {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const size = modules.size + QUIET_ZONE * 2
  let path = ''
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) path += `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h1v1h-1z`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size * 8}" height="${size * 8}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`
}
