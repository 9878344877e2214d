import { randomInt } from 'node:crypto'
import type { Vault } from '../../kernel/crypto.ts'
import type { Tx } from '../../kernel/db.ts'
import { codeTaken } from './store.ts'

const CODES = 100_000_000
const DRAWS = 20

/** What a code is looked up by: nobody who reads the table can hand goods over. */
export const codeHash = (vault: Vault, shopId: string, code: string): string =>
  vault.hmac('delivery.pick-up-code', `${shopId}:${code}`)

const context = (shopId: string, orderId: string): string => `pick-up:${shopId}:${orderId}`

export const openCode = (vault: Vault, row: { shopId: string; orderId: string; codeSealed: string | null }) =>
  row.codeSealed === null ? null : vault.decrypt(row.codeSealed, context(row.shopId, row.orderId))

/** Eight digits that no order of the shop has, sealed for its buyer. */
export async function drawCode(
  tx: Tx,
  vault: Vault,
  { shopId, orderId }: { shopId: string; orderId: string },
): Promise<{ codeSealed: string; codeHash: string }> {
  for (let draw = 0; draw < DRAWS; draw++) {
    const code = String(randomInt(CODES)).padStart(8, '0')
    const hash = codeHash(vault, shopId, code)
    if (!(await codeTaken(tx, shopId, hash)))
      return { codeSealed: vault.encrypt(code, context(shopId, orderId)), codeHash: hash }
  }
  throw new Error('No free pick-up code was found')
}
