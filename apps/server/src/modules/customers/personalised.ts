import { plainArray } from '../../kernel/arrays.ts'
import { sql, type Tx } from '../../kernel/db.ts'
import type { CustomersDeps } from './deps.ts'
import { choicesOf } from './store.ts'

const REMEMBER_MS = 10_000
const MOST_REMEMBERED = 20_000

/**
 * Whether what a buyer does may be used for the buyer: asked at every event and every recommendation, so remembered for
 * ten seconds. A buyer who switches it off is believed at once in this process.
 */
export function createPersonalised({ db, clock }: Pick<CustomersDeps, 'db' | 'clock'>) {
  const known = new Map<string, { until: number; allowed: boolean }>()
  return {
    async mayPersonalise(buyerId: string): Promise<boolean> {
      const found = known.get(buyerId)
      if (found && found.until > clock.millis()) return found.allowed
      const { personalised: allowed } = await db.read({ buyerId }, (tx) => choicesOf(tx, buyerId))
      known.delete(buyerId)
      known.set(buyerId, { until: clock.millis() + REMEMBER_MS, allowed })
      if (known.size > MOST_REMEMBERED) known.delete(known.keys().next().value!)
      return allowed
    },
    forgetChoice: (buyerId: string): void => void known.delete(buyerId),
  }
}

/** Those of the buyers who want no personal recommendations. Scope `system`. */
export async function notPersonalised(tx: Tx, buyerIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ buyerId: string }>(sql`
    select buyer_id from privacy_choices where buyer_id = any(${plainArray(buyerIds)}::uuid[]) and not personalised`)
  return new Set(rows.map(({ buyerId }) => buyerId))
}
