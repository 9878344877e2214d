import { type Consent, LEGAL_KINDS, type LegalKind, type LegalText } from '@zhanggui/contract'
import type { Actor } from '../../kernel/actor.ts'
import { audit } from '../../kernel/audit.ts'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { knowBuyers } from './buyers/know-buyers.ts'
import { DEFAULT_TEXTS } from './default-texts.ts'
import type { CustomersDeps } from './deps.ts'
import { insertConsent, insertText, textsInForce } from './store.ts'

const KINDS = Object.keys(LEGAL_KINDS) as LegalKind[]

/** The text in force, the program's own until the shop has published one. @throws AppError NOT_FOUND for no such shop */
export function legalText(deps: CustomersDeps, shopId: string, kind: LegalKind): Promise<LegalText> {
  return deps.db.read({ shopId }, async (tx) => {
    const [own] = await textsInForce(tx, shopId, kind)
    if (own) return { kind, version: own.version, title: own.title, body: own.body, publishedAt: own.publishedAt }
    return atFirst(kind, await shopName(tx, deps, shopId))
  })
}

/** The texts in force, of every kind. */
export function legalTexts(deps: CustomersDeps, shopId: string): Promise<LegalText[]> {
  return deps.db.read({ shopId }, async (tx) => {
    const own = new Map((await textsInForce(tx, shopId)).map((row) => [row.kind, row]))
    const name = await shopName(tx, deps, shopId)
    return KINDS.map((kind) => own.get(kind) ?? atFirst(kind, name))
  })
}

/** A new version of a text. @throws AppError CONFLICT when somebody has published meanwhile */
export function publishText(
  deps: CustomersDeps,
  by: { shopId: string; actor: Actor; ip?: string; requestId?: string },
  input: { kind: LegalKind; title: string; body: string; version: number },
): Promise<LegalText> {
  const { shopId, actor, ...request } = by
  const { kind, title, body } = input
  return deps.db.tx({ shopId }, async (tx) => {
    const [before] = await textsInForce(tx, shopId, kind)
    const row = {
      ...{ kind, title, body, version: input.version + 1 },
      ...{ publishedAt: deps.clock.instant(), publishedBy: actor.name ?? '' },
    }
    if ((before?.version ?? 0) !== input.version || !(await insertText(tx, shopId, row)))
      throw new AppError('CONFLICT', { values: { what: `「${LEGAL_KINDS[kind].zh}」` } })
    await audit(tx, deps.clock, {
      ...{ shopId, actor, ...request, action: 'customers.publish-text', entity: 'legal-text', entityId: kind },
      summary: `发布「${title}」第 ${row.version} 版`,
      before: before && { title: before.title, body: before.body },
      after: { title, body },
    })
    return row
  })
}

/** The buyer agrees to the version that was shown. @throws AppError CONFLICT when another one is in force by now */
export function agree(
  deps: CustomersDeps,
  key: { shopId: string; buyerId: string },
  { kind, version }: { kind: LegalKind; version: number },
): Promise<Consent> {
  return deps.db.tx('system', async (tx) => {
    await shopName(tx, deps, key.shopId)
    const [own] = await textsInForce(tx, key.shopId, kind)
    if ((own?.version ?? 0) !== version)
      throw new AppError('CONFLICT', { values: { what: `「${LEGAL_KINDS[kind].zh}」` } })
    const at = deps.clock.instant()
    await knowBuyers(tx, deps, [key], at)
    return insertConsent(tx, key, { kind, version, at })
  })
}

function atFirst(kind: LegalKind, name: string): LegalText {
  const { title, body } = DEFAULT_TEXTS[kind]
  return { kind, version: 0, title, body: body.replaceAll('{shop}', name), publishedAt: null }
}

async function shopName(tx: Tx, deps: CustomersDeps, shopId: string): Promise<string> {
  const shop = await deps.parties.findShop(tx, shopId)
  if (!shop) throw new AppError('NOT_FOUND', { values: { what: '店铺' } })
  return shop.name
}
