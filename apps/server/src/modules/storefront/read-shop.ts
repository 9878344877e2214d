import type { StoreShop } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import { AppError } from '../../kernel/errors.ts'
import type { StorefrontDeps } from './deps.ts'
import {
  actionColor,
  contactChatUrl,
  contactHours,
  contactPhone,
  headStyle,
  logo,
  promises,
  trustColor,
} from './settings.ts'

/** A shop as every page of its storefront knows it. @throws AppError NOT_FOUND, also for a shop that is closed */
export async function storeShop(deps: StorefrontDeps, idOrSlug: string): Promise<StoreShop> {
  const shop = await deps.db.read('system', (tx) => deps.parties.findShop(tx, idOrSlug))
  if (shop?.state !== 'open') throw new AppError('NOT_FOUND', { values: { what: `店铺 ${idOrSlug}` } })
  return deps.db.read({ shopId: shop.id }, async (tx) => {
    const { id, slug, name, logoUrl, notice } = shop
    const categories = await deps.catalog.listCategories(tx, id, true)
    return {
      ...{ id, slug, name, notice, categories },
      logoUrl: (await chosenLogo(tx, deps, id)) ?? logoUrl,
      ...(await look(tx, deps, id)),
    }
  })
}

/** The address of the logo that the shop has set, unless that picture is gone. */
async function chosenLogo(tx: Tx, { settings, files }: StorefrontDeps, shopId: string): Promise<string | undefined> {
  const fileId = await settings.get(logo, { shopId }, tx)
  return fileId === '' ? undefined : (await files.pictures(tx, shopId, [fileId])).get(fileId)?.url
}

async function look(tx: Tx, { settings }: StorefrontDeps, shopId: string) {
  const scope = { shopId }
  return {
    headStyle: await settings.get(headStyle, scope, tx),
    theme: { action: await settings.get(actionColor, scope, tx), trust: await settings.get(trustColor, scope, tx) },
    contact: {
      phone: await settings.get(contactPhone, scope, tx),
      chatUrl: await settings.get(contactChatUrl, scope, tx),
      hours: await settings.get(contactHours, scope, tx),
    },
    promises: (await settings.get(promises, scope, tx))
      .split('·')
      .map((promise) => promise.trim())
      .filter((promise) => promise !== ''),
  }
}
