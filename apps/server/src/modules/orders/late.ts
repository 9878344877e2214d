import { HOUR_MS, plusMs } from '../../kernel/clock.ts'
import type { Tx } from '../../kernel/db.ts'
import type { OrdersDeps } from './deps.ts'
import { shipWithinHours } from './settings.ts'

/** Orders that were paid before this instant should have been shipped by now. */
export async function lateBefore(
  { clock, settings }: Pick<OrdersDeps, 'clock' | 'settings'>,
  shopId: string,
  tx?: Tx,
): Promise<string> {
  return plusMs(clock.instant(), -(await settings.get(shipWithinHours, { shopId }, tx)) * HOUR_MS)
}
