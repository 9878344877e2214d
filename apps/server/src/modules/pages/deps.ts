import type { Clock } from '../../kernel/clock.ts'
import type { Vault } from '../../kernel/crypto.ts'
import type { Db } from '../../kernel/db.ts'
import type { Files } from '../../kernel/files.ts'
import type { Settings } from '../../kernel/settings.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Parties } from '../parties/index.ts'

export interface PagesDeps {
  db: Db
  clock: Clock
  settings: Settings
  vault: Vault
  files: Pick<Files, 'pictures'>
  parties: Pick<Parties, 'requireShop'>
  catalog: Pick<Catalog, 'cardsOf' | 'listCategories'>
  publicUrl: string
}

/** The page under this slug is the shop's first. */
export const HOME = 'home'
