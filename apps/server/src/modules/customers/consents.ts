import { type ConsentAsked, LEGAL_KINDS, type LegalKind } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import { knowBuyers } from './buyers/know-buyers.ts'
import { DEFAULT_TEXTS } from './default-texts.ts'
import type { CustomersDeps } from './deps.ts'
import { consentKinds } from './settings.ts'
import { consentsOf, insertConsent, textsInForce } from './store.ts'

/** The texts that signing in to a shop agrees to, as they are now. @throws AppError NOT_FOUND for no such shop */
export async function consentsWanted(deps: CustomersDeps, shopId: string): Promise<{ items: ConsentAsked[] }> {
  const kinds = await deps.settings.get(consentKinds, { shopId })
  return { items: await deps.db.read({ shopId }, (tx) => wanted(tx, deps, shopId, kinds)) }
}

/** Those that a buyer has not agreed to in their present version. @throws AppError NOT_FOUND for no such shop */
export async function consentsAsked(
  deps: CustomersDeps,
  key: { shopId: string; buyerId: string },
): Promise<{ items: ConsentAsked[] }> {
  const kinds = await deps.settings.get(consentKinds, { shopId: key.shopId })
  return deps.db.read(key, async (tx) => {
    const texts = await wanted(tx, deps, key.shopId, kinds)
    const given = await consentsOf(tx, key)
    const items = texts.flatMap((text) => {
      const own = given.filter(({ kind }) => kind === text.kind)
      return own.some(({ version }) => version === text.version) ? [] : [{ ...text, changed: own.length > 0 }]
    })
    return { items }
  })
}

/**
 * Agrees to several texts, all or none: each in the version that was shown. Whoever agrees is a buyer of the shop from
 * then on. @throws AppError NOT_FOUND, CONFLICT when a text has changed since it was shown
 */
export function agreeToAll(
  deps: CustomersDeps,
  key: { shopId: string; buyerId: string },
  items: readonly { kind: LegalKind; version: number }[],
): Promise<{ ok: true }> {
  return deps.db.tx('system', async (tx) => {
    const at = deps.clock.instant()
    const texts = await wanted(tx, deps, key.shopId, [...new Set(items.map(({ kind }) => kind))])
    const versions = new Map(texts.map(({ kind, version }) => [kind, version]))
    for (const { kind, version } of [...items].sort((a, b) => (a.kind < b.kind ? -1 : 1))) {
      if (versions.get(kind) !== version)
        throw new AppError('CONFLICT', { values: { what: `「${LEGAL_KINDS[kind].zh}」` } })
      await insertConsent(tx, key, { kind, version, at })
    }
    await knowBuyers(tx, deps, [key], at)
    return { ok: true as const }
  })
}

async function wanted(
  tx: Tx,
  deps: CustomersDeps,
  shopId: string,
  kinds: readonly LegalKind[],
): Promise<ConsentAsked[]> {
  if (!(await deps.parties.findShop(tx, shopId))) throw new AppError('NOT_FOUND', { values: { what: '店铺' } })
  const own = new Map((await textsInForce(tx, shopId)).map((row) => [row.kind, row]))
  return kinds.map((kind) => ({
    kind,
    version: own.get(kind)?.version ?? 0,
    title: own.get(kind)?.title ?? DEFAULT_TEXTS[kind].title,
    changed: false,
  }))
}
